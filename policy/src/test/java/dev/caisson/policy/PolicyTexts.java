package dev.caisson.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random sound policies, as members of a document by name. */
final class PolicyTexts {
  private PolicyTexts() {}

  /** The members of a document, each with its value's text. */
  static Arbitrary<Map<String, String>> members() {
    List<Arbitrary<Map<String, String>>> all = new ArrayList<>();
    all.add(member("network", networks()));
    all.add(member("root", words("read-only", "writable")));
    all.add(member("proc", words("none", "pid-only", "masked", "full")));
    all.add(
        member(
            "landlock",
            Arbitraries.of(
                "true",
                "false",
                "{\"abi\": 1}",
                "{\"abi\": 4}",
                "{\"connect\": [443], \"bind\": []}",
                "{\"abi\": 7, \"connect\": [443, 80]}",
                "{\"log\": true}")));
    all.add(member("unixSockets", Arbitraries.of("true", "false")));
    all.add(member("devices", list("null", "zero", "full", "tty")));
    all.add(member("namespaces", namespaces()));
    all.add(member("capabilities", object(optional("keep", list("CAP_KILL", "CAP_CHOWN")))));
    all.add(member("bestEffort", list("landlock", "session-keyring", "memory-limit", "cpu-limit")));
    all.add(member("secrets", secrets()));
    all.add(member("audit", audit()));
    all.add(member("notes", object(optional("a b", words("", "seen in ${x")))));
    all.add(member("limits", limits()));
    all.add(member("process", process()));
    all.add(member("environment", environment()));
    all.add(member("filesystem", filesystem()));
    all.add(member("seccomp", seccomp()));
    return Combinators.combine(all)
        .as(
            members -> {
              Map<String, String> result = new LinkedHashMap<>();
              members.forEach(result::putAll);
              return result;
            });
  }

  /** The same, perhaps with parts under conditions and a ceiling for others. */
  static Arbitrary<Map<String, String>> documents() {
    Arbitrary<String> conditions =
        Arbitraries.of(
            "\"view\": \"wrap\"",
            "\"view\": [\"image\"]",
            "\"arch\": [\"aarch64\", \"x86_64\"]",
            "\"kernel\": \">=6.7\", \"feature\": \"landlock\"",
            "\"kernel\": [\"<6.1\", \"==6.12\"]",
            "\"capability\": \"CAP_KILL\"",
            "\"feature\": [\"tmpfs-xattr\", \"landlock-scopes\"]");
    Arbitrary<String> parts =
        Combinators.combine(
                conditions,
                optional("network", networks()),
                optional("filesystem", filesystem()),
                optional("seccomp", seccomp()))
            .as(
                (condition, network, filesystem, seccomp) -> {
                  Map<String, String> part = new LinkedHashMap<>();
                  part.put("if", "{" + condition + "}");
                  part.putAll(network);
                  part.putAll(filesystem);
                  part.putAll(seccomp);
                  return "{" + text(part) + "}";
                });
    Arbitrary<String> ceilings =
        object(optional("network", networks()), optional("limits", limits()));
    return Combinators.combine(
            members(), optional("when", array(parts)), optional("ceiling", ceilings))
        .as(
            (members, when, ceiling) -> {
              Map<String, String> all = new LinkedHashMap<>(members);
              all.putAll(when);
              all.putAll(ceiling);
              return all;
            });
  }

  /** The text of {@code members}, without the document's braces. */
  static String text(Map<String, String> members) {
    List<String> texts = new ArrayList<>();
    members.forEach((name, value) -> texts.add("\"" + name + "\": " + value));
    return String.join(", ", texts);
  }

  private static Arbitrary<String> limits() {
    Arbitrary<String> counts = Arbitraries.longs().between(1, Long.MAX_VALUE).map(String::valueOf);
    Arbitrary<String> sizes =
        Combinators.combine(
                Arbitraries.longs().between(1, 5000),
                Arbitraries.of("B", "KiB", "MiB", "GiB", "TiB"))
            .as((number, unit) -> "\"" + number + unit + "\"");
    Arbitrary<String> times =
        Combinators.combine(Arbitraries.longs().between(1, 5000), Arbitraries.of("s", "m", "h"))
            .as((number, unit) -> "\"" + number + unit + "\"");
    return object(
        optional("pids", counts),
        optional("openFiles", counts),
        optional("memory", sizes),
        optional("fileSize", sizes),
        optional("cpuTime", times),
        optional("wallClock", times),
        optional("swap", Arbitraries.oneOf(Arbitraries.just("0"), sizes)),
        optional("cpus", Arbitraries.of("0.001", "0.5", "1", "1.25", "64")),
        optional("ioRead", sizes),
        optional("ioWrite", sizes),
        optional("output", sizes),
        optional("tmpfs", sizes));
  }

  private static Arbitrary<String> networks() {
    Arbitrary<String> destinations =
        Arbitraries.of(
            "{\"host\": \"a.example.test\", \"port\": 443}",
            "{\"host\": \"A.Example.test\"}",
            "{\"cidr\": \"10.0.0.0/8\", \"port\": \"80-90\"}",
            "{\"cidr\": \"10.1.0.0/16\", \"port\": 85}",
            "{\"cidr\": \"0.0.0.0/0\", \"protocol\": \"udp\"}",
            "{\"cidr\": \"2001:db8::/32\"}",
            "{\"cidr\": \"2001:db8::7\", \"port\": \"1-1024\"}");
    Arbitrary<String> ofHost =
        Arbitraries.of("{\"cidr\": \"127.0.0.1\", \"port\": 5432}", "{\"cidr\": \"10.0.0.0/8\"}")
            .list()
            .ofMaxSize(2)
            .map(list -> "{\"hostEgress\": [" + String.join(", ", list) + "]}");
    Arbitrary<String> ports =
        Arbitraries.of(
            "{\"host\": \"127.0.0.1:8080\", \"inside\": 80}",
            "{\"host\": \"8080\", \"inside\": 80}",
            "{\"host\": \"[::1]:53\", \"inside\": 53, \"protocol\": \"udp\"}");
    Arbitrary<String> own =
        Combinators.combine(
                Arbitraries.oneOf(words("any"), array(destinations)),
                optional("dns", Arbitraries.of("true", "false")),
                optional("publish", array(ports)))
            .as(
                (egress, dns, publish) -> {
                  Map<String, String> members = new LinkedHashMap<>(Map.of("egress", egress));
                  members.putAll(dns);
                  members.putAll(publish);
                  return "{" + text(members) + "}";
                });
    return Arbitraries.oneOf(words("none", "host", "private"), own, ofHost);
  }

  private static Arbitrary<String> namespaces() {
    Arbitrary<String> flags = Arbitraries.of("true", "false");
    Arbitrary<String> times = words("0s", "1h", "-10s", "-1500ms");
    return object(
        optional("user", words("single", "range", "auto")),
        optional("nestedUser", flags),
        optional("ipc", flags),
        optional("hostname", flags),
        optional("cgroup", flags),
        optional("time", times.map(time -> "{\"boottime\": " + time + "}")));
  }

  private static Arbitrary<String> secrets() {
    Arbitrary<String> secrets =
        Arbitraries.of(
            "{\"file\": \"${home}/.token\"}",
            "{\"file\": \"/srv/key\"}",
            "{\"fd\": 5}",
            "{\"remove\": true}");
    return object(optional("token", secrets), optional("a.b-c_d", secrets));
  }

  private static Arbitrary<String> audit() {
    Arbitrary<String> waivers =
        Arbitraries.of(
            "{\"reason\": \"r\", \"owner\": \"o\", \"until\": \"2026-06-01\"}",
            "{\"reason\": \"r\", \"owner\": \"o\", \"until\": \"2999-12-31\"}",
            "{\"remove\": true}");
    Arbitrary<String> waive = object(optional("SEC-08", waivers), optional("NET-1", waivers));
    return object(optional("waive", waive));
  }

  private static Arbitrary<String> array(Arbitrary<String> elements) {
    return elements
        .list()
        .ofMaxSize(3)
        .map(chosen -> chosen.stream().distinct().toList().toString());
  }

  private static Arbitrary<String> process() {
    return object(
        optional("user", words("root", "caller", "33", "0:5", "33:34")),
        optional("groups", Arbitraries.of("[]", "[0]", "[10, 4294967294]")),
        optional("tty", Arbitraries.of("true", "false")),
        optional("sessionKeyring", Arbitraries.of("true", "false")),
        optional("rootEmulation", words("none", "errno", "full")),
        optional("init", words("reaper", "none", "image")),
        optional("stopSignal", words("term", "int", "usr2")),
        optional("stopGrace", words("10s", "1ms")),
        optional("cwd", words("/", "${cwd}", "/a/${user}", "/$${x}")),
        optional("hostname", words("caisson", "${user}-1")),
        optional("umask", words("000", "022", "077", "777")));
  }

  private static Arbitrary<String> environment() {
    Arbitrary<String> set =
        object(
            optional("A", words("", "${home}", "$${home}", "$$${x}", "\\n\\u00e9")),
            optional("B", words("x=${env:LANG}")));
    return object(
        optional("pass", list("LANG", "LC_*", "TERM")),
        optional("set", set),
        optional("remove", list("C", "D")));
  }

  private static Arbitrary<String> filesystem() {
    Arbitrary<String> places =
        Arbitraries.of(
            "{\"bind\": \"/srv/${user}\"}",
            "{\"bind\": \"/srv/$${x}\", \"access\": \"rw\", \"protect\": [\".git\", \"a/b\"]}",
            "{\"bind\": \"/opt\", \"system\": true, \"optional\": true}",
            "{\"bind\": \"/opt\", \"access\": \"overlay\"}",
            "{\"bind\": \"/opt\", \"exec\": false}",
            "{\"tmpfs\": \"64MiB\"}",
            "{\"tmpfs\": \"1GiB\", \"exec\": false, \"mounts\": true}",
            "{\"tmpfs\": \"1B\", \"mode\": \"1777\"}",
            "{\"text\": \"a\\n${uid}$${b}\"}",
            "{\"copy\": \"/etc/localtime\"}",
            "{\"link\": \"../${user}\"}",
            "{\"hostLink\": true}",
            "{\"masked\": true}",
            "{\"readOnly\": true}",
            "{\"remove\": true}");
    return object(
        optional("/bin", places),
        // nothing may lie below a link
        optional("/a", places.filter(place -> !place.contains("\"link\""))),
        optional("/a/b", places),
        optional("${home}/x", places),
        optional("/$${x}/y", places));
  }

  private static Arbitrary<String> seccomp() {
    Arbitrary<String> object =
        object(
            optional("profile", Arbitraries.oneOf(words("strict", "default"), profiles())),
            optional("allow", list("ptrace", "mount")),
            optional("deny", list("uname", "mount", "@swap")),
            optional("abis", list("i386", "x32", "arm")),
            optional("rules", rules()),
            optional("otherwise", otherwise()),
            optional("layers", layers()));
    return Arbitraries.oneOf(words("strict", "default"), object);
  }

  /** Profiles written out, as other tools write them. */
  private static Arbitrary<String> profiles() {
    Arbitrary<String> rules =
        Arbitraries.of(
            "{\"names\": [\"read\", \"write\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": null}",
            "{\"name\": \"clone3\", \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38}",
            "{\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ERRNO\", \"errno\": \"EPERM\","
                + " \"comment\": \"\", \"includes\": {\"caps\": [\"CAP_BPF\"]}, \"excludes\":"
                + " {\"arches\": [\"amd64\"], \"minKernel\": \"5.8\"}}",
            "{\"names\": [\"personality\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\":"
                + " [{\"index\": 0, \"value\": 18446744073709551615, \"valueTwo\": 8, \"op\":"
                + " \"SCMP_CMP_MASKED_EQ\"}]}");
    Arbitrary<String> lists = rules.list().ofMaxSize(3).map(each -> String.join(", ", each));
    return lists.map(
        list ->
            "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 1, \"archMap\":"
                + " [{\"architecture\": \"SCMP_ARCH_X86_64\", \"subArchitectures\":"
                + " [\"SCMP_ARCH_X86\"]}], \"flags\": [], \"syscalls\": ["
                + list
                + "]}");
  }

  /** One errno for each call, since two on one region are a mistake. */
  private static Arbitrary<String> rules() {
    return items(
        "{\"syscall\": \"socket\", \"when\": {\"family\": {\"in\": [\"AF_UNIX\", 2]}}}",
        "{\"syscall\": \"socket\", \"when\": {\"family\": \"AF_VSOCK\"}, \"then\": \"deny\"}",
        "{\"syscall\": [\"socket\", \"socketpair\"], \"when\": {\"type\": {\"mask\": 15, \"eq\":"
            + " \"SOCK_RAW\"}, \"2\": {\"ge\": 1, \"le\": \"0x10\"}}, \"then\": \"trap\"}",
        "{\"syscall\": \"@keyring\", \"then\": \"kill-process\"}",
        "{\"syscall\": \"ioctl\", \"when\": {\"cmd\": {\"notIn\": [\"TIOCSTI\", \"TIOCLINUX\"]}},"
            + " \"then\": \"log\"}",
        "{\"syscall\": \"personality\", \"when\": {\"0\": {\"range\": [0, 8]}},"
            + " \"then\": {\"errno\": \"EIO\"}}",
        "{\"syscall\": \"unshare\", \"when\": {\"0\": {\"mask\":"
            + " \"CLONE_NEWUSER|CLONE_NEWNS|0x1\", \"in\": [0, 1]}}}");
  }

  private static Arbitrary<String> otherwise() {
    return object(
        optional("socket", Arbitraries.of("\"deny\"", "{\"errno\": 97}", "\"kill-thread\"")),
        optional("@sync", words("allow", "notify")));
  }

  private static Arbitrary<String> layers() {
    return object(
            optional("allow", list("ptrace", "socket")),
            optional("rules", rules()),
            optional("otherwise", otherwise()))
        .list()
        .ofMaxSize(2)
        .map(all -> "[" + String.join(", ", all) + "]");
  }

  private static Arbitrary<String> items(String... items) {
    return Arbitraries.of(items)
        .set()
        .ofMaxSize(items.length)
        .map(chosen -> "[" + String.join(", ", chosen) + "]");
  }

  private static Arbitrary<Map<String, String>> member(String name, Arbitrary<String> value) {
    return optional(name, value);
  }

  private static Arbitrary<Map<String, String>> optional(String name, Arbitrary<String> value) {
    return value
        .optional(0.6)
        .map(chosen -> chosen.map(text -> Map.of(name, text)).orElse(Map.of()));
  }

  @SafeVarargs
  private static Arbitrary<String> object(Arbitrary<Map<String, String>>... members) {
    return Combinators.combine(List.of(members))
        .as(
            chosen -> {
              Map<String, String> all = new LinkedHashMap<>();
              chosen.forEach(all::putAll);
              return "{" + text(all) + "}";
            });
  }

  private static Arbitrary<String> words(String... words) {
    return Arbitraries.of(words).map(word -> "\"" + word + "\"");
  }

  private static Arbitrary<String> list(String... words) {
    return Arbitraries.of(words)
        .set()
        .ofMaxSize(words.length)
        .map(
            chosen ->
                chosen.stream()
                    .map(word -> "\"" + word + "\"")
                    .collect(java.util.stream.Collectors.joining(", ", "[", "]")));
  }
}

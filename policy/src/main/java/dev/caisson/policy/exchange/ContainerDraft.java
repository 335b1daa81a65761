package dev.caisson.policy.exchange;

import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Position;
import dev.caisson.policy.Capability;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The policy of a container, as Docker and Kubernetes start one where nothing else is said. */
final class ContainerDraft {
  /** What container engines leave a container where nothing is said (moby, containerd). */
  private static final List<Capability> CAPABILITIES =
      List.of(
          Capability.CHOWN,
          Capability.DAC_OVERRIDE,
          Capability.FSETID,
          Capability.FOWNER,
          Capability.MKNOD,
          Capability.NET_RAW,
          Capability.SETGID,
          Capability.SETUID,
          Capability.SETFCAP,
          Capability.SETPCAP,
          Capability.NET_BIND_SERVICE,
          Capability.SYS_CHROOT,
          Capability.KILL,
          Capability.AUDIT_WRITE);

  private final Set<Capability> capabilities = EnumSet.copyOf(CAPABILITIES);
  private final Map<String, JsonValue> filesystem = new LinkedHashMap<>();
  private final Map<String, JsonValue> limits = new LinkedHashMap<>();
  private final Map<String, JsonValue> process = new LinkedHashMap<>();
  private final Map<String, JsonValue> variables = new LinkedHashMap<>();
  private final Set<String> passed = new LinkedHashSet<>();
  private final List<JsonValue> published = new ArrayList<>();
  private final Set<Long> groups = new LinkedHashSet<>();
  private String network = "private";
  private boolean writable = true;
  private boolean root = true;
  private JsonValue seccomp = JsonText.text("default");

  /** As whom the program runs: a number, perhaps with a group's, root or caller. */
  void user(String user) {
    process("user", user);
    root = user.equals("root") || user.equals("0") || user.startsWith("0:");
  }

  /**
   * Whether it runs as root. To another user capabilities mean nothing in containers: an exec takes
   * them away, and no program gives them back.
   */
  boolean isRoot() {
    return root;
  }

  /** The capabilities that the program keeps as root, to be changed. */
  Set<Capability> capabilities() {
    return capabilities;
  }

  void readOnlyRoot(boolean readOnly) {
    writable = !readOnly;
  }

  void seccomp(JsonValue profile) {
    seccomp = JsonText.object(Map.of("profile", profile));
  }

  void network(String word) {
    network = word;
  }

  boolean hostNetwork() {
    return network.equals("host");
  }

  /**
   * A port of the host that leads inside.
   *
   * @param address of the host, with a colon behind it; empty for all of them
   */
  void publish(String address, int host, int inside, String protocol) {
    Map<String, JsonValue> port = new LinkedHashMap<>();
    port.put("host", JsonText.text(address + host));
    port.put("inside", JsonText.number(inside));
    port.put("protocol", JsonText.text(protocol));
    published.add(JsonText.object(port));
  }

  /** A bind of {@code source}, which may hold variables of policies. */
  void bind(String target, String source, boolean readOnly) {
    Map<String, JsonValue> bind = new LinkedHashMap<>();
    bind.put("bind", JsonText.text(source));
    bind.put("access", JsonText.text(readOnly ? "ro" : "rw"));
    filesystem.put(literal(target), JsonText.object(bind));
  }

  /**
   * @param mode in octal
   */
  void tmpfs(String target, long bytes, String mode, boolean exec) {
    Map<String, JsonValue> tmpfs = new LinkedHashMap<>();
    tmpfs.put("tmpfs", size(bytes));
    tmpfs.put("mode", JsonText.text(mode));
    if (!exec) {
      tmpfs.put("exec", JsonText.flag(false));
    }
    filesystem.put(literal(target), JsonText.object(tmpfs));
  }

  void variable(String name, String value) {
    passed.remove(name);
    variables.put(name, JsonText.text(literal(value)));
  }

  void pass(String name) {
    variables.remove(name);
    passed.add(name);
  }

  void limit(String name, long bytesOrCount, boolean size) {
    limits.put(name, size ? size(bytesOrCount) : JsonText.number(bytesOrCount));
  }

  /** Swap of at most {@code bytes}; 0 for none. */
  void swap(long bytes) {
    limits.put("swap", bytes == 0 ? JsonText.number(0) : size(bytes));
  }

  void seconds(String name, long seconds) {
    limits.put(name, JsonText.text(seconds + "s"));
  }

  /** Processors, in thousandths. */
  void processors(long thousandths) {
    String number = BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString();
    limits.put("cpus", new JsonNumber(new Position(1, 1), number));
  }

  void process(String name, String value) {
    process.put(name, JsonText.text(value));
  }

  void group(long gid) {
    groups.add(gid);
  }

  private static JsonValue size(long bytes) {
    int unit = 0;
    long left = bytes;
    while (left % 1024 == 0 && unit < 4) {
      left /= 1024;
      unit++;
    }
    return JsonText.text(left + List.of("B", "KiB", "MiB", "GiB", "TiB").get(unit));
  }

  /** {@code text} as policies write it: nothing in it is a variable. */
  static String literal(String text) {
    return text.replace("${", "$${");
  }

  JsonObject document(String name, String description) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("apiVersion", JsonText.text("caisson/1"));
    members.put("name", JsonText.text(name));
    members.put("description", JsonText.text(description));
    members.put("extends", JsonText.texts(List.of("untrusted")));
    List<String> kept = root ? capabilities.stream().map(Capability::fullName).toList() : List.of();
    members.put("capabilities", JsonText.object(Map.of("keep", JsonText.texts(kept))));
    members.put("seccomp", seccomp);
    members.put("root", JsonText.text(writable ? "writable" : "read-only"));
    put(members, "filesystem", filesystem);
    members.put("network", network());
    put(members, "limits", limits);
    Map<String, JsonValue> environment = new LinkedHashMap<>();
    if (!passed.isEmpty()) {
      environment.put("pass", JsonText.texts(List.copyOf(passed)));
    }
    put(environment, "set", variables);
    put(members, "environment", environment);
    if (!groups.isEmpty()) {
      process.put("groups", JsonText.array(groups.stream().map(JsonText::number).toList()));
    }
    put(members, "process", process);
    return JsonText.object(members);
  }

  private JsonValue network() {
    if (published.isEmpty() || !network.equals("private")) {
      return JsonText.text(network);
    }
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("egress", JsonText.text("any"));
    members.put("publish", JsonText.array(published));
    return JsonText.object(members);
  }

  private static void put(
      Map<String, JsonValue> members, String key, Map<String, JsonValue> value) {
    if (!value.isEmpty()) {
      members.put(key, JsonText.object(value));
    }
  }
}

package dev.caisson.policy.exchange;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonText;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.exchange.DockerFlags.Given;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** A command line of docker run or podman run as a policy. */
final class DockerImport {
  private final Report report;
  private final Function<String, byte[]> files;
  private final ContainerDraft draft = new ContainerDraft();
  private final DockerLimits limits;
  private final DockerMounts mounts;
  private final DockerNetwork network;
  private final CapabilityLists capabilities = new CapabilityLists();
  private String name = "container";

  /**
   * @param files the content of a file that the command line names
   */
  DockerImport(Report report, Function<String, byte[]> files) {
    this.report = report;
    this.files = files;
    limits = new DockerLimits(report, draft);
    mounts = new DockerMounts(report, draft);
    network = new DockerNetwork(report, draft);
  }

  /** Reads {@code words}, which may begin with docker run. */
  Imported of(List<String> words, HostFacts host) {
    for (Given flag : new DockerFlags(words, report).read()) {
      if (!DockerMeaning.reported(flag, report)) {
        take(flag);
      }
    }
    limits.finish();
    network.finish();
    capabilities.asDocker(draft.capabilities());
    capabilities.note(draft.isRoot()).ifPresent(said -> report.add(Kind.NOTE, "--cap-add", said));
    return report.imported(
        draft.document(ContainerDraft.literal(name), "From a command line of docker run"), host);
  }

  private void take(Given flag) {
    String value = flag.value();
    switch (flag.name()) {
      case "--name" -> name = value;
      case "--cap-add", "--cap-drop" -> capabilities(flag);
      case "--read-only" -> draft.readOnlyRoot(value.equals("true"));
      case "--user" -> user(flag);
      case "--group-add" -> group(flag);
      case "--env" -> variable(flag);
      case "--workdir" -> draft.process("cwd", ContainerDraft.literal(value));
      case "--hostname" -> draft.process("hostname", ContainerDraft.literal(value));
      case "--security-opt" -> security(flag);
      case "--pid", "--ipc", "--uts", "--userns", "--cgroupns" -> namespace(flag);
      case "--network", "--net" -> network.mode(flag);
      case "--publish" -> network.publish(flag);
      case "--volume" -> mounts.volume(flag);
      case "--mount" -> mounts.mount(flag);
      case "--tmpfs" -> mounts.tmpfs(flag);
      default -> limits.take(flag);
    }
  }

  private void capabilities(Given flag) {
    for (String word : flag.value().split(",", -1)) {
      Optional<String> mistake =
          flag.name().equals("--cap-add") ? capabilities.add(word) : capabilities.drop(word);
      mistake.ifPresent(message -> report.mistake(flag.place(), message));
    }
  }

  private void user(Given flag) {
    String[] parts = flag.value().split(":", 2);
    boolean root = parts[0].equals("root") || parts[0].equals("0");
    if (root && parts.length == 1) {
      draft.user("root");
      return;
    }
    for (String part : parts) {
      if (!isNumber(part) && !part.equals("root")) {
        report.add(
            Kind.NOT_ENFORCED, flag.place(), "a name that only the image knows; write numbers");
        return;
      }
    }
    if (parts.length == 1) {
      report.add(
          Kind.NOTE, flag.place(), "the group has the same number; Docker asks the image's passwd");
    }
    draft.user(flag.value().replace("root", "0"));
  }

  private void group(Given flag) {
    if (isNumber(flag.value())) {
      draft.group(Long.parseLong(flag.value()));
    } else {
      report.add(
          Kind.NOT_ALLOWED, flag.place(), "a name that only the image knows; write its number");
    }
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= 10
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private void variable(Given flag) {
    int equals = flag.value().indexOf('=');
    String variable = equals < 0 ? flag.value() : flag.value().substring(0, equals);
    if (variable.indexOf('*') >= 0) {
      // podman passes every variable that begins so
      report.mistake(flag.place(), "a variable's name holds no *; name each: " + variable);
    } else if (equals < 0) {
      draft.pass(flag.value());
    } else {
      draft.variable(variable, flag.value().substring(equals + 1));
    }
  }

  private void security(Given flag) {
    int end = flag.value().indexOf('=');
    if (end < 0) {
      end = flag.value().indexOf(':');
    }
    String key = end < 0 ? flag.value() : flag.value().substring(0, end);
    String value = end < 0 ? "" : flag.value().substring(end + 1);
    switch (key) {
      case "no-new-privileges" -> {
        if (DockerFlags.truth(value).equals(Optional.of(false))) {
          report.add(Kind.NOT_ALLOWED, flag.place(), "no program gains privileges by setuid bits");
        } else {
          report.add(Kind.NOTE, flag.place(), "it is always so");
        }
      }
      case "seccomp" -> seccomp(flag, value);
      case "apparmor" -> {
        if (!value.equals("unconfined")) {
          report.add(Kind.NOT_ENFORCED, flag.place(), "an AppArmor profile");
        }
      }
      case "label" -> {
        if (!value.startsWith("disable")) {
          report.add(Kind.NOT_ENFORCED, flag.place(), "an SELinux label");
        }
      }
      case "systempaths", "unmask" ->
          report.add(Kind.NOT_ALLOWED, flag.place(), "a /proc in which nothing is masked");
      case "mask" -> report.add(Kind.NOT_ENFORCED, flag.place(), "masked paths; use filesystem");
      default -> report.mistake(flag.place(), "docker run knows no such option: " + key);
    }
  }

  private void seccomp(Given flag, String value) {
    switch (value) {
      case "unconfined" ->
          report.add(Kind.NOT_ALLOWED, flag.place(), "no seccomp profile; the default one holds");
      case "builtin" -> draft.seccomp(JsonText.text("default"));
      default -> {
        JsonDocument document = JsonDocument.read(value, files.apply(value));
        Report own = new Report(value);
        SeccompImport.check(document, own);
        own.all().forEach(mistake -> report.mistake(flag.place(), mistake));
        document.root().ifPresent(draft::seccomp);
      }
    }
  }

  private void namespace(Given flag) {
    String value = flag.value();
    switch (value) {
      case "", "private", "shareable", "auto" ->
          report.add(Kind.NOTE, flag.place(), "the sandbox has one of its own");
      case "keep-id" -> draft.user("caller");
      case "none" -> report.add(Kind.NOT_ENFORCED, flag.place(), "no /dev/shm");
      default ->
          report.add(
              Kind.NOT_ALLOWED,
              flag.place(),
              value.equals("host")
                  ? "a namespace of the host's"
                  : "a namespace that others share: " + value);
    }
  }

  /** A number of docker's that is not negative. */
  static OptionalLong number(String text) {
    return isNumber(text) ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}

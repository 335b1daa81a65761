package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** States an effective policy in the language: read again it means the same. */
final class EffectiveValues {
  private final EffectivePolicy policy;
  private final Body<UnixPath> body;
  private final PolicyDocument document;
  private final List<StatedValue> values = new ArrayList<>();

  EffectiveValues(EffectivePolicy policy, Body<UnixPath> body, PolicyDocument document) {
    this.policy = policy;
    this.body = body;
    this.document = document;
  }

  List<StatedValue> list() {
    state(JsonText.text(DocumentReader.VERSION), Optional.empty(), "apiVersion");
    state(JsonText.text(policy.name()), Optional.empty(), "name");
    Fields.BEST_EFFORT
        .write(policy.bestEffort())
        .ifPresent(value -> state(value, bestEffort(document), "bestEffort"));
    namespaces();
    field(Fields.CAPABILITIES, policy.capabilities());
    seccomp();
    field(Fields.ROOT, policy.root());
    field(Fields.PROC, policy.proc());
    field(Fields.DEVICES, policy.devices());
    field(Fields.NETWORK, policy.network());
    for (Secret secret : policy.secrets()) {
      Optional<Origin> origin = body.secrets().get(secret.name()).map(Setting::origin);
      state(SecretReader.written(secret), origin, "secrets", secret.name());
    }
    limits();
    process();
    field(Fields.LANDLOCK, policy.landlock());
    field(Fields.UNIX_SOCKETS, policy.unixSockets());
    policy.images().ifPresent(images -> state(images.document(), origin(Fields.IMAGES), "images"));
    environment();
    filesystem();
    for (Waiver waiver : policy.waivers()) {
      Optional<Origin> origin = body.waivers().get(waiver.rule()).map(Setting::origin);
      state(WaiverReader.written(waiver), origin, "audit", "waive", waiver.rule());
    }
    return values;
  }

  /** Where it is said: here, or where the first parent that says it does. */
  private static Optional<Origin> bestEffort(PolicyDocument document) {
    Optional<Origin> own = document.bestEffort().map(Setting::origin);
    for (PolicyDocument parent : document.parents()) {
      own = own.or(() -> bestEffort(parent));
    }
    return own;
  }

  private void namespaces() {
    Namespaces namespaces = policy.namespaces();
    field(Fields.USER_MAP, namespaces.user());
    field(Fields.NESTED_USER, namespaces.nestedUser());
    field(Fields.IPC, namespaces.ipc());
    field(Fields.HOST_NAME, namespaces.hostname());
    field(Fields.CGROUP, namespaces.cgroup());
    namespaces
        .time()
        .ifPresent(
            time -> state(TimeField.written(time), origin(Fields.TIME), "namespaces", "time"));
  }

  private void seccomp() {
    ProfileChoice profile =
        body.get(Fields.PROFILE).map(Setting::value).orElse(ProfileChoice.ABSENT);
    state(profile.written(), origin(Fields.PROFILE), "seccomp", "profile");
    if (body.get(Fields.ABIS).isPresent()) {
      field(Fields.ABIS, policy.seccomp().compatAbis());
    }
    values.addAll(SeccompValues.of(body.calls().effective()));
  }

  private void limits() {
    EffectivePolicy.Limits limits = policy.limits();
    field(Fields.MEMORY, limits.memory());
    field(Fields.SWAP, limits.swap());
    field(Fields.CPUS, limits.cpus());
    field(Fields.IO_READ, limits.ioRead());
    field(Fields.IO_WRITE, limits.ioWrite());
    field(Fields.PIDS, limits.processes());
    field(Fields.OPEN_FILES, limits.openFiles());
    field(Fields.FILE_SIZE, limits.fileSize());
    field(Fields.CPU_TIME, limits.cpuTime());
    field(
        Fields.WALL_CLOCK,
        limits
            .wallClock()
            .map(duration -> OptionalLong.of(duration.toMillis()))
            .orElse(OptionalLong.empty()));
    field(Fields.OUTPUT, limits.output());
    field(Fields.TMPFS, limits.tmpfs());
  }

  private void process() {
    EffectivePolicy.ProcessSettings process = policy.process();
    field(Fields.USER, process.user());
    field(Fields.GROUPS, process.groups());
    process
        .cwd()
        .ifPresent(cwd -> state(MountValue.literal(cwd), origin(Fields.CWD), "process", "cwd"));
    state(JsonText.text(process.hostname()), origin(Fields.HOSTNAME), "process", "hostname");
    field(Fields.UMASK, process.umask());
    state(JsonText.flag(process.tty()), origin(Fields.TTY), "process", "tty");
    field(Fields.SESSION_KEYRING, process.sessionKeyring());
    field(Fields.ROOT_EMULATION, process.rootEmulation());
    field(Fields.INIT, process.init());
    field(Fields.STOP_SIGNAL, process.stop().signal());
    long grace = process.stop().grace().toMillis();
    field(Fields.STOP_GRACE, grace == 0 ? OptionalLong.empty() : OptionalLong.of(grace));
  }

  private void environment() {
    body.pass()
        .all()
        .forEach(
            (name, setting) -> {
              if (setting.value()) {
                element(JsonText.text(name), setting.origin(), "environment", "pass");
              }
            });
    new TreeMap<>(policy.environment().set())
        .forEach(
            (name, value) ->
                state(
                    MountValue.literal(value),
                    body.set().get(name).map(Setting::origin),
                    "environment",
                    "set",
                    name));
  }

  private void filesystem() {
    for (Mount mount : policy.filesystem()) {
      place(mount.target(), MountValue.of(mount));
    }
    policy.maskedPaths().forEach(path -> place(path, MountValue.mark("masked")));
    policy.readOnlyPaths().forEach(path -> place(path, MountValue.mark("readOnly")));
  }

  private void place(UnixPath target, JsonValue value) {
    state(
        value,
        body.filesystem().get(target).map(Setting::origin),
        "filesystem",
        MountValue.literal(target).value());
  }

  private <T> void field(OrderedField<T> field, T value) {
    field
        .write(value)
        .ifPresent(written -> state(written, origin(field), field.path().split("\\.", -1)));
  }

  private Optional<Origin> origin(Field<?> field) {
    return body.get(field).map(Setting::origin);
  }

  private void state(JsonValue value, Optional<Origin> origin, String... path) {
    values.add(new StatedValue(List.of(path), false, value, origin));
  }

  private void element(JsonValue value, Origin origin, String... path) {
    values.add(new StatedValue(List.of(path), true, value, Optional.of(origin)));
  }
}

package dev.caisson.policy.exchange;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Namespaces;
import dev.caisson.policy.Network;
import dev.caisson.policy.TimeOffsets;
import dev.caisson.policy.User;
import dev.caisson.policy.UserMap;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The object {@code linux} of a config.json. */
final class OciLinux {
  /** Where a container that root starts has its ids: nothing inside is the host's root. */
  static final long FIRST_OF_ROOT = 524_288;

  private static final long IDS_OF_ROOT = 65_536;
  private static final long PERIOD = 100_000;

  private final EffectivePolicy policy;
  private final HostFacts host;
  private final OciMounts mounts;
  private final List<LeftOut> leftOut;

  OciLinux(EffectivePolicy policy, HostFacts host, OciMounts mounts, List<LeftOut> leftOut) {
    this.policy = policy;
    this.host = host;
    this.mounts = mounts;
    this.leftOut = leftOut;
  }

  /** The user's id inside. */
  long uid() {
    User user = policy.process().user();
    return user instanceof User.Id id
        ? id.uid()
        : user instanceof User.Caller ? Integer.toUnsignedLong(host.uid()) : 0;
  }

  /** The group's id inside. */
  long gid() {
    User user = policy.process().user();
    return user instanceof User.Id id
        ? id.gid()
        : user instanceof User.Caller ? Integer.toUnsignedLong(host.gid()) : 0;
  }

  JsonValue document(JsonObject seccomp) {
    Map<String, JsonValue> linux = new LinkedHashMap<>();
    linux.put("namespaces", namespaces());
    linux.put("uidMappings", mapping(uid(), Integer.toUnsignedLong(host.uid())));
    linux.put("gidMappings", mapping(gid(), Integer.toUnsignedLong(host.gid())));
    policy.namespaces().time().ifPresent(time -> linux.put("timeOffsets", offsets(time)));
    linux.put("maskedPaths", paths(policy.maskedPaths()));
    linux.put("readonlyPaths", paths(policy.readOnlyPaths()));
    linux.put("rootfsPropagation", JsonText.text("private"));
    Map<String, JsonValue> resources = resources(policy.limits());
    if (!resources.isEmpty()) {
      linux.put("resources", JsonText.object(resources));
    }
    linux.put("seccomp", seccomp);
    return JsonText.object(linux);
  }

  private JsonValue namespaces() {
    Namespaces own = policy.namespaces();
    List<String> types = new ArrayList<>(List.of("pid", "mount", "user"));
    add(types, own.ipc(), "ipc");
    add(types, own.hostname(), "uts");
    add(types, own.cgroup(), "cgroup");
    add(types, !(policy.network() instanceof Network.Host), "network");
    add(types, own.time().isPresent(), "time");
    if (own.user() == UserMap.RANGE) {
      leftOut.add(
          new LeftOut(
              Kind.NOT_ALLOWED, "namespaces.user", "a subordinate range; one id is mapped"));
    }
    return JsonText.array(
        types.stream().map(t -> JsonText.object(Map.of("type", JsonText.text(t)))).toList());
  }

  private static void add(List<String> types, boolean own, String type) {
    if (own) {
      types.add(type);
    }
  }

  private JsonValue mapping(long inside, long outside) {
    boolean root = host.uid() == 0;
    Map<String, JsonValue> mapping = new LinkedHashMap<>();
    mapping.put("containerID", JsonText.number(root ? 0 : inside));
    mapping.put("hostID", JsonText.number(root ? FIRST_OF_ROOT : outside));
    mapping.put("size", JsonText.number(root ? IDS_OF_ROOT : 1));
    return JsonText.array(List.of(JsonText.object(mapping)));
  }

  private static JsonValue offsets(TimeOffsets time) {
    Map<String, JsonValue> offsets = new LinkedHashMap<>();
    offsets.put("monotonic", offset(time.monotonic()));
    offsets.put("boottime", offset(time.boottime()));
    return JsonText.object(offsets);
  }

  private static JsonValue offset(Duration duration) {
    Map<String, JsonValue> offset = new LinkedHashMap<>();
    offset.put("secs", JsonText.number(duration.getSeconds()));
    offset.put("nanosecs", JsonText.number(duration.getNano()));
    return JsonText.object(offset);
  }

  private JsonValue paths(List<UnixPath> paths) {
    return JsonText.texts(paths.stream().map(mounts::text).toList());
  }

  private Map<String, JsonValue> resources(Limits limits) {
    Map<String, JsonValue> resources = new LinkedHashMap<>();
    Map<String, JsonValue> memory = new LinkedHashMap<>();
    limits.memory().ifPresent(bytes -> memory.put("limit", JsonText.number(bytes)));
    if (limits.memory().isPresent() && limits.swap().isPresent()) {
      // of the specification: memory and swap together
      long both = limits.memory().getAsLong() + limits.swap().getAsLong();
      memory.put("swap", JsonText.number(both < 0 ? Long.MAX_VALUE : both));
    }
    if (limits.memory().isEmpty() && limits.swap().isPresent()) {
      leftOut.add(
          new LeftOut(Kind.NOT_ENFORCED, "limits.swap", "it counts only beside limits.memory"));
    }
    if (limits.ioRead().isPresent() || limits.ioWrite().isPresent()) {
      leftOut.add(
          new LeftOut(
              Kind.NOT_ENFORCED,
              limits.ioRead().isPresent() ? "limits.ioRead" : "limits.ioWrite",
              "runtimes are told the disks of one host: add linux.resources.blockIO"));
    }
    if (!memory.isEmpty()) {
      resources.put("memory", JsonText.object(memory));
    }
    if (limits.cpus().isPresent()) {
      Map<String, JsonValue> cpu = new LinkedHashMap<>();
      cpu.put("quota", JsonText.number(limits.cpus().getAsLong() * (PERIOD / 1000)));
      cpu.put("period", JsonText.number(PERIOD));
      resources.put("cpu", JsonText.object(cpu));
    }
    return resources;
  }
}

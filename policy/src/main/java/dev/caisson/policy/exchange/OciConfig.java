package dev.caisson.policy.exchange;

import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Capability;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.Device;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import dev.caisson.policy.FirstProcess;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Network;
import dev.caisson.policy.Protection;
import dev.caisson.policy.RootEmulation;
import dev.caisson.policy.User;
import dev.caisson.policy.exchange.LeftOut.Kind;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.LaunchVariant;
import dev.caisson.policy.seccomp.LaunchVariant.UserNamespaces;
import dev.caisson.policy.seccomp.OciFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A policy as the {@code config.json} of an OCI bundle. */
final class OciConfig {
  /** The built-in policies trust no image, and where none is run nothing is lost. */
  private static final String REJECT = "{\"default\":[{\"type\":\"reject\"}]}";

  private final EffectivePolicy policy;
  private final HostFacts host;
  private final Architecture architecture;
  private final OciMounts mounts;
  private final OciLinux linux;
  private final List<LeftOut> leftOut = new ArrayList<>();

  OciConfig(EffectivePolicy policy, HostFacts host, Architecture architecture, OciMounts mounts) {
    this.policy = policy;
    this.host = host;
    this.architecture = architecture;
    this.mounts = mounts;
    this.linux = new OciLinux(policy, host, mounts, leftOut);
  }

  Exported exported(List<String> arguments) {
    Map<String, JsonValue> config = new LinkedHashMap<>();
    config.put("ociVersion", JsonText.text("1.1.0"));
    config.put("process", process(arguments));
    Map<String, JsonValue> root = new LinkedHashMap<>();
    root.put("path", JsonText.text("rootfs"));
    root.put("readonly", JsonText.flag(policy.root() == RootAccess.READ_ONLY));
    config.put("root", JsonText.object(root));
    if (policy.namespaces().hostname()) {
      config.put("hostname", JsonText.text(policy.process().hostname()));
    }
    config.put("mounts", mounts.all());
    config.put("linux", linux.document(seccomp()));
    config.put(
        "annotations", JsonText.object(Map.of("dev.caisson.policy", JsonText.text(policy.name()))));
    notSaid();
    leftOut.addAll(mounts.leftOut());
    if (!mounts.mistakes().isEmpty()) {
      throw ExchangeRefusal.ofExport(policy.name(), mounts.mistakes());
    }
    return new Exported(JsonText.object(config), mounts.files(), leftOut);
  }

  private JsonValue process(List<String> arguments) {
    Map<String, JsonValue> process = new LinkedHashMap<>();
    process.put("terminal", JsonText.flag(false));
    process.put("user", user());
    process.put("args", JsonText.texts(arguments));
    List<String> environment = new ArrayList<>();
    new TreeMap<>(policy.environment().set())
        .forEach((name, value) -> environment.add(name + "=" + mounts.text(value)));
    process.put("env", JsonText.texts(environment));
    process.put("cwd", JsonText.text(policy.process().cwd().map(mounts::text).orElse("/")));
    process.put("capabilities", capabilities());
    process.put("rlimits", limits(policy.limits()));
    process.put("noNewPrivileges", JsonText.flag(true));
    return JsonText.object(process);
  }

  private JsonValue user() {
    Map<String, JsonValue> user = new LinkedHashMap<>();
    user.put("uid", JsonText.number(linux.uid()));
    user.put("gid", JsonText.number(linux.gid()));
    user.put("umask", JsonText.number(policy.process().umask()));
    List<Long> groups = policy.process().groups();
    if (!groups.isEmpty() && host.uid() == 0) {
      user.put("additionalGids", JsonText.array(groups.stream().map(JsonText::number).toList()));
    } else if (!groups.isEmpty()) {
      report(Kind.NOT_ALLOWED, "process.groups", "a single id is mapped, so there are no groups");
    }
    return JsonText.object(user);
  }

  private JsonValue capabilities() {
    JsonValue kept =
        JsonText.texts(policy.capabilities().stream().sorted().map(Capability::fullName).toList());
    Map<String, JsonValue> sets = new LinkedHashMap<>();
    for (String set : List.of("bounding", "effective", "inheritable", "permitted", "ambient")) {
      sets.put(set, kept);
    }
    return JsonText.object(sets);
  }

  private static JsonValue limits(Limits limits) {
    List<JsonValue> all = new ArrayList<>();
    // 1 keeps the host's core handler from being started; 0 does not (core(5))
    limit(all, "RLIMIT_CORE", OptionalLong.of(1));
    limit(all, "RLIMIT_NPROC", limits.processes());
    limit(all, "RLIMIT_NOFILE", limits.openFiles());
    limit(all, "RLIMIT_FSIZE", limits.fileSize());
    limit(all, "RLIMIT_CPU", limits.cpuTime());
    return JsonText.array(all);
  }

  private static void limit(List<JsonValue> all, String type, OptionalLong amount) {
    if (amount.isPresent()) {
      Map<String, JsonValue> limit = new LinkedHashMap<>();
      limit.put("type", JsonText.text(type));
      limit.put("hard", JsonText.number(amount.getAsLong()));
      limit.put("soft", JsonText.number(amount.getAsLong()));
      all.add(JsonText.object(limit));
    }
  }

  /** No runtime sets max_user_namespaces, so the filter refuses user namespaces. */
  private JsonObject seccomp() {
    FilterTarget target =
        policy.seccomp().target(architecture, host.kernel(), policy.capabilities());
    boolean nested = policy.namespaces().nestedUser();
    OciFilter filter =
        OciFilter.of(
            policy.seccomp(),
            target,
            new LaunchVariant(
                nested ? UserNamespaces.NESTED : UserNamespaces.NONE, policy.unixSockets()));
    filter.looser().forEach(call -> report(Kind.NOT_ENFORCED, "seccomp", call));
    filter.stricter().forEach(call -> report(Kind.NOT_ALLOWED, "seccomp", call));
    if (filter.otherErrors()) {
      report(Kind.NOTE, "seccomp", "some calls that are refused fail with another error");
    }
    if (!target.compatAbis().isEmpty()) {
      report(Kind.NOT_ALLOWED, "seccomp.abis", "programs for other ABIs");
    }
    return filter.document();
  }

  /** What no field of a config.json answers. */
  private void notSaid() {
    if (policy.network() instanceof Network.Host host && host.egress().isPresent()) {
      report(Kind.NOT_ENFORCED, "network.hostEgress", "the list of addresses: all are reached");
    }
    if (policy.landlock().on()) {
      protection(Protection.LANDLOCK, "landlock", "Landlock rules");
    }
    if (!policy.process().sessionKeyring()) {
      report(Kind.NOTE, "process.sessionKeyring", "runtimes make one");
    }
    if (policy.process().rootEmulation() != RootEmulation.NONE) {
      report(Kind.NOTE, "process.rootEmulation", "runtimes have none; give the container a range");
    }
    if (policy.process().init() == FirstProcess.REAPER) {
      report(Kind.NOTE, "process.init", "the program is process 1; have it reap orphans");
    }
    if (policy.process().tty()) {
      report(Kind.NOTE, "process.tty", "set process.terminal where one is wanted");
    }
    if (policy.limits().wallClock().isPresent()) {
      report(Kind.NOT_ENFORCED, "limits.wallClock", "a limit of the time that it runs");
    }
    if (policy.limits().output().isPresent()) {
      report(Kind.NOT_ENFORCED, "limits.output", "a limit of what it prints");
    }
    if (policy.root() == RootAccess.WRITABLE) {
      report(Kind.NOT_ENFORCED, "root", "what is written to the root stays in rootfs");
    }
    if (policy.devices().size() < Device.values().length) {
      report(Kind.NOT_ENFORCED, "devices", "runtimes make all six of them");
    }
    if (policy.network() instanceof Network.Private) {
      report(Kind.NOT_ALLOWED, "network", "an engine must connect the network; there is loopback");
    }
    if (policy
        .images()
        .filter(trust -> !REJECT.equals(JsonText.line(trust.document())))
        .isPresent()) {
      report(Kind.NOT_ENFORCED, "images", "runtimes verify no image");
    }
    if (!policy.environment().pass().isEmpty()) {
      String names = String.join(", ", policy.environment().pass());
      report(Kind.NOTE, "environment.pass", "add the caller's to process.env: " + names);
    }
    if (host.uid() == 0) {
      report(Kind.NOTE, "namespaces.user", "rootfs must belong to uid " + OciLinux.FIRST_OF_ROOT);
    } else if (policy.process().user() instanceof User.Id) {
      report(Kind.NOTE, "process.user", "no other id is mapped");
    }
  }

  private void protection(Protection protection, String place, String what) {
    boolean required = !policy.bestEffort().contains(protection);
    report(required ? Kind.NOT_ENFORCED : Kind.NOTE, place, what);
  }

  private void report(Kind kind, String place, String said) {
    leftOut.add(new LeftOut(kind, place, said));
  }
}

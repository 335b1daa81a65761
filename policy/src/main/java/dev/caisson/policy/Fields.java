package dev.caisson.policy;

import dev.caisson.policy.EffectivePolicy.Device;
import dev.caisson.policy.EffectivePolicy.ProcView;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import dev.caisson.policy.seccomp.Abi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The fields that are replaced as a whole. What is absent is denied. */
final class Fields {
  static final WordField<UserMap> USER_MAP =
      new WordField<>("namespaces.user", UserMap.AUTO, List.of(UserMap.values()));
  static final FlagField NESTED_USER = new FlagField("namespaces.nestedUser", false);
  static final FlagField IPC = new FlagField("namespaces.ipc", true);
  static final FlagField HOST_NAME = new FlagField("namespaces.hostname", true);
  static final FlagField CGROUP = new FlagField("namespaces.cgroup", true);
  static final TimeField TIME = new TimeField("namespaces.time");
  static final SetField<Capability> CAPABILITIES =
      new SetField<>("capabilities.keep", List.of(Capability.values()));
  static final ProfileField PROFILE = new ProfileField("seccomp.profile");
  static final SetField<Abi> ABIS =
      new SetField<>("seccomp.abis", List.of(Abi.I386, Abi.X32, Abi.ARM));
  static final WordField<RootAccess> ROOT =
      new WordField<>(
          "root", RootAccess.READ_ONLY, List.of(RootAccess.READ_ONLY, RootAccess.WRITABLE));
  static final WordField<ProcView> PROC =
      new WordField<>(
          "proc",
          ProcView.PID_ONLY,
          List.of(ProcView.NONE, ProcView.PID_ONLY, ProcView.MASKED, ProcView.FULL));
  static final SetField<Device> DEVICES = new SetField<>("devices", List.of(Device.values()));
  static final NetworkField NETWORK = new NetworkField("network");
  static final LimitField MEMORY = new LimitField("limits.memory", Unit.BYTES);
  static final LimitField SWAP = new LimitField("limits.swap", Unit.BYTES_OR_NONE);
  static final LimitField CPUS = new LimitField("limits.cpus", Unit.THOUSANDTHS);
  static final LimitField IO_READ = new LimitField("limits.ioRead", Unit.BYTES);
  static final LimitField IO_WRITE = new LimitField("limits.ioWrite", Unit.BYTES);
  static final LimitField PIDS = new LimitField("limits.pids", Unit.COUNT);
  static final LimitField OPEN_FILES = new LimitField("limits.openFiles", Unit.COUNT);
  static final LimitField FILE_SIZE = new LimitField("limits.fileSize", Unit.BYTES);
  static final LimitField CPU_TIME = new LimitField("limits.cpuTime", Unit.SECONDS);
  static final LimitField WALL_CLOCK = new LimitField("limits.wallClock", Unit.MILLISECONDS);
  static final LimitField OUTPUT = new LimitField("limits.output", Unit.BYTES);
  static final LimitField TMPFS = new LimitField("limits.tmpfs", Unit.BYTES);
  static final UserField USER = new UserField("process.user");
  static final IdsField GROUPS = new IdsField("process.groups");
  static final TextField CWD = new TextField("process.cwd");
  static final TextField HOSTNAME = new TextField("process.hostname");
  static final ModeField UMASK = new ModeField("process.umask", 022);
  static final SwitchField TTY = new SwitchField("process.tty");
  static final FlagField SESSION_KEYRING = new FlagField("process.sessionKeyring", true);
  static final WordField<RootEmulation> ROOT_EMULATION =
      new WordField<>("process.rootEmulation", RootEmulation.NONE, List.of(RootEmulation.values()));
  static final WordField<FirstProcess> INIT =
      new WordField<>("process.init", FirstProcess.REAPER, List.of(FirstProcess.values()));
  static final WordField<StopSignal> STOP_SIGNAL =
      new WordField<>("process.stopSignal", StopSignal.TERM, List.of(StopSignal.values()));
  static final LimitField STOP_GRACE = new LimitField("process.stopGrace", Unit.MILLISECONDS);
  static final LandlockField LANDLOCK = new LandlockField("landlock");
  static final FlagField UNIX_SOCKETS = new FlagField("unixSockets", false);
  static final ValueField IMAGES = new ValueField("images");

  /** Not part of a body: parents and children merge it in a way of its own. */
  static final SetField<Protection> BEST_EFFORT =
      new SetField<>("bestEffort", List.of(Protection.values()));

  static final List<Field<?>> ALL =
      List.of(
          USER_MAP,
          NESTED_USER,
          IPC,
          HOST_NAME,
          CGROUP,
          TIME,
          CAPABILITIES,
          PROFILE,
          ABIS,
          ROOT,
          PROC,
          DEVICES,
          NETWORK,
          MEMORY,
          SWAP,
          CPUS,
          IO_READ,
          IO_WRITE,
          PIDS,
          OPEN_FILES,
          FILE_SIZE,
          CPU_TIME,
          WALL_CLOCK,
          OUTPUT,
          TMPFS,
          USER,
          GROUPS,
          CWD,
          HOSTNAME,
          UMASK,
          TTY,
          SESSION_KEYRING,
          ROOT_EMULATION,
          INIT,
          STOP_SIGNAL,
          STOP_GRACE,
          LANDLOCK,
          UNIX_SOCKETS,
          IMAGES);

  private Fields() {}

  /** The field at {@code path}. */
  static Optional<Field<?>> at(String path) {
    for (Field<?> field : ALL) {
      if (field.path().equals(path)) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }

  /** The members of the object {@code section}; none where it is no object of fields. */
  static List<String> membersOf(String section) {
    List<String> members = new ArrayList<>();
    for (Field<?> field : ALL) {
      if (field.path().startsWith(section + ".")) {
        members.add(field.path().substring(section.length() + 1));
      }
    }
    return members;
  }
}

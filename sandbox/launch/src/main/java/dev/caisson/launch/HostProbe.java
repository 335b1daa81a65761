package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.KernelVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the running kernel what a policy is resolved against; a few dozen microseconds. */
public final class HostProbe {
  private static final int LANDLOCK_CREATE_RULESET_VERSION = 1;
  private static final long MILLISECONDS_OF_A_DAY = 24L * 60 * 60 * 1000;
  private static final int MFD_CLOEXEC = 1;
  private static final int UTSNAME_FIELD = 65;
  private static final int PASSWD_LIMIT = 16 << 20;

  private HostProbe() {}

  /**
   * The facts of this host and this process.
   *
   * @throws HostRefusal where /proc is not mounted or the current directory is gone
   */
  public static HostFacts probe() {
    int uid = (int) SystemCalls.call(Syscall.GETEUID);
    Passwd passwd = passwdOf(uid);
    return new HostFacts(
        Architecture.current(),
        KernelVersion.parse(kernelRelease()),
        landlockAbi(),
        tmpfsTakesUserAttributes(),
        System.currentTimeMillis() / MILLISECONDS_OF_A_DAY,
        uid,
        (int) SystemCalls.call(Syscall.GETEGID),
        supplementaryGroups(),
        passwd.user(),
        passwd.home(),
        HostFiles.currentDirectory(),
        OwnProcess.environment(),
        rootLinks());
  }

  private static Map<String, UnixPath> rootLinks() {
    UnixPath root = UnixPath.of("/");
    Map<String, UnixPath> links = new HashMap<>();
    try (Directory top = Directory.open(root)) {
      for (UnixPath name : top.list()) {
        HostFiles.link(root.resolve(name)).ifPresent(link -> links.put(name.toString(), link));
      }
      return links;
    } catch (FileProblem problem) {
      throw new HostRefusal(
          "list the host's root directory",
          String.valueOf(problem.getMessage()),
          "Caisson has to see which of its names are symbolic links; make / readable");
    }
  }

  /** The third field of uname(2). */
  static String kernelRelease() {
    try (SystemCalls.Memory names = SystemCalls.allocate(6 * UTSNAME_FIELD)) {
      SystemCalls.call(Syscall.UNAME, names.address());
      byte[] release = names.get(2 * UTSNAME_FIELD, UTSNAME_FIELD);
      return new String(OwnProcess.split(release).get(0), StandardCharsets.US_ASCII);
    }
  }

  /**
   * landlock_create_ruleset(2) with the VERSION flag; ENOSYS and EOPNOTSUPP mean that it is off.
   */
  private static int landlockAbi() {
    long abi =
        SystemCalls.call(Syscall.LANDLOCK_CREATE_RULESET, 0, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return (int) Math.max(abi, 0);
  }

  /** A memfd lies on a tmpfs, so it tells whether tmpfs takes user.* attributes. */
  private static boolean tmpfsTakesUserAttributes() {
    try (SystemCalls.Memory name = SystemCalls.string(UnixPath.of("user.caisson"));
        SystemCalls.Memory value = SystemCalls.string(UnixPath.of("y"))) {
      long fd = SystemCalls.call(Syscall.MEMFD_CREATE, name.address(), MFD_CLOEXEC);
      if (fd < 0) {
        return false;
      }
      long set = SystemCalls.call(Syscall.FSETXATTR, fd, name.address(), value.address(), 1, 0);
      SystemCalls.call(Syscall.CLOSE, fd);
      return set == 0;
    }
  }

  private static List<Integer> supplementaryGroups() {
    int count = (int) SystemCalls.call(Syscall.GETGROUPS, 0, 0);
    List<Integer> groups = new ArrayList<>();
    try (SystemCalls.Memory list = SystemCalls.allocate(4 * count)) {
      long filled = SystemCalls.call(Syscall.GETGROUPS, count, list.address());
      for (int i = 0; i < filled; i++) {
        groups.add(list.getInt(4 * i));
      }
    }
    return groups;
  }

  /** Of a caller whom a directory service knows, or nothing at all: HOME, where it is theirs. */
  private static UnixPath homeOfEnvironment(int uid) {
    return Optional.ofNullable(OwnProcess.environment().get("HOME"))
        .filter(home -> home.isAbsolute() && !home.components().isEmpty())
        .filter(
            home ->
                HostFiles.statusOfTarget(home)
                    .filter(status -> status.isDirectory() && status.uid() == uid)
                    .isPresent())
        .orElse(Passwd.NO_HOME);
  }

  private static Passwd passwdOf(int uid) {
    return HostFiles.start(UnixPath.of("/etc/passwd"), PASSWD_LIMIT)
        .flatMap(file -> Passwd.entryOf(uid, file))
        .orElseGet(() -> new Passwd(Integer.toUnsignedString(uid), homeOfEnvironment(uid)));
  }
}

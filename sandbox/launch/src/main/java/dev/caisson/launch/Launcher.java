package dev.caisson.launch;

import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.policy.Architecture;
import java.util.List;

/** Starts launch programs: in place of this process, as a child, or from a file. */
public final class Launcher {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_EXEC = 0x10;
  private static final int F_ADD_SEALS = 1033;

  /** F_SEAL_SEAL, SHRINK, GROW, WRITE. */
  private static final int SEALS = 1 | 2 | 4 | 8;

  /** A program could not be started. */
  public static final class StartRefusal extends Refusal {
    StartRefusal(String attempted, long result, String remedy) {
      super(attempted, describe(result), remedy);
    }

    private static String describe(long result) {
      return Errno.of((int) -result)
          .map(errno -> errno.name() + " (" + errno.meaning() + ")")
          .orElse("error " + -result);
    }
  }

  private Launcher() {}

  /**
   * Runs {@code plan} in place of this process. Returns only by a refusal.
   *
   * @throws StartRefusal if the kernel does not execute it
   */
  public static void exec(LaunchPlan plan) {
    long program = memoryFile(plan.program());
    try (SystemCalls.Memory name = SystemCalls.string(UnixPath.of("caisson"));
        SystemCalls.Memory empty = SystemCalls.string(UnixPath.of(""));
        SystemCalls.Memory argv = SystemCalls.allocate(16);
        SystemCalls.Memory envp = SystemCalls.allocate(8)) {
      argv.putLong(0, name.address());
      long result =
          SystemCalls.call(
              Syscall.EXECVEAT,
              program,
              empty.address(),
              argv.address(),
              envp.address(),
              Linux.AT_EMPTY_PATH);
      throw new StartRefusal("execute the launch program", result, "");
    }
  }

  /** The program in a sealed file in memory; the descriptor is closed on exec. */
  static long memoryFile(LaunchProgram program) {
    byte[] elf = Elf.write(program);
    try (SystemCalls.Memory name = SystemCalls.string(UnixPath.of("caisson"));
        SystemCalls.Memory content = SystemCalls.allocate(elf.length)) {
      int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
      long fd = SystemCalls.call(Syscall.MEMFD_CREATE, name.address(), flags | MFD_EXEC);
      if (fd == -Errno.EINVAL.number()) {
        // MFD_EXEC came with Linux 6.3; before it every such file was executable
        fd = SystemCalls.call(Syscall.MEMFD_CREATE, name.address(), flags);
      }
      if (fd < 0) {
        throw new StartRefusal(
            "make a file in memory for the launch program",
            fd,
            fd == -Errno.ENOSYS.number() || fd == -Errno.EPERM.number()
                ? "The seccomp filter of an outer container or sandbox refuses memfd_create; start"
                    + " Caisson outside of it, or allow it that call"
                : "");
      }
      content.put(0, elf);
      for (int done = 0; done < elf.length; ) {
        long count =
            SystemCalls.call(Syscall.WRITE, fd, content.address() + done, elf.length - done);
        if (count <= 0) {
          throw new StartRefusal("write the launch program", count, "");
        }
        done += Math.toIntExact(count);
      }
      SystemCalls.call(Syscall.FCNTL, fd, F_ADD_SEALS, SEALS);
      return fd;
    }
  }

  /** The file that runs {@code plan} without a JVM. */
  public static byte[] executable(LaunchPlan plan) {
    return Elf.write(plan.program());
  }

  /** The architectures that programs can be written for. */
  public static List<Architecture> architectures() {
    return List.of(Architecture.values());
  }
}

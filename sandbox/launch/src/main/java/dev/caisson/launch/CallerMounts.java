package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.launch.SystemCalls.Memory;
import dev.caisson.policy.Architecture;
import java.util.Map;

/**
 * Mounts a tmpfs where a process that makes a waiting call sees it, and takes it away. A program of
 * its own does it, which enters the namespaces of that process: a JVM has many threads, and none of
 * several can enter a user namespace (setns(2)). The place is the file that was looked at, by its
 * descriptor: no name is followed twice.
 */
public final class CallerMounts {
  /** Attributes of a mount (mount_setattr(2)): nothing can be written. */
  public static final long READ_ONLY = Linux.MOUNT_ATTR_RDONLY;

  /** No program in it can be executed. */
  public static final long NO_EXEC = Linux.MOUNT_ATTR_NOEXEC;

  private static final long NS_GET_USERNS = 0xb701;

  /** The program's descriptors. */
  private static final int ANSWER = 1;

  private static final int USER = 3;
  private static final int MOUNTS = 4;
  private static final int PLACE = 5;

  /** What is written: the numbers of the device. */
  private static final int ANSWER_BYTES = 8;

  private CallerMounts() {}

  /**
   * Mounts a tmpfs on the directory {@code place}, owned by the calling process's user and group.
   *
   * @param size in bytes
   * @param mode as chmod(2) takes it
   * @param attributes of {@link #READ_ONLY} and {@link #NO_EXEC}
   * @return the new file system
   * @throws FileProblem where the kernel refuses it
   */
  public static Device mount(
      NotifiedCall call, CallerFile place, long size, int mode, long attributes)
      throws FileProblem {
    InsideIds owner = InsideIds.of(call);
    Builder builder = new Builder();
    ProgramBuilder b = builder.b;
    Operand.Slot context = b.slot();
    Operand.Slot mount = b.slot();
    b.call(Syscall.FSOPEN, b.text("tmpfs"), n(0)).into(context);
    Map<String, String> options =
        Map.of(
            "size", Long.toString(size),
            "nr_inodes", Long.toString(TmpfsSize.files(size)),
            "mode", Integer.toOctalString(mode),
            "uid", Long.toString(owner.user()),
            "gid", Long.toString(owner.group()));
    options.forEach(
        (key, value) ->
            b.call(
                Syscall.FSCONFIG,
                context,
                n(Linux.FSCONFIG_SET_STRING),
                b.text(key),
                b.text(value),
                n(0)));
    b.call(Syscall.FSCONFIG, context, n(Linux.FSCONFIG_CMD_CREATE), n(0), n(0), n(0));
    b.call(
            Syscall.FSMOUNT,
            context,
            n(0),
            n(Linux.MOUNT_ATTR_NOSUID | Linux.MOUNT_ATTR_NODEV | attributes))
        .into(mount);
    Operand statx = b.zeroes(Linux.STATX_SIZE);
    Operand empty = b.text("");
    b.call(Syscall.STATX, mount, empty, n(Linux.AT_EMPTY_PATH), n(Linux.STATX_BASIC), statx);
    long asGiven = Linux.MOVE_MOUNT_F_EMPTY_PATH | Linux.MOVE_MOUNT_T_EMPTY_PATH;
    b.call(Syscall.MOVE_MOUNT, mount, empty, n(PLACE), empty, n(asGiven));
    Operand.Slot device = b.slot();
    b.add(device, statx, n(Linux.STATX_DEV));
    b.call(Syscall.WRITE, n(ANSWER), device, n(ANSWER_BYTES));
    return run(call, place, builder.end());
  }

  /**
   * Takes away what is mounted on {@code place}; what still uses it keeps it until it ends.
   *
   * @throws FileProblem where the kernel refuses it
   */
  public static void unmount(NotifiedCall call, CallerFile place) throws FileProblem {
    Builder builder = new Builder();
    ProgramBuilder b = builder.b;
    b.call(Syscall.FCHDIR, n(PLACE));
    b.call(Syscall.UMOUNT2, b.text("."), n(Linux.MNT_DETACH));
    b.call(Syscall.WRITE, n(ANSWER), b.zeroes(ANSWER_BYTES), n(ANSWER_BYTES));
    run(call, place, builder.end());
  }

  /** Enters the namespaces; then comes what is done there. */
  private static final class Builder {
    final ProgramBuilder b = new ProgramBuilder(Architecture.current());
    private final Label failed = b.label();

    Builder() {
      b.role(Role.PAYLOAD);
      b.onFailure(failed);
      b.call(Syscall.SETNS, n(USER), n(Linux.CLONE_NEWUSER));
      b.call(Syscall.SETNS, n(MOUNTS), n(Linux.CLONE_NEWNS));
    }

    LaunchProgram end() {
      b.call(Syscall.EXIT_GROUP, n(0));
      b.place(failed);
      b.call(Syscall.EXIT_GROUP, new Operand.Slot(LaunchProgram.ERRNO_SLOT));
      return b.build();
    }
  }

  private static Device run(NotifiedCall call, CallerFile place, LaunchProgram program)
      throws FileProblem {
    UnixPath name = UnixPath.of("/proc/" + call.thread() + "/ns/mnt");
    int mounts = FileCalls.open(FileCalls.AT_FDCWD, name, Linux.O_RDONLY, 0, 0);
    try {
      if (!call.stillWaits()) {
        throw new FileProblem("setns", name, Errno.ESRCH.number());
      }
      // the one that owns the mounts, which need not be the caller's
      int user = (int) FileCalls.call(Syscall.IOCTL, name, mounts, NS_GET_USERNS);
      try {
        return run(program, place, user, mounts);
      } finally {
        FileCalls.close(user);
      }
    } finally {
      FileCalls.close(mounts);
    }
  }

  private static Device run(LaunchProgram program, CallerFile place, int user, int mounts)
      throws FileProblem {
    long file = Launcher.memoryFile(program);
    try (Memory pipe = SystemCalls.allocate(8);
        Memory answer = SystemCalls.allocate(ANSWER_BYTES)) {
      Executable.pipe(pipe, 0);
      int end = pipe.getInt(0);
      int[] given = new int[PLACE + 1];
      java.util.Arrays.fill(given, pipe.getInt(4));
      given[USER] = user;
      given[MOUNTS] = mounts;
      given[PLACE] = place.descriptor();
      long started = Executable.start(file, given);
      Executable.close(pipe.getInt(4));
      long count = 0;
      if (started > 0) {
        count = RunningSandbox.again(Syscall.READ, end, answer.address(), ANSWER_BYTES);
      }
      Executable.close(end);
      int errno = started > 0 ? exitStatus((int) started) : (int) -started;
      if (count != ANSWER_BYTES) {
        throw new FileProblem("mount", place.path(), errno == 0 ? Errno.EIO.number() : errno);
      }
      return new Device(answer.getInt(0), answer.getInt(4));
    } finally {
      Executable.close(file);
    }
  }

  private static int exitStatus(int process) {
    try (Memory status = SystemCalls.allocate(8)) {
      RunningSandbox.again(Syscall.WAIT4, process, status.address(), 0, 0);
      return (status.getInt(0) >> 8) & 255;
    }
  }
}

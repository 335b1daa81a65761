package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import java.util.Arrays;

/**
 * A directory that the keeper makes, named by its process id and locked by it (flock(2)) for as
 * long as it lives: what a killed keeper left is known by the lock that nobody holds.
 */
final class NumberedDirectory {
  private static final int LONGEST_NAME = 24;

  private final ProgramBuilder b;
  private final int prefix;
  private final Operand.Slot made;
  private final Operand.Slot end;

  /** Its name, complete once it was made. */
  final Operand.Immediate path;

  /** The directory, open in the keeper; 0 before. */
  final Operand.Slot directory;

  /** Makes another one: for steps that find that it was removed in the meantime. */
  final Label again;

  /**
   * @param start what stands before the number
   */
  NumberedDirectory(ProgramBuilder builder, UnixPath start) {
    b = builder;
    byte[] text = start.bytes();
    prefix = text.length;
    path = b.bytes(Arrays.copyOf(text, prefix + LONGEST_NAME + 1));
    made = b.slot();
    end = b.slot();
    directory = b.slot();
    again = b.label();
  }

  /** In the keeper: makes the directory with this mode, opens and locks it. */
  ProgramBuilder.Call make(String meaning, long mode) {
    Label isNew = b.label();
    b.call(Syscall.GETPID).into(made);
    b.set(end, n(path.value() + prefix));
    Decimal.append(b, made, end);
    b.place(again);
    ProgramBuilder.Call make =
        b.call(meaning, Syscall.MKDIRAT, Linux.AT_FDCWD, path, n(mode))
            .into(made)
            .tolerate(Errno.EEXIST);
    b.jumpIfEqual(made, n(0), isNew);
    // what a killed keeper with the same number left: another name
    b.store(1, end, 0, n('x'));
    b.add(end, end, n(1));
    b.jumpIfLess(end, n(path.value() + prefix + LONGEST_NAME), again);
    b.fail(meaning, n(Errno.EEXIST.number()));
    b.place(isNew);
    b.call(meaning, Syscall.OPENAT, Linux.AT_FDCWD, path, n(flags(b, Linux.O_RDONLY)))
        .into(directory)
        .tolerate(Errno.ENOENT);
    // a start of another sandbox removes what is not locked
    b.jumpIfEqual(directory, n(-Errno.ENOENT.number()), again);
    b.call(meaning, Syscall.FLOCK, directory, n(Linux.LOCK_EX));
    return make;
  }

  /** How such a directory is opened. */
  static long flags(ProgramBuilder b, long access) {
    return access
        | Linux.O_CLOEXEC
        | OpenFlags.directory(b.architecture())
        | OpenFlags.noFollow(b.architecture());
  }
}

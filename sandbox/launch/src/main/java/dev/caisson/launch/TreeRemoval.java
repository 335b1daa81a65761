package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;

/**
 * A routine that empties a directory, as the launch program's own: nothing else is left that could
 * when the sandbox is gone. It walks with one descriptor and goes back up by "..", so a tree of any
 * depth takes no memory; directories that cannot be read are opened up. What resists is left.
 */
final class TreeRemoval {
  private static final int BUFFER = 32768;

  /** Offsets in struct linux_dirent64 (getdents(2)). */
  private static final int RECORD_LENGTH = 16;

  private static final int NAME = 19;

  /** For a tree that others may make as they like. */
  static final long PATIENCE = 1 << 20;

  private final ProgramBuilder b;
  private final long patience;
  private final Operand.Slot top;
  private final Operand.Slot current;
  private final Operand.Slot next;
  private final Operand.Slot depth;
  private final Operand.Slot idle;
  private final Operand.Slot at;
  private final Operand.Slot end;
  private final Operand.Slot name;
  private final Operand.Slot value;
  private final Operand.Slot back;
  private final Label routine;

  /**
   * @param patience steps down without anything removed, after which the tree is left as it is
   */
  TreeRemoval(ProgramBuilder builder, long patience) {
    b = builder;
    this.patience = patience;
    top = b.slot();
    current = b.slot();
    next = b.slot();
    depth = b.slot();
    idle = b.slot();
    at = b.slot();
    end = b.slot();
    name = b.slot();
    value = b.slot();
    back = b.slot();
    routine = b.label();
  }

  /** Empties the directory that is open at {@code directory}. */
  void empty(Operand directory) {
    b.set(top, directory);
    b.perform(routine, back);
  }

  /** The routine's steps; nothing falls through to them. */
  void emit() {
    Label scan = b.label();
    Label entry = b.label();
    Label take = b.label();
    Label removed = b.label();
    Label skip = b.label();
    Label ascend = b.label();
    Label leave = b.label();
    Label done = b.label();
    Operand.Immediate buffer = b.zeroes(BUFFER);
    long open = Linux.O_RDONLY | Linux.O_CLOEXEC | OpenFlags.directory(b.architecture());
    long beneath = open | OpenFlags.noFollow(b.architecture());
    b.place(routine);
    b.set(depth, n(0));
    b.set(idle, n(0));
    b.call(Syscall.OPENAT, top, b.text("."), n(open)).into(current).otherwise(done);
    b.place(scan);
    b.call(Syscall.GETDENTS64, current, buffer, n(BUFFER)).into(end).otherwise(leave);
    b.jumpIfEqual(end, n(0), ascend);
    b.set(at, buffer);
    b.add(end, end, buffer);
    b.place(entry);
    b.jumpIfEqual(at, end, scan);
    b.add(name, at, n(NAME));
    skipDots(take, skip);
    b.place(take);
    b.call(Syscall.UNLINKAT, current, name, n(0))
        .into(value)
        .tolerate(Errno.EISDIR, Errno.EPERM)
        .otherwise(leave);
    b.jumpIfEqual(value, n(0), removed);
    // a file of a control group, which goes with its directory
    b.jumpIfEqual(value, n(-Errno.EPERM.number()), skip);
    b.call(Syscall.UNLINKAT, current, name, n(Linux.AT_REMOVEDIR))
        .into(value)
        .tolerate(Errno.ENOTEMPTY, Errno.EBUSY)
        .otherwise(leave);
    b.jumpIfEqual(value, n(0), removed);
    b.add(idle, idle, n(1));
    b.jumpIfEqual(idle, n(patience), leave);
    b.call(Syscall.FCHMODAT, current, name, n(0700)).otherwise(leave);
    b.call(Syscall.OPENAT, current, name, n(beneath)).into(next).otherwise(leave);
    move();
    b.add(depth, depth, n(1));
    b.jump(scan);
    b.place(removed);
    b.set(idle, n(0));
    b.place(skip);
    b.load(2, value, at, RECORD_LENGTH);
    b.add(at, at, value);
    b.jump(entry);
    b.place(ascend);
    b.jumpIfEqual(depth, n(0), leave);
    b.call(Syscall.OPENAT, current, b.text(".."), n(open)).into(next).otherwise(leave);
    move();
    b.arithmetic(Operation.SUBTRACT, depth, depth, n(1));
    b.jump(scan);
    b.place(leave);
    b.call(Syscall.CLOSE, current).tolerateAll();
    b.place(done);
    b.jumpTo(back);
  }

  private void skipDots(Label take, Label skip) {
    b.load(1, value, name, 0);
    b.jumpIfNotEqual(value, n('.'), take);
    b.load(1, value, name, 1);
    b.jumpIfEqual(value, n(0), skip);
    b.jumpIfNotEqual(value, n('.'), take);
    b.load(1, value, name, 2);
    b.jumpIfEqual(value, n(0), skip);
  }

  private void move() {
    b.call(Syscall.CLOSE, current).tolerateAll();
    b.set(current, next);
  }
}

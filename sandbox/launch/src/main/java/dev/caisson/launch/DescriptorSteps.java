package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;

/**
 * Descriptors 0, 1 and 2. The payload must get no more than they were opened for: a regular file
 * could be opened again with other rights through /proc/self/fd, its mode changed, a block device
 * used. So each is looked at before the sandbox exists, and what is more than a stream is replaced.
 */
final class DescriptorSteps {
  private static final String[] NAMES = {"standard input", "standard output", "standard error"};

  /** Character devices that give and take nothing: (major 1) null zero full random urandom. */
  private static final int[] HARMLESS_MINORS = {3, 5, 7, 8, 9};

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Operand.Slot mode;
  private final Operand.Slot value;
  private final Operand.Slot other;

  DescriptorSteps(LaunchContext context) {
    c = context;
    b = context.b;
    mode = b.slot();
    value = b.slot();
    other = b.slot();
  }

  /** Decides how each descriptor is passed on, and makes the pipes. */
  void examine(TerminalSteps terminal) {
    b.set(c.terminal, n(-1));
    for (int i = 0; i < 3; i++) {
      b.set(c.payloadEnd[i], n(-1));
      b.set(c.relayEnd[i], n(-1));
      examine(i, terminal);
    }
    shareEqualOutputs();
    for (int i = 0; i < 3; i++) {
      makePipe(i);
    }
    terminal.prepare();
  }

  private void examine(int fd, TerminalSteps terminal) {
    String name = NAMES[fd];
    Label open = b.label();
    b.call(
            "look at " + name,
            Syscall.STATX,
            n(fd),
            b.text(""),
            n(Linux.AT_EMPTY_PATH),
            n(Linux.STATX_BASIC),
            c.status[fd])
        .into(value)
        .tolerate(Errno.EBADF);
    b.jumpIfEqual(value, n(0), open);
    // it is closed: the lowest free number is this one, since those below are open by now
    b.call(
        "open /dev/null as " + name,
        Syscall.OPENAT,
        Linux.AT_FDCWD,
        b.text("/dev/null"),
        n(Linux.O_RDWR));
    b.call(
        "look at " + name,
        Syscall.STATX,
        n(fd),
        b.text(""),
        n(Linux.AT_EMPTY_PATH),
        n(Linux.STATX_BASIC),
        c.status[fd]);
    b.place(open);
    b.load(2, mode, c.status[fd], Linux.STATX_MODE);
    b.arithmetic(Operation.AND, mode, mode, n(Linux.S_IFMT));
    Label done = b.label();
    Label regular = b.label();
    Label character = b.label();
    b.jumpIfEqual(mode, n(Linux.S_IFREG), regular);
    b.jumpIfEqual(mode, n(Linux.S_IFCHR), character);
    b.set(c.stream[fd], Stream.RELAYED);
    b.jumpIfEqual(mode, n(Linux.S_IFIFO), done);
    b.jumpIfEqual(mode, n(Linux.S_IFSOCK), done);
    b.fail(
        "pass on "
            + name
            + ": it is neither a file, a pipe, a socket, a terminal nor /dev/null and its kin"
            + " (a block device or directory gives more than a stream). Redirect it, for instance"
            + " through cat");
    b.place(character);
    examineCharacterDevice(fd, terminal, done);
    b.place(regular);
    b.set(c.stream[fd], Stream.RELAYED);
    if (fd == 0) {
      reopenIfReadable(name);
    }
    b.place(done);
  }

  private void examineCharacterDevice(int fd, TerminalSteps terminal, Label done) {
    Label device = b.label();
    terminal.ifTerminal(fd, device);
    b.jump(done);
    b.place(device);
    b.set(c.stream[fd], Stream.PASSED);
    Label refused = b.label();
    b.load(4, value, c.status[fd], Linux.STATX_RDEV);
    b.jumpIfNotEqual(value, n(1), refused);
    b.load(4, value, c.status[fd], Linux.STATX_RDEV + 4);
    for (int minor : HARMLESS_MINORS) {
      b.jumpIfEqual(value, n(minor), done);
    }
    b.place(refused);
    b.fail(
        "pass on "
            + NAMES[fd]
            + ": it is a character device that the policy does not list. Redirect it, for instance"
            + " through cat");
  }

  /** Only what was opened for reading is opened again; O_PATH and write-only never gain rights. */
  private void reopenIfReadable(String name) {
    Label done = b.label();
    b.call("look at " + name, Syscall.FCNTL, n(0), n(Linux.F_GETFL)).into(value);
    b.arithmetic(Operation.AND, other, value, n(Linux.O_PATH));
    b.jumpIfNotEqual(other, n(0), done);
    b.arithmetic(Operation.AND, other, value, n(Linux.O_ACCMODE));
    b.jumpIfEqual(other, n(Linux.O_WRONLY), done);
    b.set(c.stream[0], Stream.REOPENED);
    b.place(done);
  }

  private void shareEqualOutputs() {
    Label different = b.label();
    b.jumpIfNotEqual(c.stream[1], Stream.RELAYED, different);
    b.jumpIfNotEqual(c.stream[2], Stream.RELAYED, different);
    for (int offset : new int[] {Linux.STATX_INO, Linux.STATX_DEV}) {
      b.load(8, value, c.status[1], offset);
      b.load(8, other, c.status[2], offset);
      b.jumpIfNotEqual(value, other, different);
    }
    b.set(c.stream[2], Stream.SHARED);
    b.place(different);
  }

  private void makePipe(int fd) {
    Label done = b.label();
    b.jumpIfEqual(c.stream[fd], Stream.PASSED, done);
    b.jumpIfEqual(c.stream[fd], Stream.TERMINAL, done);
    if (fd == 2) {
      b.jumpIfEqual(c.stream[fd], Stream.SHARED, done);
    }
    if (fd == 0) {
      c.pipe("make a pipe for " + NAMES[fd], c.payloadEnd[0], c.relayEnd[0]);
    } else {
      c.pipe("make a pipe for " + NAMES[fd], c.relayEnd[fd], c.payloadEnd[fd]);
    }
    if (c.ids instanceof IdMap.Range range) {
      // as the payload's own, so that it can open /dev/stdout and its kin; where that cannot be,
      // neither can the id map, which says so
      b.call(
              Syscall.FCHOWN,
              c.payloadEnd[fd],
              n(range.first() + c.payloadUid()),
              n(range.first() + c.payloadGid()))
          .tolerateAll();
    }
    b.place(done);
    if (fd == 2) {
      Label own = b.label();
      b.jumpIfNotEqual(c.stream[2], Stream.SHARED, own);
      b.set(c.payloadEnd[2], c.payloadEnd[1]);
      b.place(own);
    }
  }

  /**
   * In the sandbox's first process, while the host's tree is still there: opens a regular file on
   * standard input again, through a detached read-only mount of it alone. Where that cannot be (the
   * file was removed, another user opened it), the keeper is asked to relay it.
   */
  void reopenInput() {
    Label done = b.label();
    Label relay = b.label();
    Operand.Slot file = b.slot();
    Operand.Slot tree = b.slot();
    Operand.Slot again = b.slot();
    b.jumpIfNotEqual(c.stream[0], Stream.REOPENED, done);
    b.call(
            "open standard input again",
            Syscall.READLINKAT,
            Linux.AT_FDCWD,
            b.text("/proc/self/fd/0"),
            c.buffer,
            n(4095))
        .into(value)
        .otherwise(relay);
    b.add(value, value, c.buffer);
    b.store(1, value, 0, n(0));
    b.call(Syscall.OPENAT, Linux.AT_FDCWD, c.buffer, n(noFollow(Linux.O_PATH | Linux.O_CLOEXEC)))
        .into(file)
        .otherwise(relay);
    Operand.Immediate found = b.zeroes(Linux.STATX_SIZE);
    b.call(Syscall.STATX, file, b.text(""), n(Linux.AT_EMPTY_PATH), n(Linux.STATX_BASIC), found)
        .otherwise(relay);
    for (int offset : new int[] {Linux.STATX_INO, Linux.STATX_DEV}) {
      b.load(8, value, c.status[0], offset);
      b.load(8, other, found, offset);
      b.jumpIfNotEqual(value, other, relay);
    }
    b.call(
            Syscall.OPEN_TREE,
            file,
            b.text(""),
            n(Linux.OPEN_TREE_CLONE | Linux.OPEN_TREE_CLOEXEC | Linux.AT_EMPTY_PATH))
        .into(tree)
        .otherwise(relay);
    b.call(
            Syscall.MOUNT_SETATTR,
            tree,
            b.text(""),
            n(Linux.AT_EMPTY_PATH),
            b.words(
                Linux.MOUNT_ATTR_RDONLY | Linux.MOUNT_ATTR_NOSUID | Linux.MOUNT_ATTR_NODEV,
                0,
                0,
                0),
            n(32))
        .otherwise(relay);
    b.call(Syscall.DUP3, tree, n(LaunchContext.REOPEN), n(Linux.O_CLOEXEC)).otherwise(relay);
    b.call(
            Syscall.OPENAT,
            Linux.AT_FDCWD,
            b.text("/proc/self/fd/" + LaunchContext.REOPEN),
            n(Linux.O_RDONLY | Linux.O_CLOEXEC))
        .into(again)
        .otherwise(relay);
    b.call(Syscall.LSEEK, n(0), n(0), n(1)).into(value).otherwise(relay);
    b.call(Syscall.LSEEK, again, value, n(0)).otherwise(relay);
    b.set(c.payloadEnd[0], again);
    b.jump(done);
    b.place(relay);
    b.set(c.stream[0], Stream.RELAYED);
    b.store(8, c.failure, 0, Stream.RELAY_INPUT);
    b.store(8, c.failure, 8, n(0));
    b.call("ask for a relay of standard input", Syscall.WRITE, c.statusWrite, c.failure, n(16));
    b.place(done);
  }

  /** O_NOFOLLOW differs between the architectures. */
  private long noFollow(long flags) {
    return flags | OpenFlags.noFollow(b.architecture());
  }

  /** In the payload: puts each stream's descriptor in its place. */
  void install() {
    for (int fd = 0; fd < 3; fd++) {
      Label done = b.label();
      b.jumpIfEqual(c.payloadEnd[fd], n(-1), done);
      b.call("put " + NAMES[fd] + " in place", Syscall.DUP3, c.payloadEnd[fd], n(fd), n(0));
      b.place(done);
    }
  }
}

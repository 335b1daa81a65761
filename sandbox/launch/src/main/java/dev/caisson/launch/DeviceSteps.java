package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.EffectivePolicy.Device;
import dev.caisson.policy.FirstProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * /dev: a fresh tmpfs with a bind of each listed device, a devpts of its own, shm and mqueue. The
 * rest of the tree is nodev by then, so nothing else can be opened as a device.
 */
final class DeviceSteps {
  /** Of one sandbox; the host has some 4,096 for all of them. */
  private static final int TERMINALS = 256;

  private static final UnixPath DEV = UnixPath.of("/dev");
  private static final long DEV_BYTES = 64L << 10;
  private static final long SHARED_MEMORY_BYTES = 64L << 20;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final InsidePaths paths;
  private final Operand.Slot directory;
  private final Operand.Slot value;
  private final Operand.Immediate found;

  DeviceSteps(LaunchContext context, InsidePaths paths) {
    c = context;
    b = context.b;
    this.paths = paths;
    directory = b.slot();
    value = b.slot();
    found = b.zeroes(Linux.STATX_SIZE);
  }

  void build() {
    String meaning = "build /dev";
    long plain = Linux.MS_NOSUID | Linux.MS_NOEXEC;
    enterDev(meaning);
    mount(meaning, "tmpfs", ".", plain | Linux.MS_NODEV, TmpfsSize.options(0755, DEV_BYTES));
    enterDev(meaning);
    List<String> own = new ArrayList<>(List.of("pts", "shm"));
    if (c.policy.namespaces().ipc()) {
      // the host's queues are not this sandbox's to mount
      own.add("mqueue");
    }
    for (String name : own) {
      b.call(mounting(name), Syscall.MKDIRAT, Linux.AT_FDCWD, b.text(name), n(0755));
    }
    links();
    for (Device device : Device.values()) {
      if (c.policy.devices().contains(device)) {
        bind(device);
      }
    }
    // devices are written to all the same, but their nodes, which are the host's, keep their times
    b.call(
        "make /dev read-only",
        Syscall.MOUNT_SETATTR,
        Linux.AT_FDCWD,
        b.text("."),
        n(Linux.AT_RECURSIVE),
        b.words(Linux.MOUNT_ATTR_RDONLY, 0, 0, 0),
        n(32));
    mount(
        mounting("pts"),
        "devpts",
        "pts",
        plain,
        "newinstance,ptmxmode=0666,mode=620,max=" + TERMINALS);
    mount(
        mounting("shm"),
        "tmpfs",
        "shm",
        plain | Linux.MS_NODEV,
        TmpfsSize.options(01777, c.tmpfsBytes(SHARED_MEMORY_BYTES)));
    if (own.contains("mqueue")) {
      mount(mounting("mqueue"), "mqueue", "mqueue", plain | Linux.MS_NODEV, "");
    }
    b.call("enter the root", Syscall.FCHDIR, c.root);
  }

  private static String mounting(String name) {
    return "mount /dev/" + name;
  }

  private void links() {
    link("/proc/self/fd", "fd");
    link("/proc/self/fd/0", "stdin");
    link("/proc/self/fd/1", "stdout");
    link("/proc/self/fd/2", "stderr");
    link("pts/ptmx", "ptmx");
    if (c.policy.process().init() == FirstProcess.IMAGE && c.policy.process().tty()) {
      linkConsole();
    }
  }

  /** An init talks to the console: the sandbox's terminal, where it has one. */
  private void linkConsole() {
    Label none = b.label();
    b.jumpIfEqual(c.terminal, n(-1), none);
    link("pts/0", "console");
    b.place(none);
  }

  private void enterDev(String meaning) {
    paths.openDirectory(meaning, DEV, directory);
    b.call(meaning, Syscall.FCHDIR, directory);
    b.call(Syscall.CLOSE, directory);
  }

  /** A single-file bind of the host's node, and a look that it is the device it should be. */
  private void bind(Device device) {
    String name = device.name().toLowerCase(Locale.ROOT);
    String meaning = "show /dev/" + name;
    Label same = b.label();
    Label other = b.label();
    b.call(meaning, Syscall.MKNODAT, Linux.AT_FDCWD, b.text(name), n(Linux.S_IFREG | 0666), n(0));
    b.call(
        meaning, Syscall.MOUNT, b.text("/dev/" + name), b.text(name), n(0), n(Linux.MS_BIND), n(0));
    b.call(meaning, Syscall.STATX, Linux.AT_FDCWD, b.text(name), n(0), n(Linux.STATX_BASIC), found);
    b.load(2, value, found, Linux.STATX_MODE);
    b.arithmetic(Operation.AND, value, value, n(Linux.S_IFMT));
    b.jumpIfNotEqual(value, n(Linux.S_IFCHR), other);
    b.load(8, value, found, Linux.STATX_RDEV);
    b.jumpIfEqual(value, n(number(device)), same);
    b.place(other);
    b.fail(meaning + ": the host's /dev/" + name + " is another device");
    b.place(same);
  }

  /** As struct statx holds it: major in the low 32 bits, minor in the high (Linux devices.txt). */
  private static long number(Device device) {
    return switch (device) {
      case NULL -> 1 | 3L << 32;
      case ZERO -> 1 | 5L << 32;
      case FULL -> 1 | 7L << 32;
      case RANDOM -> 1 | 8L << 32;
      case URANDOM -> 1 | 9L << 32;
      case TTY -> 5;
    };
  }

  private void mount(String meaning, String type, String target, long flags, String options) {
    b.call(
        meaning,
        Syscall.MOUNT,
        b.text(type),
        b.text(target),
        b.text(type),
        n(flags),
        b.text(options));
  }

  private void link(String target, String name) {
    b.call("link /dev/" + name, Syscall.SYMLINKAT, b.text(target), Linux.AT_FDCWD, b.text(name));
  }
}

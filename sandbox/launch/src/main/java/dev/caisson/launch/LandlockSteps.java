package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import dev.caisson.policy.Landlock;
import dev.caisson.policy.Mount;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Landlock (landlock(7)): the policy's file rules a second time, and no signal or abstract socket
 * across the sandbox's border, as far as the kernel's ABI goes.
 */
final class LandlockSteps {
  private static final long EXECUTE = 1;
  private static final long WRITE_FILE = 2;
  private static final long READ_FILE = 4;
  private static final long READ_DIR = 8;
  private static final long MAKE_CHAR = 0x40;
  private static final long MAKE_BLOCK = 0x800;
  private static final long TRUNCATE = 0x4000;
  private static final long IOCTL_DEVICE = 0x8000;
  private static final long SCOPES = 3;
  private static final long BIND_TCP = 1;
  private static final long CONNECT_TCP = 2;
  private static final long PATH_BENEATH = 1;
  private static final long NET_PORT = 2;
  private static final long LOG_NEW_EXEC_ON = 2;
  private static final long LOG_SUBDOMAINS_OFF = 4;
  private static final long FILE_RIGHTS =
      EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE;
  private static final long READ = EXECUTE | READ_FILE | READ_DIR;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final long handled;
  private final Operand.Slot rules;
  private final Operand.Slot directory;

  LandlockSteps(LaunchContext context) {
    c = context;
    b = context.b;
    handled = handledBy(context.request.host().landlockAbi());
    rules = b.slot();
    directory = b.slot();
  }

  private static long handledBy(int abi) {
    long rights = 0x1fff;
    if (abi >= 2) {
      rights |= 0x2000;
    }
    if (abi >= 3) {
      rights |= TRUNCATE;
    }
    if (abi >= 5) {
      rights |= IOCTL_DEVICE;
    }
    return rights;
  }

  /** Restricts the calling process, in its final view, for good. */
  void restrict() {
    int abi = c.request.host().landlockAbi();
    if (!c.policy.landlock().on() || abi < 1) {
      return;
    }
    nameWhatIsMissing(abi);
    ByteBuffer attributes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    Landlock wanted = c.policy.landlock();
    long ports = wanted.connect().isPresent() ? CONNECT_TCP : 0;
    ports |= wanted.bind().isPresent() ? BIND_TCP : 0;
    attributes.putLong(handled).putLong(ports).putLong(abi >= 6 ? SCOPES : 0);
    int size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    b.call(
            "make a Landlock ruleset",
            Syscall.LANDLOCK_CREATE_RULESET,
            b.bytes(attributes.array()),
            n(size),
            n(0))
        .into(rules);
    long write = handled & ~(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEVICE);
    allow(UnixPath.of("/"), c.policy.root() == RootAccess.WRITABLE ? write : READ);
    allow(ProcSteps.PROC, ProcSteps.isReadOnly(c.policy) ? READ : READ | WRITE_FILE);
    allow(UnixPath.of("/dev"), READ_FILE | READ_DIR | WRITE_FILE | IOCTL_DEVICE);
    allow(UnixPath.of("/dev/shm"), write);
    allow(UnixPath.of("/dev/mqueue"), write);
    if (c.request.controlGroup().forPrograms()) {
      allow(ProgramGroup.MOUNT, write);
    }
    for (Mount mount : c.policy.filesystem()) {
      boolean writable =
          mount instanceof Mount.Tmpfs
              || (mount instanceof Mount.Bind bind && bind.access() != Mount.Access.READ_ONLY);
      if (writable) {
        allow(mount.target(), isFile(mount) ? write & FILE_RIGHTS : write);
      }
    }
    allowInput();
    if (abi >= 4) {
      allowPorts("connecting to", CONNECT_TCP, wanted.connect().orElse(Set.of()));
      allowPorts("binding", BIND_TCP, wanted.bind().orElse(Set.of()));
    }
    b.call(
        "restrict the payload by Landlock",
        Syscall.LANDLOCK_RESTRICT_SELF,
        rules,
        n(abi >= 7 ? logFlags(wanted) : 0));
    b.call(Syscall.CLOSE, rules);
  }

  /** Without a program's own rulesets, by which it could fill the host's audit log. */
  private static long logFlags(Landlock wanted) {
    return LOG_SUBDOMAINS_OFF | (wanted.log() ? LOG_NEW_EXEC_ON : 0);
  }

  /** Each came with an ABI of its own; mounts and the pid namespace do the same without it. */
  private void nameWhatIsMissing(int abi) {
    Landlock wanted = c.policy.landlock();
    List<String> missing = new ArrayList<>();
    if (abi < 2) {
      c.notes.add(
          "this kernel's Landlock lets no file be moved or linked from one directory to another"
              + " (Linux 5.19)");
    }
    if (abi < 3) {
      missing.add("truncation (Linux 6.2)");
    }
    if (abi < 4 && (wanted.connect().isPresent() || wanted.bind().isPresent())) {
      missing.add("TCP ports (6.7)");
    }
    if (abi < 5) {
      missing.add("device control (6.10)");
    }
    if (abi < 6) {
      missing.add("signals and abstract sockets (6.12)");
    }
    if (abi < 7 && wanted.log()) {
      missing.add("the audit log (6.15)");
    }
    if (!missing.isEmpty()) {
      c.notes.add(
          "this kernel's Landlock does not cover "
              + String.join(", ", missing)
              + "; everything else is in place");
    }
  }

  /** The kernel refuses rights that only directories have for a file. */
  private static boolean isFile(Mount mount) {
    return mount instanceof Mount.Bind bind
        && HostPath.find(bind.source()).filter(HostPath::isRegular).isPresent();
  }

  private void allow(UnixPath path, long rights) {
    Label absent = b.label();
    b.call(
            "open " + path,
            Syscall.OPENAT,
            Linux.AT_FDCWD,
            b.text(path),
            n(Linux.O_PATH | Linux.O_CLOEXEC))
        .into(directory)
        .tolerate(Errno.ENOENT);
    b.jumpIfEqual(directory, n(-Errno.ENOENT.number()), absent);
    addRule("allow " + path, directory, rights & handled);
    b.call(Syscall.CLOSE, directory);
    b.place(absent);
  }

  /** A file on standard input can be opened again for reading: cat /dev/stdin does so. */
  private void allowInput() {
    Label done = b.label();
    b.jumpIfNotEqual(c.stream[0], Stream.REOPENED, done);
    addRule("allow standard input", n(0), READ_FILE);
    b.place(done);
  }

  private void addRule(String meaning, Operand fd, long rights) {
    // struct landlock_path_beneath_attr is packed: u64 rights, s32 descriptor
    Operand.Immediate rule = b.zeroes(16);
    b.store(8, rule, 0, n(rights));
    b.store(4, rule, 8, fd);
    b.call(meaning + " in Landlock", Syscall.LANDLOCK_ADD_RULE, rules, n(PATH_BENEATH), rule, n(0));
  }

  private void allowPorts(String what, long right, Set<Integer> ports) {
    for (int port : ports) {
      // struct landlock_net_port_attr
      b.call(
          "allow " + what + " TCP port " + port + " in Landlock",
          Syscall.LANDLOCK_ADD_RULE,
          rules,
          n(NET_PORT),
          b.words(right, port),
          n(0));
    }
  }
}

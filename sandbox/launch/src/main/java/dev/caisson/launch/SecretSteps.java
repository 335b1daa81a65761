package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Secret;
import java.util.ArrayList;
import java.util.List;

/**
 * Secrets: files below /run/secrets inside, in memory and read-only. The keeper opens what they
 * come from with the caller's rights, the first process copies it while the view is built. So the
 * content is in no program, and in no process's memory but that of the first, which nothing inside
 * can read.
 */
final class SecretSteps {
  private static final UnixPath DIRECTORY = UnixPath.of("/run/secrets");
  private static final int LONGEST = 1 << 20;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final InsidePaths paths;
  private final List<Operand.Slot> sources = new ArrayList<>();
  private final Operand.Slot directory;
  private final Operand.Slot file;
  private final Operand.Slot value;
  private final Operand.Slot left;

  SecretSteps(LaunchContext context, InsidePaths paths) {
    c = context;
    b = context.b;
    this.paths = paths;
    directory = b.slot();
    file = b.slot();
    value = b.slot();
    left = b.slot();
    for (int i = 0; i < c.policy.secrets().size(); i++) {
      sources.add(b.slot());
    }
  }

  /** In the keeper: opens them. */
  void open() {
    for (int i = 0; i < sources.size(); i++) {
      Secret secret = c.policy.secrets().get(i);
      String meaning = "read the secret " + secret.name();
      if (secret.source() instanceof Secret.File from) {
        open(meaning, from.path(), sources.get(i));
        check(meaning, sources.get(i), Linux.S_IFREG);
      } else if (secret.source() instanceof Secret.Descriptor from) {
        refuseWhereSpawned(meaning);
        take(meaning, from.number(), sources.get(i));
        check(
            meaning + " from descriptor " + from.number(),
            sources.get(i),
            Linux.S_IFREG,
            Linux.S_IFIFO);
      }
    }
  }

  private void refuseWhereSpawned(String meaning) {
    if (c.request.mode() == Mode.SPAWNED) {
      throw new PlanRefusal(
          meaning,
          "a program that starts sandboxes through the library has no descriptors by number",
          "Let the secret come from a file");
    }
  }

  /** Moves it to a number that nothing else is put at. */
  private void take(String meaning, int number, Operand.Slot into) {
    b.call(meaning, Syscall.FCNTL, n(number), n(Linux.F_DUPFD_CLOEXEC), n(3))
        .into(into)
        .advise(
            Errno.EBADF, "Open descriptor " + number + " for caisson, as in: caisson ... 5< FILE");
    b.call(Syscall.CLOSE, n(number));
  }

  private void open(String meaning, UnixPath path, Operand.Slot into) {
    long flags = Linux.O_RDONLY | Linux.O_CLOEXEC | Linux.O_NONBLOCK | Linux.O_NOCTTY;
    // its path had no link when it was compared with the ceilings
    b.call(
            meaning,
            Syscall.OPENAT2,
            Linux.AT_FDCWD,
            b.text(path),
            InsidePaths.how(b, flags, Linux.RESOLVE_NO_SYMLINKS),
            n(24))
        .into(into)
        .advise(Errno.ENOENT, "There is no file " + path)
        .advise(
            Errno.ELOOP, "A symbolic link stands on the path " + path + "; name the file itself")
        .advise(Errno.EACCES, "The caller may not read " + path);
  }

  /** Sees that it is of one of these types: a device has no end. */
  private void check(String meaning, Operand.Slot source, int... types) {
    Label known = b.label();
    Operand.Immediate status = b.zeroes(Linux.STATX_SIZE);
    b.call(
        meaning,
        Syscall.STATX,
        source,
        b.text(""),
        n(Linux.AT_EMPTY_PATH),
        n(Linux.STATX_BASIC),
        status);
    b.load(2, value, status, Linux.STATX_MODE);
    b.arithmetic(Operation.AND, value, value, n(Linux.S_IFMT));
    for (int type : types) {
      b.jumpIfEqual(value, n(type), known);
    }
    b.fail(meaning + ": it is no regular file" + (types.length > 1 ? " or pipe" : ""));
    b.place(known);
  }

  /** In the keeper, once the first process has them too: lets go of them. */
  void close() {
    for (Operand.Slot source : sources) {
      b.call(Syscall.CLOSE, source);
    }
  }

  /** In the first process: makes the directory and copies them to it. */
  void place() {
    if (sources.isEmpty()) {
      return;
    }
    String meaning = "mount a tmpfs on " + DIRECTORY;
    paths.openDirectory(meaning, DIRECTORY, directory);
    b.call(meaning, Syscall.FCHDIR, directory);
    b.call(Syscall.CLOSE, directory);
    b.call(
        meaning,
        Syscall.MOUNT,
        b.text("tmpfs"),
        b.text("."),
        b.text("tmpfs"),
        n(Linux.MS_NOSUID | Linux.MS_NODEV | Linux.MS_NOEXEC),
        b.text(TmpfsSize.options(0755, (long) sources.size() * LONGEST)));
    b.call("enter the root", Syscall.FCHDIR, c.root);
    // what is open is the directory that it covers
    paths.openDirectory(meaning, DIRECTORY, directory);
    for (int i = 0; i < sources.size(); i++) {
      copy(c.policy.secrets().get(i).name(), sources.get(i));
    }
    b.call(
        "make " + DIRECTORY + " read-only",
        Syscall.MOUNT_SETATTR,
        directory,
        b.text(""),
        n(Linux.AT_EMPTY_PATH),
        b.words(Linux.MOUNT_ATTR_RDONLY, 0, 0, 0),
        n(32));
    b.call(Syscall.CLOSE, directory);
  }

  private void copy(String name, Operand.Slot source) {
    String meaning = "copy the secret " + name;
    Operand.Slot count = b.slot();
    Operand.Slot at = b.slot();
    Label read = b.label();
    Label write = b.label();
    Label wait = b.label();
    Label ended = b.label();
    Label fits = b.label();
    b.call(
            meaning,
            Syscall.OPENAT,
            directory,
            b.text(name),
            n(Linux.O_WRONLY | Linux.O_CREAT | Linux.O_EXCL | Linux.O_CLOEXEC),
            n(0400))
        .into(file);
    b.set(left, n(LONGEST));
    b.place(read);
    b.call(meaning, Syscall.READ, source, c.buffer, n(4096))
        .again()
        .into(count)
        .tolerate(Errno.EAGAIN);
    b.jumpIfEqual(count, n(-Errno.EAGAIN.number()), wait);
    b.jumpIfEqual(count, n(0), ended);
    b.arithmetic(Operation.SUBTRACT, value, left, count);
    // below 0, that is a large number, where it is longer
    b.jumpIfLess(value, n(LONGEST), fits);
    b.fail(meaning + ": it is longer than " + LONGEST + " bytes");
    b.place(fits);
    b.set(left, value);
    b.set(at, c.buffer);
    b.place(write);
    b.call(meaning, Syscall.WRITE, file, at, count).again().into(value);
    b.add(at, at, value);
    b.arithmetic(Operation.SUBTRACT, count, count, value);
    b.jumpIfNotEqual(count, n(0), write);
    b.jump(read);
    b.place(wait);
    // a pipe whose writer has not begun, opened without waiting
    Operand.Immediate poll = b.zeroes(8);
    b.store(4, poll, 0, source);
    b.store(4, poll, 4, n(Linux.POLLIN));
    b.call(meaning, Syscall.PPOLL, poll, n(1), n(0), n(0), n(8)).again();
    b.jump(read);
    b.place(ended);
    giveToPayload(meaning);
    b.call(Syscall.CLOSE, file);
    b.call(Syscall.CLOSE, source);
  }

  /** The payload's user may be another than the one that builds the view. */
  private void giveToPayload(String meaning) {
    if (c.payloadChangesIds()) {
      b.call(meaning, Syscall.FCHOWN, file, n(c.payloadUid()), n(c.payloadGid()));
    }
  }
}

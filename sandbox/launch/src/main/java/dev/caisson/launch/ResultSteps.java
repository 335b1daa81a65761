package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import java.util.Arrays;
import java.util.List;

/**
 * The record of a run, as JSON in a file that the caller named. The keeper opens the file's
 * directory before the sandbox exists, and makes the file when nothing of the sandbox is left:
 * under another name, renamed at the end, so that no link is followed and nobody sees a part of it.
 */
final class ResultSteps {
  private static final int LONGEST_NUMBER = 24;
  private static final long SIGSYS = 31;

  /** In place of a status or signal, both of which are smaller. */
  private static final long NONE = 256;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Operand.Slot directory;
  private final Operand.Slot written;
  private final Operand.Slot user;
  private final Operand.Slot system;
  private final Operand.Slot peak;
  private final Operand.Slot wall;
  private final Operand.Slot value;
  private final Operand.Slot chosen;
  private final Operand.Slot length;
  private final Operand.Immediate start;

  /** Where wait4(2) says what the first process and what it waited for have used. */
  final Operand usage;

  ResultSteps(LaunchContext context) {
    c = context;
    b = context.b;
    directory = b.slot();
    written = b.slot();
    user = b.slot();
    system = b.slot();
    peak = b.slot();
    wall = b.slot();
    value = b.slot();
    chosen = b.slot();
    length = b.slot();
    start = b.zeroes(16);
    usage = wanted() ? b.zeroes(Linux.RUSAGE_SIZE) : n(0);
  }

  private boolean wanted() {
    return c.request.result().isPresent();
  }

  private ResultFile file() {
    return c.request.result().orElseThrow();
  }

  /** In the keeper, before the sandbox exists. */
  void prepare() {
    if (wanted()) {
      b.call(
              "open the directory of the result file " + file(),
              Syscall.OPENAT,
              Linux.AT_FDCWD,
              b.text(file().directory()),
              n(Linux.O_PATH | Linux.O_CLOEXEC | OpenFlags.directory(b.architecture())))
          .into(directory)
          .advise(Errno.ENOENT, "Make the directory first");
      b.call(
              "make the result file " + file(),
              Syscall.FACCESSAT2,
              directory,
              b.text("."),
              n(Linux.W_OK | Linux.X_OK),
              n(0))
          .advise(Errno.EACCES, "Name a file in a directory that the caller may write to")
          .advise(Errno.EROFS, "Name a file in a directory that can be written to");
      b.call("read the clock", Syscall.CLOCK_GETTIME, n(1), start);
    }
  }

  /** In the keeper, when the first process was waited for: remembers what it used. */
  void remember() {
    if (wanted()) {
      microseconds(user, usage, Linux.RUSAGE_USER, 1);
      microseconds(system, usage, Linux.RUSAGE_SYSTEM, 1);
      b.load(8, peak, usage, Linux.RUSAGE_LARGEST);
      b.arithmetic(Operation.MULTIPLY, peak, peak, n(1024));
    }
  }

  private void microseconds(Operand.Slot into, Operand address, int offset, int each) {
    Microseconds.load(b, into, value, address, offset, each);
  }

  /**
   * In the keeper, with the sandbox gone.
   *
   * @param status what the keeper ends with
   */
  void write(Operand status, PayloadStatus payload, EndingSteps ending, GroupReport groups) {
    if (!wanted()) {
      return;
    }
    Operand.Immediate now = b.zeroes(16);
    b.call("read the clock", Syscall.CLOCK_GETTIME, n(1), now);
    microseconds(wall, now, 0, 1000);
    microseconds(chosen, start, 0, 1000);
    b.arithmetic(Operation.SUBTRACT, wall, wall, chosen);
    VectorText text = new VectorText(b, 32);
    text.text("{\"version\": 1, \"status\": ").number(status);
    ending(text, payload);
    text.text(", \"endedBy\": \"");
    choose(ending.cause(), Arrays.stream(EndCause.values()).map(EndCause::word).toList());
    text.part(chosen, length);
    text.text("\", \"wallMicroseconds\": ").number(wall);
    text.text(", \"userMicroseconds\": ").number(user);
    text.text(", \"systemMicroseconds\": ").number(system);
    text.text(", \"peakMemoryBytes\": ");
    Label ofProcess = b.label();
    b.set(value, n(0));
    b.jumpIfEqual(groups.peak, n(0), ofProcess);
    b.set(peak, groups.peak);
    b.set(value, n(1));
    b.place(ofProcess);
    text.number(peak).text(", \"peakMemoryOf\": \"");
    choose(value, List.of("largest process", "sandbox"));
    text.part(chosen, length);
    text.text("\", \"memoryKills\": ").number(groups.memoryKills);
    text.text(", \"refusedProcesses\": ").number(groups.refusedProcesses);
    text.text(", \"seccompViolations\": ");
    b.arithmetic(Operation.AND, value, payload.value, n(127));
    Label observed = b.label();
    Label seen = b.label();
    b.jumpIfEqual(value, n(SIGSYS), observed);
    b.set(value, n(0));
    b.jump(seen);
    b.place(observed);
    b.set(value, n(1));
    b.place(seen);
    choose(value, List.of("\"not observed\"", "[\"SIGSYS\"]"));
    text.part(chosen, length).text(", \"error\": null}\n");
    replace(text);
  }

  private void ending(VectorText text, PayloadStatus payload) {
    Label exited = b.label();
    Label known = b.label();
    Operand.Slot exit = b.slot();
    Operand.Slot signal = b.slot();
    b.set(exit, n(NONE));
    b.set(signal, n(NONE));
    b.jumpIfEqual(payload.value, n(PayloadStatus.UNKNOWN), known);
    b.arithmetic(Operation.AND, value, payload.value, n(127));
    b.jumpIfEqual(value, n(0), exited);
    b.set(signal, value);
    b.jump(known);
    b.place(exited);
    b.arithmetic(Operation.DIVIDE, exit, payload.value, n(256));
    b.place(known);
    orNull(text.text(", \"exit\": "), exit);
    orNull(text.text(", \"signal\": "), signal);
  }

  /** A number, or null for {@link #NONE}. */
  private void orNull(VectorText text, Operand.Slot number) {
    Operand.Immediate digits = b.zeroes(LONGEST_NUMBER);
    Operand.Slot end = b.slot();
    Operand.Slot size = b.slot();
    Operand.Slot address = b.slot();
    Label done = b.label();
    b.set(address, b.text("null"));
    b.set(size, n(4));
    b.jumpIfEqual(number, n(NONE), done);
    b.set(end, digits);
    Decimal.append(b, number, end);
    b.arithmetic(Operation.SUBTRACT, size, end, digits);
    b.set(address, digits);
    b.place(done);
    text.part(address, size);
  }

  /** Points at the word with the index that {@code which} holds. */
  private void choose(Operand which, List<String> words) {
    Label done = b.label();
    for (int i = 0; i < words.size(); i++) {
      Label next = b.label();
      b.jumpIfNotEqual(which, n(i), next);
      b.set(chosen, b.text(words.get(i)));
      b.set(length, n(words.get(i).length()));
      b.jump(done);
      b.place(next);
    }
    b.place(done);
  }

  /** In the keeper, for a launch that failed: {@code error} is what is printed. */
  void writeFailure(Operand status, Operand error, Operand size) {
    if (!wanted()) {
      return;
    }
    VectorText text = new VectorText(b, 8);
    text.text("{\"version\": 1, \"status\": ").number(status);
    text.text(", \"exit\": null, \"signal\": null, \"endedBy\": \"failure\", \"error\": \"");
    text.part(error, size).text("\"}\n");
    Label opened = b.label();
    b.jumpIfEqual(directory, n(0), opened);
    replace(text);
    b.place(opened);
  }

  private void replace(VectorText text) {
    String meaning = "write the result file " + file();
    byte[] name = file().name().bytes();
    Operand.Immediate other = b.bytes(temporaryName(name));
    Operand.Slot end = b.slot();
    b.call(Syscall.GETPID).into(value);
    b.set(end, n(other.value() + name.length + 2));
    Decimal.append(b, value, end);
    b.call(Syscall.UNLINKAT, directory, other, n(0)).tolerateAll();
    // readable as the caller's other new files are
    b.arithmetic(Operation.AND, value, c.callerUmask, n(0666));
    b.arithmetic(Operation.SUBTRACT, value, n(0666), value);
    b.call(
            meaning,
            Syscall.OPENAT,
            directory,
            other,
            n(
                Linux.O_WRONLY
                    | Linux.O_CREAT
                    | Linux.O_EXCL
                    | Linux.O_CLOEXEC
                    | OpenFlags.noFollow(b.architecture())),
            value)
        .into(written)
        .advise(Errno.EACCES, "Name a file in a directory that you may write to")
        .advise(Errno.EROFS, "Name a file in a directory that you may write to");
    text.write(meaning, written);
    b.call(Syscall.CLOSE, written);
    b.call(
            meaning,
            Syscall.RENAMEAT2,
            directory,
            other,
            directory,
            b.bytes(Arrays.copyOf(name, name.length + 1)),
            n(0))
        .advise(Errno.EISDIR, "It is a directory; name a file");
  }

  /** A dot, the name and a dot, with room for a number behind them. */
  private static byte[] temporaryName(byte[] name) {
    byte[] hidden = new byte[name.length + 2 + LONGEST_NUMBER];
    hidden[0] = '.';
    System.arraycopy(name, 0, hidden, 1, name.length);
    hidden[name.length + 1] = '.';
    return hidden;
  }
}

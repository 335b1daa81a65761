package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import java.nio.charset.StandardCharsets;

/** Says that a sandbox was out of memory: its group counts the processes that were ended for it. */
final class MemoryReport {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Operand.Slot file;

  MemoryReport(LaunchContext context) {
    c = context;
    b = context.b;
    file = b.slot();
  }

  /**
   * In the keeper, with the sandbox gone.
   *
   * @param group the group's directory
   * @param bytes the limit
   */
  void report(Operand group, boolean legacy, long bytes) {
    Label none = b.label();
    Label next = b.label();
    Label other = b.label();
    Operand.Slot at = b.slot();
    Operand.Slot end = b.slot();
    String counts = legacy ? "memory.oom_control" : "memory.events";
    b.call(Syscall.OPENAT, group, b.text(counts), n(Linux.O_RDONLY | Linux.O_CLOEXEC))
        .into(file)
        .otherwise(none);
    b.call(Syscall.READ, file, c.buffer, n(1024)).into(end).otherwise(none);
    b.add(end, end, c.buffer);
    // so that nothing follows the last count
    b.store(8, end, 0, n(0));
    b.store(8, end, 8, n(0));
    b.set(at, c.buffer);
    b.place(next);
    b.load(8, file, at, 0);
    b.jumpIfNotEqual(file, n(word("oom_kill")), other);
    b.load(1, file, at, 8);
    b.jumpIfNotEqual(file, n(' '), other);
    b.load(1, file, at, 9);
    b.jumpIfEqual(file, n('0'), none);
    say(
        "caisson: the sandbox used up its memory (limits.memory is "
            + bytes
            + (legacy
                ? " bytes), and the kernel ended processes in it\n"
                : " bytes), and the kernel ended it\n"));
    b.jump(none);
    b.place(other);
    b.add(at, at, n(1));
    b.jumpIfLess(at, end, next);
    b.place(none);
  }

  /** Eight characters as a load of eight bytes gives them. */
  private static long word(String text) {
    return java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .getLong();
  }

  private void say(String text) {
    byte[] line = text.getBytes(StandardCharsets.US_ASCII);
    b.call(Syscall.WRITE, n(2), b.bytes(line), n(line.length)).tolerateAll();
  }
}

package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import java.nio.charset.StandardCharsets;

/** What a sandbox's control groups counted, read by the keeper when the sandbox is gone. */
final class GroupReport {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Operand.Slot file;
  private final Operand.Slot at;
  private final Operand.Slot end;
  private final Operand.Slot digit;

  /** How many processes the kernel ended since the memory was used up. */
  final Operand.Slot memoryKills;

  /** The most memory that was in use, in bytes; 0 where it was not counted. */
  final Operand.Slot peak;

  /** How often a process could not be made since there were too many. */
  final Operand.Slot refusedProcesses;

  GroupReport(LaunchContext context) {
    c = context;
    b = context.b;
    file = b.slot();
    at = b.slot();
    end = b.slot();
    digit = b.slot();
    memoryKills = b.slot();
    peak = b.slot();
    refusedProcesses = b.slot();
  }

  /** Of a group that counts memory. */
  void memory(Operand group, boolean legacy) {
    read(group, legacy ? "memory.oom_control" : "memory.events", "oom_kill ", memoryKills);
    read(group, legacy ? "memory.max_usage_in_bytes" : "memory.peak", "", peak);
  }

  /** Of a group that counts processes. */
  void processes(Operand group) {
    read(group, "pids.events", "max ", refusedProcesses);
  }

  /** The number behind the first {@code key} in a file; 0 where there is none. */
  private void read(Operand group, String name, String key, Operand.Slot number) {
    Label none = b.label();
    Label next = b.label();
    Label other = b.label();
    Label found = b.label();
    Label done = b.label();
    b.set(number, n(0));
    b.call(
            "read what the control group counted",
            Syscall.OPENAT,
            group,
            b.text(name),
            n(Linux.O_RDONLY | Linux.O_CLOEXEC))
        .into(file)
        .otherwise(done);
    b.call(Syscall.READ, file, c.buffer, n(1024)).into(end).otherwise(none);
    b.add(end, end, c.buffer);
    // so that neither a key nor a number goes on behind what was read
    b.store(8, end, 0, n(0));
    b.store(8, end, 8, n(0));
    b.set(at, c.buffer);
    b.place(next);
    byte[] letters = key.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < letters.length; i++) {
      b.load(1, digit, at, i);
      b.jumpIfNotEqual(digit, n(letters[i]), other);
    }
    b.add(at, at, n(letters.length));
    b.place(found);
    b.load(1, digit, at, 0);
    b.jumpIfLess(digit, n('0'), none);
    b.jumpIfLess(n('9'), digit, none);
    b.arithmetic(Operation.MULTIPLY, number, number, n(10));
    b.add(number, number, digit);
    b.arithmetic(Operation.SUBTRACT, number, number, n('0'));
    b.add(at, at, n(1));
    b.jump(found);
    b.place(other);
    b.add(at, at, n(1));
    b.jumpIfLess(at, end, next);
    b.place(none);
    b.call(Syscall.CLOSE, file);
    b.place(done);
  }

  /** Says that the sandbox was out of memory, if it was. */
  void sayMemory(boolean legacy, long bytes) {
    Label none = b.label();
    b.jumpIfEqual(memoryKills, n(0), none);
    byte[] line =
        ("caisson: the sandbox used up its memory (limits.memory is "
                + bytes
                + " bytes), and the kernel ended "
                + (legacy ? "processes in it\n" : "it\n"))
            .getBytes(StandardCharsets.US_ASCII);
    b.call(Syscall.WRITE, n(2), b.bytes(line), n(line.length)).tolerateAll();
    b.place(none);
  }
}

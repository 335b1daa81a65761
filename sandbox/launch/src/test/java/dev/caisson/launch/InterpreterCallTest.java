package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.policy.Architecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a system call's result. */
class InterpreterCallTest {
  private static final Operand.Slot FAILED_STEP = new Operand.Slot(LaunchProgram.FAILED_STEP_SLOT);
  private static final Operand.Slot ERRNO = new Operand.Slot(LaunchProgram.ERRNO_SLOT);
  private static final Operand ZERO = Operand.of(0);
  private static final Operand NO_FILE = Operand.of(-1);

  @ParameterizedTest
  @EnumSource
  void aFailureIsNotedAndHandled(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    ProgramBuilder.Label handler = builder.label();
    ProgramBuilder.Label unexpected = builder.label();
    Operand.Slot result = builder.slot();
    Operand.Slot handled = builder.slot();
    builder.set(result, Operand.of(77));
    builder.call(Syscall.CLOSE, NO_FILE).into(result).otherwise(handler);
    builder.place(unexpected);
    builder.call(Syscall.EXIT_GROUP, Operand.of(1)).otherwise(unexpected);
    builder.place(handler);
    builder.set(handled, Operand.of(1));
    Machine.dumpSlots(builder);
    Machine.Outcome outcome = Machine.run(builder.build());
    assertEquals(1, outcome.slot(FAILED_STEP));
    assertEquals(Errno.EBADF.number(), outcome.slot(ERRNO));
    assertEquals(77, outcome.slot(result), "a failed call has no result");
    assertEquals(1, outcome.slot(handled));
  }

  @ParameterizedTest
  @EnumSource
  void aToleratedErrorIsAResult(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    ProgramBuilder.Label handler = builder.label();
    builder.onFailure(handler);
    Errno[] four = {Errno.EPERM, Errno.ENOENT, Errno.EINTR, Errno.EBADF};
    Operand.Slot[] results = new Operand.Slot[6];
    for (int i = 0; i < results.length; i++) {
      results[i] = builder.slot();
    }
    for (int i = 0; i < 4; i++) {
      // EBADF in each place
      Errno[] order = four.clone();
      order[3] = four[i];
      order[i] = Errno.EBADF;
      builder.call(Syscall.CLOSE, NO_FILE).tolerate(order).into(results[i]);
    }
    builder.call(Syscall.CLOSE, NO_FILE).tolerateAll().into(results[4]);
    builder
        .call(Syscall.CLOSE, NO_FILE)
        .tolerate(Errno.EPERM, Errno.ENOENT, Errno.EINTR, Errno.EIO)
        .into(results[5]);
    builder.place(handler);
    Machine.dumpSlots(builder);
    Machine.Outcome outcome = Machine.run(builder.build());
    for (int i = 0; i < 5; i++) {
      assertEquals(-Errno.EBADF.number(), outcome.slot(results[i]), "call " + i);
    }
    assertEquals(0, outcome.slot(results[5]));
    assertEquals(5, outcome.slot(FAILED_STEP));
    assertEquals(Errno.EBADF.number(), outcome.slot(ERRNO));
  }

  @ParameterizedTest
  @EnumSource
  void everyArgumentArrives(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    ProgramBuilder.Label handler = builder.label();
    builder.onFailure(handler);
    Operand.Immediate data = builder.words(0x1122334455667788L);
    Operand.Slot file = builder.slot();
    Operand.Slot mapped = builder.slot();
    Operand.Slot read = builder.slot();
    Operand.Slot wanted = builder.slot();
    Operand.Slot offset = builder.slot();
    long address = 0x3000_0000L;
    builder.set(wanted, Operand.of(address));
    builder.set(offset, Operand.of(0x10000));
    builder.call(Syscall.MEMFD_CREATE, builder.text("t"), ZERO).into(file);
    builder.call(Syscall.PWRITE64, file, data, Operand.of(8), Operand.of(0x10000));
    // read only, shared, at a fixed address: all six matter
    builder
        .call(Syscall.MMAP, wanted, Operand.of(8), Operand.of(1), Operand.of(0x11), file, offset)
        .into(mapped);
    builder.load(8, read, mapped, 0);
    builder.place(handler);
    Machine.dumpSlots(builder);
    Machine.Outcome outcome = Machine.run(builder.build());
    assertEquals(address, outcome.slot(mapped));
    assertEquals(0x1122334455667788L, outcome.slot(read));
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptedCallIsMadeAgainOnlyWhereAsked(Architecture architecture) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    ProgramBuilder.Label broken = builder.label();
    builder.onFailure(broken);
    Operand.Slot once = builder.slot();
    Operand.Slot noted = builder.slot();
    Operand.Slot again = builder.slot();
    Operand.Slot tolerated = builder.slot();
    ProgramBuilder.Label goOn = builder.label();
    handleUserSignal(builder);

    pendingUserSignal(builder);
    builder.set(once, Operand.of(55));
    pollUnblocked(builder).into(once).otherwise(goOn);
    builder.place(goOn);
    builder.set(noted, ERRNO);
    pendingUserSignal(builder);
    builder.set(again, Operand.of(55));
    pollUnblocked(builder).into(again).again();
    pendingUserSignal(builder);
    pollUnblocked(builder).into(tolerated).again().tolerate(Errno.EINTR);
    Machine.dumpSlots(builder);
    builder.place(broken);
    builder.call(Syscall.EXIT_GROUP, ERRNO);

    Machine.Outcome outcome = Machine.run(builder.build());
    assertEquals(0, outcome.status());
    assertEquals(55, outcome.slot(once));
    assertEquals(Errno.EINTR.number(), outcome.slot(noted));
    assertEquals(0, outcome.slot(again));
    assertEquals(-Errno.EINTR.number(), outcome.slot(tolerated));
  }

  private static final int SIGUSR1 = 10;

  /** Maps a signal handler that returns at once, and blocks SIGUSR1. */
  private static void handleUserSignal(ProgramBuilder builder) {
    Operand.Slot code = builder.slot();
    Operand.Immediate action = builder.words(0, 0, 0, 0);
    Operand eight = Operand.of(8);
    builder
        .call(Syscall.MMAP, ZERO, Operand.of(4096), Operand.of(7), Operand.of(0x22), NO_FILE, ZERO)
        .into(code);
    if (builder.architecture() == Architecture.X86_64) {
      // ret; and the restorer: mov eax, 15; syscall
      builder.store(4, code, 0, Operand.of(0xc3));
      builder.store(8, code, 8, Operand.of(0x050f_0000_000f_b8L));
      builder.store(4, action, 8, Operand.of(0x0400_0000));
    } else {
      // ret; the restorer is the kernel's
      builder.store(4, code, 0, Operand.of(0xd65f_03c0L));
    }
    Operand.Slot restorer = builder.slot();
    builder.add(restorer, code, eight);
    builder.store(8, action, 0, code);
    builder.store(8, action, 16, restorer);
    builder.call(Syscall.RT_SIGACTION, Operand.of(SIGUSR1), action, ZERO, eight);
    Operand.Immediate mask = builder.words(1L << (SIGUSR1 - 1));
    builder.call(Syscall.RT_SIGPROCMASK, ZERO, mask, ZERO, eight);
  }

  private static void pendingUserSignal(ProgramBuilder builder) {
    Operand.Slot pid = builder.slot();
    builder.call(Syscall.GETPID).into(pid);
    builder.call(Syscall.KILL, pid, Operand.of(SIGUSR1));
  }

  /** Waits for nothing and not at all, while no signal is blocked: EINTR if one is pending. */
  private static ProgramBuilder.Call pollUnblocked(ProgramBuilder builder) {
    Operand.Immediate none = builder.words(0);
    Operand.Immediate timeout = builder.words(0, 0);
    return builder.call(Syscall.PPOLL, ZERO, ZERO, timeout, none, Operand.of(8));
  }

  /** A filter of our own makes up the results; qemu's user emulation has no filters. */
  @Test
  void anErrorAbove255IsNotConfusedWithItsLowByte() {
    ProgramBuilder builder = new ProgramBuilder(Architecture.current());
    ProgramBuilder.Label failed = builder.label();
    builder.onFailure(failed);
    Operand.Slot result = builder.slot();
    failWith(builder, Syscall.GETPPID, 256 + Errno.ENOMEM.number());
    builder.call(Syscall.GETPPID).tolerate(Errno.ENOMEM).into(result);
    builder.place(failed);
    Machine.dumpSlots(builder);
    Machine.Outcome outcome = Machine.run(builder.build());
    assertEquals(268, outcome.slot(ERRNO));
    assertEquals(0, outcome.slot(result));
  }

  @Test
  void errorsEndAt4095() {
    ProgramBuilder builder = new ProgramBuilder(Architecture.current());
    ProgramBuilder.Label broken = builder.label();
    ProgramBuilder.Label failed = builder.label();
    builder.onFailure(broken);
    Operand.Slot memory = builder.slot();
    Operand.Slot position = builder.slot();
    failWith(builder, Syscall.GETPPID, 4095);
    // the one file whose offsets may be negative
    builder
        .call(Syscall.OPENAT, Operand.of(-100), builder.text("/proc/self/mem"), Operand.of(0), ZERO)
        .into(memory);
    builder.call(Syscall.LSEEK, memory, Operand.of(-4096), ZERO).into(position);
    builder.call(Syscall.GETPPID).otherwise(failed);
    builder.place(broken);
    builder.call(Syscall.EXIT_GROUP, Operand.of(1));
    builder.place(failed);
    Machine.dumpSlots(builder);
    Machine.Outcome outcome = Machine.run(builder.build());
    assertEquals(0, outcome.status());
    assertEquals(-4096, outcome.slot(position));
    assertEquals(4095, outcome.slot(ERRNO));
  }

  private static void failWith(ProgramBuilder builder, Syscall syscall, int errno) {
    int number = syscall.number(builder.architecture());
    Operand.Immediate filter =
        builder.words(
            // load the call's number
            0x0000_0000_0000_0020L,
            // where it is the one, go to the next instruction, else skip it
            (long) number << 32 | 0x0100_0015L,
            (0x0005_0000L | errno) << 32 | 6,
            0x7fff_0000L << 32 | 6);
    Operand.Immediate program = builder.words(4, filter.value());
    builder.call(Syscall.PRCTL, Operand.of(38), Operand.of(1), ZERO, ZERO, ZERO);
    builder.call(Syscall.SECCOMP, Operand.of(1), ZERO, program);
  }
}

package dev.caisson.engine.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.ArgumentNames;
import dev.caisson.policy.seccomp.Constants;
import dev.caisson.policy.seccomp.SeccompProfile;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of calls name what exists, and tell what they must tell. */
class TablesTest {
  private static final List<Long> NONE = List.of(0L, 0L, 0L, 0L, 0L, 0L);

  @Test
  void everyCallIsKnown() {
    for (List<String> calls :
        List.of(NeverLearned.calls(), PathArguments.calls(), TrackedArguments.calls())) {
      for (String call : calls) {
        assertEquals(Optional.empty(), SeccompProfile.hintUnknownCall(call), call);
      }
    }
    for (List<String> calls : AssumedCalls.beside(Set.of("brk", "futex", "wait4")).values()) {
      for (String call : calls) {
        assertEquals(Optional.empty(), SeccompProfile.hintUnknownCall(call), call);
      }
    }
  }

  @Test
  void everyArgumentAndConstantIsKnown() {
    for (String call : TrackedArguments.calls()) {
      for (TrackedArguments.Argument argument : TrackedArguments.of(call)) {
        assertEquals(Optional.empty(), ArgumentNames.mistake(call, argument.name()));
        for (String constant : argument.constants()) {
          assertTrue(Constants.contains(constant), constant);
        }
      }
    }
  }

  @Test
  void everyCallThatTakesAPathOnX86IsInTheTable() {
    SyscallTable table = SyscallTable.of(Abi.X86_64);
    for (String call : List.of("stat", "newfstatat", "statx", "rename", "unlinkat", "execve")) {
      assertTrue(table.number(call).isPresent());
      assertFalse(PathArguments.of(call).isEmpty(), call);
    }
    assertEquals(2, PathArguments.of("renameat2").size());
  }

  /** Flags and arguments in hexadecimal, the first two. */
  @ParameterizedTest
  @CsvSource({
    "clone, 1200011, 0, false",
    "clone, 3d0f00, 0, false",
    "clone, 10000011, 0, true",
    "clone, 20000, 0, true",
    "unshare, 400, 0, false",
    "unshare, 80, 0, true",
    "ioctl, 0, 5401, false",
    "ioctl, 0, 5412, true",
    "ioctl, 0, ffffffff00005412, true",
    "socket, 2, 1, false",
    "socket, 2, 80003, true",
    "socket, 10, 3, false",
    "socket, 28, 1, true",
    "socket, ffffffff00000028, 1, true",
    "openat, 0, 0, false",
    "ptrace, 0, 0, true"
  })
  void argumentsDecideWhatIsNeverLearned(String call, String first, String second, boolean never) {
    List<Long> arguments =
        List.of(
            Long.parseUnsignedLong(first, 16), Long.parseUnsignedLong(second, 16), 0L, 0L, 0L, 0L);
    assertEquals(never, NeverLearned.why(call, arguments).isPresent());
  }

  @Test
  void whatIsToldApartIsWhatTheKernelReads() {
    List<TrackedArguments.Argument> socket = TrackedArguments.of("socket");
    List<Long> plain = TrackedArguments.values(socket, List.of(2L, 1L, 6L, 0L, 0L, 0L));
    List<Long> closed =
        TrackedArguments.values(socket, List.of(0xffffffff00000002L, 0x80801L, 6L, 9L, 9L, 9L));
    assertEquals(plain, closed);
    assertEquals(List.of(), TrackedArguments.values(TrackedArguments.of("read"), NONE));
    assertEquals(
        List.of(0L, 7L, 1L),
        TrackedArguments.values(
            TrackedArguments.of("prlimit64"), List.of(0L, 7L, 0x7fff_0000_0000L, 0L, 0L, 0L)));
  }

  @Test
  void flagsAreNamed() {
    TrackedArguments.Argument clone = TrackedArguments.of("clone").get(0);
    assertEquals("CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|0x11", clone.text(0x1200011, Abi.X86_64));
    assertEquals("0x11", clone.text(0x11, Abi.X86_64));
    TrackedArguments.Argument ioctl = TrackedArguments.of("ioctl").get(0);
    assertEquals("TCGETS", ioctl.text(0x5401, Abi.X86_64));
    assertEquals("0xdeadbeef", ioctl.text(0xdeadbeefL, Abi.X86_64));
  }
}

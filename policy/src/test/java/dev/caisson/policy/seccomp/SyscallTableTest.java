package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.KernelVersion;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyscallTableTest {
  private final SyscallTable x86 = SyscallTable.of(Architecture.X86_64);
  private final SyscallTable arm = SyscallTable.of(Architecture.AARCH64);

  @Test
  void numbersAndNames() {
    assertEquals(OptionalInt.of(59), x86.number("execve"));
    assertEquals(OptionalInt.of(221), arm.number("execve"));
    assertEquals("clone3", arm.name(435).orElseThrow());
    assertTrue(arm.number("open").isEmpty());
    assertTrue(x86.name(400).isEmpty());
    assertTrue(x86.name(-1).isEmpty());
    assertEquals(385, x86.names().size());
    assertEquals(472, x86.end());
  }

  @Test
  void widthsAreJoinedByNumberBecauseSourcesNameCallsDifferently() {
    // the widths call it newfstat and umount
    assertEquals(4, x86.width(x86.number("fstat").orElseThrow(), 0));
    assertEquals(4, x86.width(x86.number("umount2").orElseThrow(), 1));
    assertEquals(8, x86.width(x86.number("umount2").orElseThrow(), 0));
  }

  @Test
  void aModeIsSixteenBitsAndCloneFlagsThirtyTwo() {
    for (SyscallTable table : Set.of(x86, arm)) {
      assertEquals(2, table.width(table.number("fchmod").orElseThrow(), 1));
      assertEquals(4, table.width(table.number("clone").orElseThrow(), 0));
      assertEquals(4, table.width(table.number("ptrace").orElseThrow(), 1));
      assertEquals(8, table.width(table.number("ptrace").orElseThrow(), 0));
      assertEquals(4, table.width(table.number("ioctl").orElseThrow(), 1));
    }
    assertEquals(8, x86.width(400, 0));
  }

  @Test
  void releases() {
    assertEquals(new KernelVersion(5, 3), x86.since(435).orElseThrow());
    assertTrue(x86.isNewerThan(435, new KernelVersion(5, 2)));
    assertFalse(x86.isNewerThan(435, new KernelVersion(5, 3)));
  }

  @ParameterizedTest
  @EnumSource
  void onlyCallsThatNoKernelImplementsLackARelease(Abi abi) {
    SyscallTable table = SyscallTable.of(abi);
    Set<String> never =
        Set.of(
            "afs_syscall",
            "break",
            "epoll_ctl_old",
            "epoll_wait_old",
            "ftime",
            "getpmsg",
            "gtty",
            "idle",
            "lock",
            "mpx",
            "multiplexer",
            "prof",
            "profil",
            "putpmsg",
            "security",
            "stty",
            "timerfd",
            "tuxcall",
            "ulimit",
            "vserver");
    for (String name : table.names()) {
      boolean known = table.since(table.number(name).orElseThrow()).isPresent();
      assertEquals(!never.contains(name), known, name);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyNameMayStandInAProfile(Abi abi) {
    for (String name : SyscallTable.of(abi).names()) {
      assertTrue(KnownCalls.contains(name), name);
    }
    assertFalse(KnownCalls.contains("no_such_call"));
  }
}

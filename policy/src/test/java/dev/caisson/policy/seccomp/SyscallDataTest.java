package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of groups and constants. */
class SyscallDataTest {
  @Test
  void everyNameOfAGroupIsACall() {
    assertTrue(CallGroups.names().size() > 20);
    for (String group : CallGroups.names()) {
      assertTrue(group.startsWith("@"), group);
      List<String> calls = CallGroups.calls(group).orElseThrow();
      assertTrue(!calls.isEmpty(), group);
      for (String call : calls) {
        assertTrue(KnownCalls.contains(call), () -> group + " has " + call);
      }
      assertTrue(CallGroups.meaning(group).orElseThrow().endsWith("."), group);
    }
    assertTrue(CallGroups.calls("@privileged").orElseThrow().containsAll(List.of("swapon", "bpf")));
  }

  @ParameterizedTest
  @CsvSource({
    "AF_VSOCK, X86_64, 40",
    "CLONE_NEWUSER, S390X, 0x10000000",
    "O_DIRECTORY, X86_64, 0x10000",
    "O_DIRECTORY, AARCH64, 0x4000",
    "O_DIRECTORY, ARM, 0x4000",
    "TIOCSTI, I386, 0x5412",
    "TIOCGWINSZ, PPC64, 0x40087468",
    "FS_IOC_GETFLAGS, I386, 0x80046601",
    "AT_FDCWD, X86_64, -100",
    "ARCH_SET_FS, X86_64, 0x1002",
  })
  void aConstantHasTheNumberOfItsAbi(String name, Abi abi, String number) {
    assertEquals(OptionalLong.of(Long.decode(number)), Constants.value(name, abi));
  }

  @Test
  void aConstantMayBeMissingOnAnAbi() {
    assertEquals(OptionalLong.empty(), Constants.value("ARCH_SET_FS", Abi.AARCH64));
    assertEquals(OptionalLong.empty(), Constants.value("MAP_32BIT", Abi.RISCV64));
    assertTrue(!Constants.contains("AF_NOTHING"));
  }
}

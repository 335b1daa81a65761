package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.launch.PlannedCalls.PlannedCall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rulesets that are asked of each ABI, as include/uapi/linux/landlock.h numbers their rights.
 */
class LandlockPlanTest {
  private static final String PORTS =
      "\"landlock\": {\"connect\": [443, 80], \"bind\": [], \"log\": true}";

  @TempDir private Path scratch;

  private PlannedCalls calls(int abi, String members) throws IOException {
    return new PlannedPolicy(scratch).as(1000, 1000).landlock(abi).calls(members);
  }

  private static PlannedCall only(PlannedCalls calls, Syscall syscall) {
    List<PlannedCall> all = calls.all(Role.PAYLOAD, syscall);
    assertEquals(1, all.size());
    return all.get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0x1fff, 8, 0, 0",
    "2, 0x3fff, 8, 0, 0",
    "3, 0x7fff, 8, 0, 0",
    "4, 0x7fff, 16, 0, 0",
    "5, 0xffff, 16, 0, 0",
    "6, 0xffff, 24, 3, 0",
    "7, 0xffff, 24, 3, 4",
    "8, 0xffff, 24, 3, 4"
  })
  void eachAbiIsUsed(int abi, String files, int size, long scopes, long flags) throws IOException {
    PlannedCalls calls = calls(abi, "");
    PlannedCall made = only(calls, Syscall.LANDLOCK_CREATE_RULESET);
    assertEquals(Long.decode(files), made.word(0, 0).orElseThrow());
    assertEquals(size, made.argument(1));
    assertEquals(0, made.word(0, 1).orElseThrow(), "ports are free unless they are listed");
    assertEquals(scopes, made.word(0, 2).orElseThrow());
    assertEquals(flags, only(calls, Syscall.LANDLOCK_RESTRICT_SELF).argument(1));
  }

  @Test
  void portsAreRulesFromAbi4OnAndRefusalsAreLoggedFromAbi7On() throws IOException {
    for (int abi : List.of(3, 4, 6, 7)) {
      PlannedCalls calls = calls(abi, PORTS);
      List<PlannedCall> ports =
          calls.all(Role.PAYLOAD, Syscall.LANDLOCK_ADD_RULE, call -> call.argument(1) == 2);
      assertEquals(abi < 4 ? 0 : 2, ports.size());
      for (int i = 0; i < ports.size(); i++) {
        assertEquals(2, ports.get(i).word(2, 0).orElseThrow());
        assertEquals(List.of(80L, 443L).get(i), ports.get(i).word(2, 1).orElseThrow());
      }
      assertEquals(abi < 7 ? 0 : 6, only(calls, Syscall.LANDLOCK_RESTRICT_SELF).argument(1));
      assertEquals(
          abi < 4 ? 8 : abi < 6 ? 16 : 24,
          only(calls, Syscall.LANDLOCK_CREATE_RULESET).argument(1));
    }
    assertEquals(
        3, only(calls(4, PORTS), Syscall.LANDLOCK_CREATE_RULESET).word(0, 1).orElseThrow());
  }

  @Test
  void whatAnOlderOneLacksIsNamed() throws IOException {
    List<String> notes = new PlannedPolicy(scratch).as(1000, 1000).landlock(3).plan(PORTS).notes();
    assertEquals(
        List.of(
            "not enforced: the kernel has Landlock ABI 3, not 7",
            "this kernel's Landlock does not cover TCP ports (6.7), device control (6.10), signals and"
                + " abstract sockets (6.12), the audit log (6.15); everything else is in place"),
        notes);
    List<String> first = new PlannedPolicy(scratch).as(1000, 1000).landlock(1).plan("").notes();
    assertEquals(
        "this kernel's Landlock lets no file be moved or linked from one directory to another"
            + " (Linux 5.19)",
        first.get(0),
        first::toString);
  }
}

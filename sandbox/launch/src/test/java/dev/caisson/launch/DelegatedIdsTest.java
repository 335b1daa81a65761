package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DelegatedIdsTest {
  @Test
  void theCallerStandsAmongTheRange() {
    DelegatedIds ids = new DelegatedIds(33, 1000, 100000, 65536);

    assertEquals("0 100000 33\n33 1000 1\n34 100033 65503", ids.lines());
    assertEquals(
        List.of("0", "100000", "33", "33", "1000", "1", "34", "100033", "65503"), ids.arguments());
    assertTrue(ids.knows(0) && ids.knows(33) && ids.knows(65536));
    assertFalse(ids.knows(65537));
    assertTrue(ids.holds(1000) && ids.holds(100000) && ids.holds(165535));
    assertFalse(ids.holds(0) || ids.holds(1001) || ids.holds(165536));
  }

  @Test
  void theCallerMayBeFirstOrBehindTheRange() {
    assertEquals("0 1000 1\n1 100000 10", new DelegatedIds(0, 1000, 100000, 10).lines());
    assertEquals("0 100000 10\n1000 1000 1", new DelegatedIds(1000, 1000, 100000, 10).lines());
  }
}

package dev.caisson.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void aBeginningIsCompletedBeforeItIsRespelt() {
    assertEquals(Optional.of("--ro-bind"), Nearest.word("--ro", List.of("--rw", "--ro-bind")));
    assertEquals(Optional.of("--env"), Nearest.word("--en", List.of("--env-host", "--env")));
  }

  @Test
  void whatBeginsNothingIsRespelt() {
    assertEquals(
        Optional.of("untrusted"), Nearest.word("untrused", List.of("strict", "untrusted")));
    assertEquals(Optional.empty(), Nearest.word("docker", List.of("strict", "untrusted")));
  }

  @Test
  void aLetterOrTwoBeginNothingInParticular() {
    assertEquals(Optional.empty(), Nearest.word("s", List.of("strict", "developer")));
  }

  @Test
  void aShortWordIsNearWithOneLetterAtTheMost() {
    assertEquals(Optional.empty(), Nearest.word("prune", List.of("run", "wrap")));
    assertEquals(Optional.of("run"), Nearest.word("rnu", List.of("run", "wrap")));
    assertEquals(Optional.empty(), Nearest.word("--uts", List.of("--tty")));
    assertEquals(Optional.empty(), Nearest.word("--time_limit", List.of("--pids-limit")));
    assertEquals(Optional.of("--timeout"), Nearest.word("--tmieot", List.of("--timeout")));
  }
}

package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completion as the shells themselves do it. */
class CompletionTest {
  @TempDir private Path scratch;
  private Caisson caisson = Caisson.withHome(Path.of("/"));

  @BeforeEach
  void home() {
    caisson = Caisson.withHome(scratch);
  }

  private Path script(String shell) throws IOException {
    Path file = scratch.resolve("script");
    return Files.writeString(file, caisson.run("completion", shell).expect(0).text());
  }

  @Test
  void bashCompletesVerbsFlagsAndValues() throws IOException {
    Peer.need("bash");
    String program =
        """
        source "$1"
        try() {
          COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
          _complete_caisson 2> /dev/null
          echo "${COMPREPLY[@]}"
        }
        try caisson comp
        try caisson wrap --po
        try caisson run --network ''
        try caisson policy di
        try caisson wrap --policy unt
        try caisson explain w
        """;
    Outcome outcome = Command.of("bash", "-c", program, "bash", script("bash").toString()).run();
    assertEquals(
        List.of("compile completion", "--policy", "none private host", "diff", "untrusted", "wrap"),
        outcome.expect(0).text().lines().toList());
  }

  @Test
  void zshLoadsTheScript() throws IOException {
    Peer.need("zsh");
    String program = "autoload -U compinit; compinit -u -D; source \"$1\"; print $_comps[caisson]";
    Outcome outcome =
        Command.of("zsh", "-fc", program, "zsh", script("zsh").toString())
            .with("HOME", scratch.toString())
            .run();
    assertTrue(outcome.expect(0).text().contains("_complete_caisson"), outcome::toString);
    assertEquals("", outcome.error());
  }

  @Test
  void fishCompletesVerbsFlagsAndValues() throws IOException {
    Peer.need("fish");
    String program =
        """
        source %s
        complete -C 'caisson comp'
        complete -C 'caisson wrap --po'
        complete -C 'caisson run --network n'
        complete -C 'caisson policy di'
        complete -C 'caisson wrap --policy unt'
        complete -C 'caisson explain w'
        """
            .formatted(script("fish"));
    Outcome outcome =
        Command.of("fish", "--no-config", "-c", program)
            .with("HOME", scratch.toString())
            .in(Files.createDirectory(scratch.resolve("empty")))
            .run();
    List<String> words =
        outcome.expect(0).text().lines().map(line -> line.split("\t", 2)[0]).toList();
    assertEquals(
        List.of("compile", "completion", "--policy", "none", "diff", "untrusted", "wrap"), words);
    assertEquals("", outcome.error());
  }
}

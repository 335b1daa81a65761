package dev.caisson.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A terminal of 80 by 24 characters that a command runs on: one window of a tmux of its own. */
final class Screen implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String socket = "caisson-e2e-" + UUID.randomUUID();

  private Screen() {}

  /** Starts the command; at its end the screen says {@code ended with} and the status. */
  static Screen running(List<String> command, Path directory) {
    Screen screen = new Screen();
    List<String> words = new ArrayList<>();
    words.addAll(List.of("new-session", "-d", "-x", "80", "-y", "24", "-c", directory.toString()));
    words.addAll(List.of("sh", "-c", "\"$@\"; echo ended with $?; exec cat", "sh"));
    words.addAll(command);
    screen.tmux(words);
    return screen;
  }

  /** Types keys, by the names that tmux has for them; anything else as it is. */
  void type(String... keys) {
    List<String> words = new ArrayList<>(List.of("send-keys"));
    words.addAll(Arrays.asList(keys));
    tmux(words);
  }

  /** Waits until {@code text} is on the screen. */
  void await(String text) {
    Instant end = Instant.now().plus(PATIENCE);
    String seen;
    do {
      seen = tmux(List.of("capture-pane", "-p")).text();
      if (seen.contains(text)) {
        return;
      }
    } while (Instant.now().isBefore(end));
    throw new AssertionError("'" + text + "' did not appear; the screen:\n" + seen);
  }

  private Outcome tmux(List<String> words) {
    List<String> all = new ArrayList<>(List.of("tmux", "-L", socket, "-f", "/dev/null"));
    all.addAll(words);
    return Command.of(all).without("TMUX").run().expect(0);
  }

  @Override
  public void close() {
    tmux(List.of("kill-server"));
  }
}

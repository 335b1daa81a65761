package dev.caisson.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds a Podman command line that works for this user on this host. */
final class Podman {
  private static final Path PROGRAM = Path.of("/usr/bin/podman");

  private String trouble = "it is not installed";

  /** The command, or empty where Podman cannot run: {@link #trouble} says why then. */
  Optional<List<String>> command(Path root) {
    if (!Files.isExecutable(PROGRAM)) {
      return Optional.empty();
    }
    for (String runtime : List.of("crun", "runc")) {
      List<String> words =
          new ArrayList<>(List.of(PROGRAM.toString(), "--runtime", runtime, "run", "--rm"));
      words.addAll(List.of("--network", "none", "--rootfs", root.toString(), "/bin/true"));
      if (works(words)) {
        return Optional.of(words);
      }
    }
    return Optional.empty();
  }

  String trouble() {
    return trouble;
  }

  private boolean works(List<String> words) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() == 0) {
        return true;
      }
      String last = said.strip().lines().reduce("", (before, line) -> line);
      trouble =
          String.join(" ", words.subList(1, 3))
              + " ended with "
              + process.exitValue()
              + ": "
              + last;
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

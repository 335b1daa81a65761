package dev.caisson.engine;

import dev.caisson.launch.Elf;
import dev.caisson.launch.LaunchProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How a launch program ran that went wrong: once nothing of it was left.
 *
 * @param left what still ran when patience ended
 */
record FaultyRun(long pid, int status, String out, String err, List<String> left) {
  private static final long PATIENCE_SECONDS = 20;
  private static final byte[] OWN_NAME = "caisson\0".getBytes(StandardCharsets.UTF_8);

  /** Whether it ended in the same way and printed the same. */
  boolean isAs(FaultyRun other) {
    return status == other.status && out.equals(other.out) && err.equals(other.err);
  }

  /** Runs {@code program} in {@code directory}; its processes go by {@code name} of 7 letters. */
  static FaultyRun of(LaunchProgram program, Path directory, String name) {
    Path file = directory.resolve(name);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    try {
      Files.write(file, Elf.write(named(program, name)));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
      Process process =
          new ProcessBuilder(file.toString())
              .directory(directory.toFile())
              .redirectInput(Redirect.from(directory.resolve("in").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      List<String> left = awaitEnd(name);
      process.destroyForcibly();
      return new FaultyRun(
          process.pid(),
          ended ? process.waitFor() : -1,
          Files.readString(out),
          Files.readString(err),
          left);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The name that a process shows is the first text of the program that says just this. */
  private static LaunchProgram named(LaunchProgram program, String name) {
    byte[] data = program.data();
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    for (int at = 1; at + OWN_NAME.length <= data.length; at++) {
      if (data[at - 1] == 0
          && java.util.Arrays.equals(
              data, at, at + OWN_NAME.length, OWN_NAME, 0, OWN_NAME.length)) {
        System.arraycopy(bytes, 0, data, at, bytes.length);
      }
    }
    return new LaunchProgram(program.architecture(), program.steps(), data, program.zeroBytes());
  }

  /** Waits until no process has the name any more, and returns those that stay. */
  private static List<String> awaitEnd(String name) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    List<String> left = running(name);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
      left = running(name);
    }
    return left;
  }

  private static List<String> running(String name) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.toList()) {
        if (Character.isDigit(process.getFileName().toString().charAt(0))
            && read(process.resolve("comm")).strip().equals(name)) {
          String stat = read(process.resolve("stat"));
          // an orphan that ended is its new parent's to wait for
          if (!stat.contains(") Z ")) {
            found.add(process.getFileName() + ": " + stat);
          }
        }
      }
    }
    return found;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      // it ended
      return "";
    }
  }
}

package dev.caisson.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program with arguments, environment, directory and input, as a test wants to run it. */
final class Command {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final List<String> words = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>(System.getenv());
  private Path directory = Path.of("").toAbsolutePath();
  private byte[] input = {};

  private Command(List<String> words) {
    this.words.addAll(words);
    // what Maven and its launcher set is not what a user has
    environment.keySet().removeIf(name -> name.startsWith("MAVEN_") || name.startsWith("JAVA_"));
  }

  static Command of(String... words) {
    return new Command(List.of(words));
  }

  static Command of(List<String> words) {
    return new Command(words);
  }

  Command with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Command without(String name) {
    environment.remove(name);
    return this;
  }

  /** Has {@code launcher} start the program. */
  Command through(List<String> launcher) {
    words.addAll(0, launcher);
    return this;
  }

  Command in(Path newDirectory) {
    directory = newDirectory;
    return this;
  }

  Command input(byte[] bytes) {
    input = bytes.clone();
    return this;
  }

  Command input(String text) {
    return input(text.getBytes(StandardCharsets.UTF_8));
  }

  List<String> words() {
    return Collections.unmodifiableList(words);
  }

  /** Starts the program; the caller waits for it. */
  Process start() {
    ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the program to its end and until its output is closed. */
  Outcome run() {
    Process process = start();
    CompletableFuture<byte[]> out = reading(process.getInputStream());
    CompletableFuture<byte[]> err = reading(process.getErrorStream());
    CompletableFuture<Void> in = CompletableFuture.runAsync(() -> feed(process));
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(
            "no end after "
                + PATIENCE
                + ": "
                + words
                + new Outcome(words, -1, out.get(), err.get()));
      }
      byte[] printed = out.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      byte[] complained = err.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      in.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return new Outcome(words(), process.exitValue(), printed, complained);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + words, e);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("cannot read the output of " + words, e);
    }
  }

  private void feed(Process process) {
    try (var stream = process.getOutputStream()) {
      stream.write(input);
    } catch (IOException e) {
      // a program may end without having read its input
      if (input.length == 0) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static CompletableFuture<byte[]> reading(InputStream stream) {
    CompletableFuture<byte[]> bytes = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (stream) {
                bytes.complete(stream.readAllBytes());
              } catch (IOException e) {
                bytes.completeExceptionally(e);
              }
            });
    reader.setDaemon(true);
    reader.start();
    return bytes;
  }
}

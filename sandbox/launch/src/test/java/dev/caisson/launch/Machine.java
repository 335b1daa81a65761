package dev.caisson.launch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caisson.policy.Architecture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Runs programs as executables, those of another architecture under qemu's user emulation. */
final class Machine {
  /** What a program left: its status, its standard output and its standard error. */
  record Outcome(int status, byte[] output, byte[] errors) {
    String text() {
      return new String(output, StandardCharsets.UTF_8);
    }

    /** Of a program that ended with {@link Machine#dumpSlots}. */
    long slot(Operand.Slot slot) {
      return slot(slot.index());
    }

    long slot(int index) {
      return ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN).getLong(index * 8);
    }
  }

  private static final Path DIRECTORY = Path.of("target", "programs");

  private Machine() {}

  /** Adds steps that write all slots to standard output and exit with 0. */
  static void dumpSlots(ProgramBuilder builder) {
    ProgramBuilder.Label failed = builder.label();
    builder.onFailure(failed);
    builder.call(
        Syscall.WRITE,
        Operand.of(1),
        Operand.of(LaunchProgram.SLOTS_ADDRESS),
        Operand.of(LaunchProgram.SLOTS * 8L));
    builder.call(Syscall.EXIT_GROUP, Operand.of(0));
    builder.place(failed);
    builder.call(Syscall.EXIT_GROUP, Operand.of(99));
  }

  static Outcome run(LaunchProgram program, String... arguments) {
    return run(program, new byte[0], arguments);
  }

  static Outcome run(LaunchProgram program, byte[] input, String... arguments) {
    List<String> command = new ArrayList<>(emulator(program.architecture()));
    try {
      Files.createDirectories(DIRECTORY);
      Path file = Files.createTempFile(DIRECTORY, "program", "");
      try {
        Files.write(file, Elf.write(program));
        file.toFile().setExecutable(true);
        command.add(file.toAbsolutePath().toString());
        command.addAll(Arrays.asList(arguments));
        return run(command, input);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome run(List<String> command, byte[] input) throws IOException {
    Process process = new ProcessBuilder(command).start();
    try (var in = process.getOutputStream()) {
      in.write(input);
    } catch (IOException e) {
      // a program that reads nothing may have ended already
      if (!"Broken pipe".equals(e.getMessage())) {
        throw e;
      }
    }
    byte[] output = process.getInputStream().readAllBytes();
    byte[] errors = process.getErrorStream().readAllBytes();
    try {
      return new Outcome(process.waitFor(), output, errors);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What runs programs of {@code architecture}; skips the test where nothing does. */
  private static List<String> emulator(Architecture architecture) {
    if (architecture == Architecture.current()) {
      return List.of();
    }
    String name = "qemu-" + architecture.kernelName() + "-static";
    Optional<String> emulator = onPath(name);
    if (emulator.isEmpty() && "true".equals(System.getenv("CI"))) {
      throw new AssertionError(name + " is not on the path");
    }
    assumeTrue(emulator.isPresent(), name + " is not on the path");
    return emulator.map(List::of).orElseThrow();
  }

  private static Optional<String> onPath(String name) {
    for (String directory : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(directory, name))) {
        return Optional.of(Path.of(directory, name).toString());
      }
    }
    return Optional.empty();
  }
}

package dev.caisson.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The program in C that times filters in the kernel: a JVM cannot drop a filter again. */
final class FilterTimer {
  private final Path program;
  private final int rounds;

  private FilterTimer(Path program, int rounds) {
    this.program = program;
    this.rounds = rounds;
  }

  /** Compiles {@code source} into {@code directory}. */
  static FilterTimer build(Path source, Path directory, int rounds) {
    Path program = directory.resolve("filters");
    output(List.of("cc", "-O2", "-o", program.toString(), source.toString()));
    return new FilterTimer(program, rounds);
  }

  /** The median nanoseconds that loading each takes, in turn. */
  List<Double> load(List<Path> filters) {
    return medians(List.of("load", Integer.toString(rounds)), filters);
  }

  /** The median nanoseconds of a call under each, in turn. */
  List<Double> call(int number, String argument, List<Path> filters) {
    return medians(
        List.of("call", Integer.toString(rounds), Integer.toString(number), argument, "0"),
        filters);
  }

  private List<Double> medians(List<String> words, List<Path> filters) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(words);
    filters.forEach(filter -> command.add(filter.toString()));
    List<String> lines = output(command).lines().toList();
    List<Double> medians = new ArrayList<>();
    for (int column = 0; column < filters.size(); column++) {
      double[] times = new double[lines.size()];
      for (int round = 0; round < times.length; round++) {
        times[round] = Double.parseDouble(lines.get(round).split(" ", -1)[column]);
      }
      Arrays.sort(times);
      medians.add(times[times.length / 2]);
    }
    return medians;
  }

  private static String output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      byte[] output = process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + " failed");
      }
      return new String(output, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

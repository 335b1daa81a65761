package dev.caisson.bench;

import dev.caisson.engine.PreparedLaunch;
import dev.caisson.launch.Executable.Streams;
import dev.caisson.launch.RunningSandbox;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a sandbox that runs costs in memory. */
final class Footprint {
  private Footprint() {}

  /** Prints the resident memory of the keeper and of the sandbox's first process. */
  static void print(PrintStream out, PreparedLaunch sleeping, Streams streams) {
    try (RunningSandbox sandbox = sleeping.spawn(streams)) {
      long keeper = sandbox.pid();
      long init = waitForGrandchild(keeper);
      out.println(
          "  keeper: "
              + resident(keeper)
              + ", "
              + proportional(keeper)
              + "; first process: "
              + resident(init));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first process, once it has a child that executed a program. */
  private static long waitForGrandchild(long keeper) throws IOException {
    while (true) {
      List<String> first = children(keeper);
      if (!first.isEmpty()) {
        long init = Long.parseLong(first.get(0));
        for (String payload : children(init)) {
          if (Files.readString(Path.of("/proc", payload, "comm")).startsWith("busybox")) {
            return init;
          }
        }
      }
      Thread.onSpinWait();
    }
  }

  private static List<String> children(long pid) throws IOException {
    String line = Files.readString(Path.of("/proc/" + pid + "/task/" + pid + "/children"));
    return line.isBlank() ? List.of() : List.of(line.strip().split(" ", -1));
  }

  private static String resident(long pid) throws IOException {
    return line(Path.of("/proc/" + pid + "/status"), "VmRSS:", "resident");
  }

  private static String proportional(long pid) throws IOException {
    return line(Path.of("/proc/" + pid + "/smaps_rollup"), "Pss:", "its share (PSS)");
  }

  private static String line(Path file, String name, String meaning) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(name)) {
        return line.substring(name.length()).strip() + " " + meaning;
      }
    }
    throw new IOException(file + " has no line " + name);
  }
}

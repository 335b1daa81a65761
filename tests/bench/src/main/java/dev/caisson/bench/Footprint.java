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
import java.util.Locale;

/** What a sandbox that runs costs in memory, besides its payload. */
final class Footprint {
  private static final long TARGET_KIB = 200;

  /** What the kernel gives each thread on the architectures that Caisson runs on. */
  private static final long STACK_KIB = 16;

  private long anonymous;
  private long tables;
  private long processes;

  private Footprint() {}

  /**
   * Prints it for {@code sleeping}, and returns whether it meets the target. The first process is
   * not dumpable, so an ordinary user cannot read its smaps_rollup (proc(5)): what its status says
   * is at least as much, for a page that was not written since a fork counts in both processes.
   */
  static boolean print(
      PrintStream out, String streamsAre, PreparedLaunch sleeping, Streams streams) {
    Footprint footprint = new Footprint();
    try (RunningSandbox sandbox = sleeping.spawn(streams)) {
      long keeper = sandbox.pid();
      awaitPayload(keeper);
      footprint.add(keeper);
      for (String child : children(keeper)) {
        footprint.add(Long.parseLong(child));
      }
      out.printf(
          Locale.ROOT,
          "  %s: %d processes: anonymous %d KiB, page tables %d KiB, kernel stacks %d KiB:"
              + " %d KiB at most; the keeper's private pages: %d KiB%n",
          streamsAre,
          footprint.processes,
          footprint.anonymous,
          footprint.tables,
          footprint.processes * STACK_KIB,
          footprint.total(),
          line(keeper, "smaps_rollup", "Private_Clean:")
              + line(keeper, "smaps_rollup", "Private_Dirty:"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return footprint.anonymous < TARGET_KIB;
  }

  private void add(long process) throws IOException {
    anonymous += line(process, "status", "RssAnon:");
    tables += line(process, "status", "VmPTE:");
    processes++;
  }

  private long total() {
    return anonymous + tables + processes * STACK_KIB;
  }

  /** Waits until the first process has a child that executed a program. */
  private static void awaitPayload(long keeper) throws IOException {
    while (true) {
      for (String init : children(keeper)) {
        for (String payload : children(Long.parseLong(init))) {
          if (Files.readString(Path.of("/proc", payload, "comm")).startsWith("busybox")) {
            return;
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

  private static long line(long pid, String file, String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid, file))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/" + pid + "/" + file + " has no line " + name);
  }
}

package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.Directory;
import dev.caisson.launch.Errno;
import dev.caisson.launch.FileLock;
import dev.caisson.launch.FileProblem;

/** What sandboxes wrote to their roots and a killed keeper did not remove. */
final class Leftovers {
  private Leftovers() {}

  /** Removes each directory below {@code sandboxes} that no keeper holds a lock on. */
  static void sweep(UnixPath sandboxes) {
    try (Directory all = Directory.open(sandboxes)) {
      for (UnixPath each : all.list()) {
        sweep(all, each);
      }
    } catch (FileProblem problem) {
      throw new EngineRefusal(
          "remove what a killed sandbox left in " + sandboxes,
          String.valueOf(problem.getMessage()),
          "Remove it by hand");
    }
  }

  private static void sweep(Directory all, UnixPath name) throws FileProblem {
    try (Directory one = all.directory(name);
        FileLock lock = one.lockItself()) {
      if (lock.tryExclusive()) {
        all.removeTree(name);
      }
    } catch (FileProblem problem) {
      // its keeper ended in the meantime and removed it
      if (!problem.is(Errno.ENOENT)) {
        throw problem;
      }
    }
  }
}

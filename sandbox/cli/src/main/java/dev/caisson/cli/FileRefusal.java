package dev.caisson.cli;

import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.launch.FileProblem;

/** A file that was named on the command line cannot be read or written. */
final class FileRefusal extends Refusal {
  FileRefusal(String attempted, String why, String remedy) {
    super(attempted, why, remedy);
  }

  static FileRefusal of(String attempted, FileProblem problem) {
    return new FileRefusal(
        attempted, String.valueOf(problem.getMessage()), "Check the name and its permissions");
  }

  static FileRefusal exists(UnixPath path) {
    return new FileRefusal(
        "write " + path, "it exists already", "Name another file, or remove this one first");
  }
}

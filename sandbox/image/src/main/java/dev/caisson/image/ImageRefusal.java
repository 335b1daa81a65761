package dev.caisson.image;

import dev.caisson.Refusal;
import dev.caisson.launch.Errno;
import dev.caisson.launch.FileProblem;
import java.io.IOException;

/** An image, a layout or the store cannot be used. */
public final class ImageRefusal extends Refusal {
  /** As {@link Refusal}: the rest of "cannot ...", why, and what to do. */
  public ImageRefusal(String attempted, String why, String remedy) {
    super(attempted, why, remedy);
  }

  /** For a failure of the file system, with the remedy for its errno. */
  static ImageRefusal of(String attempted, IOException problem) {
    String message = String.valueOf(problem.getMessage());
    return new ImageRefusal(
        attempted,
        message,
        problem instanceof FileProblem file ? remedy(file) : "Build or copy the image again");
  }

  private static String remedy(FileProblem problem) {
    return problem
        .errno()
        .map(
            errno ->
                switch (errno) {
                  case ENOSPC, EDQUOT -> "Free some space on that file system";
                  case EACCES, EPERM -> "Check who owns that path and its permissions";
                  case ENOENT -> "Check the path";
                  case EROFS -> "Name a data directory that can be written";
                  case EOPNOTSUPP ->
                      "Put the data directory on a file system with user extended attributes";
                  case ELOOP -> "Replace the symbolic link by what it points to";
                  default -> "";
                })
        .orElse("");
  }

  static boolean isMissing(FileProblem problem) {
    return problem.is(Errno.ENOENT) || problem.is(Errno.ENOTDIR);
  }
}

package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.io.IOException;
import java.util.Optional;

/** A file operation that the kernel refused. */
public final class FileProblem extends IOException {
  private final String call;
  private final transient UnixPath path;
  private final int number;

  FileProblem(String call, UnixPath path, int number) {
    super(
        path
            + ": "
            + Errno.of(number)
                .map(e -> e.meaning() + " (" + call + ", " + e + ")")
                .orElse(call + " gave the error " + number));
    this.call = call;
    this.path = path;
    this.number = number;
  }

  /** The system call that failed, as the manual names it. */
  public String call() {
    return call;
  }

  /** What it failed on, relative to the directory it was resolved in. */
  public UnixPath path() {
    return path;
  }

  /** The error, if it is a known one. */
  public Optional<Errno> errno() {
    return Errno.of(number);
  }

  public boolean is(Errno errno) {
    return number == errno.number();
  }
}

package dev.caisson.image.tar;

import java.io.IOException;

/** An archive that is malformed, hostile or larger than what is read. */
public final class ArchiveProblem extends IOException {
  public ArchiveProblem(String message) {
    super(message);
  }
}

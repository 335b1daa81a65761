package dev.caisson.engine.learn;

import dev.caisson.launch.FileType;
import dev.caisson.launch.SandboxView.Place;
import dev.caisson.policy.Architecture;
import java.util.ArrayList;
import java.util.List;

/** What an open file is for, by the flags of open(2). */
final class OpenUse {
  private static final long O_ACCMODE = 3;
  private static final long O_WRONLY = 1;
  private static final long O_RDWR = 2;
  private static final long O_CREAT = 0100;
  private static final long O_EXCL = 0200;
  private static final long O_TRUNC = 01000;
  private static final long O_PATH = 010000000;

  /** The flags that creat(2) stands for. */
  static final long OF_CREAT = O_CREAT | O_WRONLY | O_TRUNC;

  private OpenUse() {}

  /** Whether a link at the path's end is followed. */
  static boolean follows(long flags) {
    long noFollow = Architecture.current() == Architecture.X86_64 ? 0400000 : 0100000;
    return (flags & noFollow) == 0 && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
  }

  /** What is done with the file at {@code place}. */
  static List<Use> of(long flags, Place place) {
    List<Use> uses = new ArrayList<>();
    if (!place.isThere() && (flags & O_CREAT) != 0) {
      uses.add(Use.CREATE);
    }
    if ((flags & O_PATH) != 0) {
      uses.add(Use.LOOK);
      return uses;
    }
    if (place.is(FileType.DIRECTORY)) {
      uses.add(Use.LIST);
      return uses;
    }
    long access = flags & O_ACCMODE;
    if (access != O_WRONLY) {
      uses.add(Use.READ);
    }
    if (access == O_WRONLY || access == O_RDWR || (flags & O_TRUNC) != 0) {
      uses.add(Use.WRITE);
    }
    return uses;
  }
}

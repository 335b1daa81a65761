package dev.caisson.launch;

import dev.caisson.policy.Architecture;

/** The flags of open(2) whose values differ between architectures (asm/fcntl.h). */
public final class OpenFlags {
  private OpenFlags() {}

  /** O_NOFOLLOW: fail where the last component is a symbolic link. */
  public static long noFollow(Architecture architecture) {
    return architecture == Architecture.X86_64 ? 0x20000 : 0x8000;
  }

  /** O_DIRECTORY: fail where the path is no directory. */
  public static long directory(Architecture architecture) {
    return architecture == Architecture.X86_64 ? 0x10000 : 0x4000;
  }
}

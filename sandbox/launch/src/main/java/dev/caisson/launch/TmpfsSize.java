package dev.caisson.launch;

/**
 * How much a tmpfs holds (tmpfs(5)). Its size counts the content of files alone: empty ones take
 * the kernel's memory too, and without a limit of their own up to half of the host's.
 */
final class TmpfsSize {
  private static final long BLOCK = 4096;
  private static final long FEW = 1024;

  private TmpfsSize() {}

  /** Files and directories: one for each block, and some more where the blocks are few. */
  static long files(long bytes) {
    return FEW + bytes / BLOCK;
  }

  /** The options of mount(2). */
  static String options(int mode, long bytes) {
    return "mode=" + Integer.toOctalString(mode) + ",size=" + bytes + ",nr_inodes=" + files(bytes);
  }
}

package dev.caisson.launch;

/**
 * What statx(2) says of a file.
 *
 * @param permissions the twelve low bits of the mode
 * @param size bytes
 * @param links how many names the file has
 * @param deviceMajor of a device node
 * @param deviceMinor of a device node
 */
public record FileStatus(
    FileType type,
    int permissions,
    long uid,
    long gid,
    long size,
    long inode,
    long links,
    long deviceMajor,
    long deviceMinor,
    FileTime modified) {
  /** The size of struct statx, the same on every architecture. */
  static final int STRUCT = 256;

  private static final long UNSIGNED = 0xffffffffL;

  static FileStatus of(SystemCalls.Memory statx) {
    int mode = statx.getShort(28) & 0xffff;
    return new FileStatus(
        FileType.of(mode),
        mode & 07777,
        statx.getInt(20) & UNSIGNED,
        statx.getInt(24) & UNSIGNED,
        statx.getLong(40),
        statx.getLong(32),
        statx.getInt(16) & UNSIGNED,
        statx.getInt(128) & UNSIGNED,
        statx.getInt(132) & UNSIGNED,
        new FileTime(statx.getLong(112), statx.getInt(120)));
  }

  /** True for overlayfs's mark of a deleted name: a character device 0:0. */
  public boolean isWhiteout() {
    return type == FileType.CHARACTER_DEVICE && deviceMajor == 0 && deviceMinor == 0;
  }
}

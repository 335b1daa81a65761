package dev.caisson.launch;

/**
 * What statx(2) tells of a file.
 *
 * @param device the number of the file system it lies on
 * @param mode type and permission bits, as in st_mode
 * @param size in bytes
 */
public record FileStatus(long device, long inode, int mode, int uid, int gid, long size) {
  private static final int TYPE = 0170000;

  public boolean isDirectory() {
    return (mode & TYPE) == 0040000;
  }

  public boolean isRegularFile() {
    return (mode & TYPE) == 0100000;
  }

  public boolean isSymbolicLink() {
    return (mode & TYPE) == 0120000;
  }

  /** Whether it is the same file, under whatever name. */
  public boolean isSameFile(FileStatus other) {
    return device == other.device && inode == other.inode;
  }
}

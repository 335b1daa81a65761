package dev.caisson.launch;

/**
 * What stands at a path of the host, as statx(2) tells it.
 *
 * @param device the number of the file system it lies on
 * @param mode type and permission bits, as in st_mode
 * @param size in bytes
 */
public record HostEntry(long device, long inode, int mode, int uid, int gid, long size) {
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

  /** Whether everyone may read it, and enter it where it is a directory. */
  boolean isReadableByAll() {
    int bits = isDirectory() ? 0005 : 0004;
    return (mode & bits) == bits;
  }

  boolean isReadableByOwner() {
    return (mode & 0400) != 0;
  }

  /** Whether it is the same file, under whatever name. */
  public boolean isSameFile(HostEntry other) {
    return device == other.device && inode == other.inode;
  }
}

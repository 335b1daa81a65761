package dev.caisson.launch;

/** What a file is: the S_IFMT part of its mode (inode(7)). */
public enum FileType {
  REGULAR(0100000, "a regular file"),
  DIRECTORY(0040000, "a directory"),
  SYMLINK(0120000, "a symbolic link"),
  CHARACTER_DEVICE(0020000, "a character device"),
  BLOCK_DEVICE(0060000, "a block device"),
  FIFO(0010000, "a FIFO"),
  SOCKET(0140000, "a socket");

  private static final int MASK = 0170000;

  private final int bits;
  private final String description;

  FileType(int bits, String description) {
    this.bits = bits;
    this.description = description;
  }

  /** The type's bits in a mode. */
  public int bits() {
    return bits;
  }

  /** As an error names it: "a directory". */
  public String description() {
    return description;
  }

  static FileType of(int mode) {
    for (FileType type : values()) {
      if (type.bits == (mode & MASK)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no file type has the mode " + Integer.toOctalString(mode));
  }
}

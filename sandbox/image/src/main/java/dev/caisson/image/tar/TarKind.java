package dev.caisson.image.tar;

/** What an entry of an archive makes. */
public enum TarKind {
  REGULAR('0'),
  HARD_LINK('1'),
  SYMLINK('2'),
  CHARACTER_DEVICE('3'),
  BLOCK_DEVICE('4'),
  DIRECTORY('5'),
  FIFO('6');

  private final char flag;

  TarKind(char flag) {
    this.flag = flag;
  }

  /** The typeflag of a header (POSIX pax, "ustar Interchange Format"). */
  public char flag() {
    return flag;
  }
}

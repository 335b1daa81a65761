package dev.caisson.image.tar;

import dev.caisson.launch.FileTime;

/** The number formats of tar headers. */
final class TarNumber {
  private TarNumber() {}

  /** Reads a header's field: octal digits, or GNU's base 256 with the top bit set. */
  static long field(byte[] header, int offset, int length, String what) throws ArchiveProblem {
    int first = header[offset] & 0xff;
    if (first == 0x80 || first == 0xff) {
      return base256(header, offset, length, what);
    }
    int at = offset;
    int end = offset + length;
    while (at < end && header[at] == ' ') {
      at++;
    }
    long value = 0;
    while (at < end && header[at] >= '0' && header[at] <= '7') {
      value = value << 3 | (header[at++] - '0');
    }
    while (at < end && (header[at] == ' ' || header[at] == 0)) {
      at++;
    }
    if (at < end) {
      throw new ArchiveProblem("the header's " + what + " is no number");
    }
    return value;
  }

  private static long base256(byte[] header, int offset, int length, String what)
      throws ArchiveProblem {
    long value = (header[offset] & 0xff) == 0xff ? -1 : 0;
    for (int i = 1; i < length; i++) {
      if (value != (value << 8 >> 8)) {
        throw new ArchiveProblem("the header's " + what + " is too large");
      }
      value = value << 8 | (header[offset + i] & 0xff);
    }
    return value;
  }

  /** Reads decimal digits alone; no sign, at most 18 digits. */
  static long decimal(String text, String what) throws ArchiveProblem {
    boolean digits = !text.isEmpty() && text.length() <= 18;
    for (int i = 0; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits) {
      throw new ArchiveProblem("the extended header's " + what + " is no number");
    }
    return Long.parseLong(text);
  }

  /** Reads a pax time: seconds with an optional sign and fraction. */
  static FileTime time(String text) throws ArchiveProblem {
    boolean negative = text.startsWith("-");
    String digits = negative ? text.substring(1) : text;
    int point = digits.indexOf('.');
    long seconds = decimal(point < 0 ? digits : digits.substring(0, point), "time");
    int nanos = 0;
    if (point >= 0 && point + 1 < digits.length()) {
      String fraction = digits.substring(point + 1);
      String nine = (fraction + "000000000").substring(0, 9);
      nanos = (int) decimal(nine, "time");
    }
    if (!negative) {
      return new FileTime(seconds, nanos);
    }
    return nanos == 0
        ? new FileTime(-seconds, 0)
        : new FileTime(-seconds - 1, 1_000_000_000 - nanos);
  }
}

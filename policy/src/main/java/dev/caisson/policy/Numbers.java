package dev.caisson.policy;

/** Numbers within texts. */
final class Numbers {
  private Numbers() {}

  /** The number that decimal digits write, without leading zeros and up to {@code most}; or -1. */
  static int decimal(String text, int most) {
    boolean digits = !text.isEmpty() && text.length() <= 9;
    for (int i = 0; i < text.length() && digits; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    int number = Integer.parseInt(text);
    return number <= most ? number : -1;
  }

  /** The user or group id that decimal digits write; or -1. */
  static long id(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 10;
    for (int i = 0; i < text.length() && digits; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    long id = Long.parseLong(text);
    return id <= User.MOST_ID ? id : -1;
  }

  /** The number that at most {@code longest} hexadecimal digits write; or -1. */
  static int hexadecimal(String text, int longest) {
    if (text.isEmpty() || text.length() > longest) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      number = number * 16 + digit;
    }
    return number;
  }
}

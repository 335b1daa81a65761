package dev.caisson;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Text that is safe to print: what a workload, an image or a registry says is data, so control
 * characters and bytes that are no UTF-8 are shown escaped, never sent to a terminal.
 */
public final class Printable {
  private Printable() {}

  /** {@code bytes} as UTF-8, each control character and stray byte as {@code \xNN}. */
  public static String of(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
    while (in.hasRemaining()) {
      var result = decoder.decode(in, chars, true);
      chars.flip();
      appendEscaped(out, chars);
      chars.clear();
      for (int i = 0; result.isError() && i < result.length(); i++) {
        appendByte(out, in.get());
      }
      decoder.reset();
    }
    return out.toString();
  }

  /** {@code text} with control characters escaped. */
  public static String of(String text) {
    StringBuilder out = new StringBuilder(text.length());
    appendEscaped(out, text);
    return out.toString();
  }

  private static void appendEscaped(StringBuilder out, CharSequence text) {
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                appendByte(out, c);
              } else if (Character.getType(c) == Character.FORMAT
                  || c == 0x2028
                  || c == 0x2029
                  || (c >= 0xd800 && c <= 0xdfff)) {
                out.append(String.format("\\u{%x}", c));
              } else {
                out.appendCodePoint(c);
              }
            });
  }

  private static void appendByte(StringBuilder out, int value) {
    out.append("\\x");
    out.append(Character.forDigit((value >> 4) & 15, 16))
        .append(Character.forDigit(value & 15, 16));
  }
}

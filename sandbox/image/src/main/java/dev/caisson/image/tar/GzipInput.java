package dev.caisson.image.tar;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The inflated content of gzip members (RFC 1952), one after another. Unlike the JDK's own reader
 * it refuses what follows the last member, unless that is zero padding, and reserved flags.
 */
public final class GzipInput extends InputStream {
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int LONGEST_TEXT = 1 << 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 content = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private boolean inMember;
  private boolean finished;

  public GzipInput(InputStream in) throws IOException {
    this.in = in;
    header(required());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (inMember || nextMember()) {
      int inflated = inflate(into, from, length);
      if (inflated > 0) {
        content.update(into, from, inflated);
        return inflated;
      }
      if (inflater.finished()) {
        trailer();
      } else if (inflater.needsDictionary()) {
        throw new ArchiveProblem("the gzip data asks for a preset dictionary");
      } else {
        fill();
      }
    }
    return -1;
  }

  private int inflate(byte[] into, int from, int length) throws IOException {
    try {
      return inflater.inflate(into, from, length);
    } catch (DataFormatException e) {
      throw new ArchiveProblem("the gzip data is damaged: " + e.getMessage());
    }
  }

  private void fill() throws IOException {
    if (at >= end && !refill()) {
      throw new ArchiveProblem("the gzip data ends within a member");
    }
    inflater.setInput(buffer, at, end - at);
    at = end;
  }

  /** Checks the member's length and checksum, and takes back what the inflater did not use. */
  private void trailer() throws IOException {
    at = end - inflater.getRemaining();
    if (fourBytes() != content.getValue()) {
      throw new ArchiveProblem("the gzip data's CRC is wrong");
    }
    if (fourBytes() != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new ArchiveProblem("the gzip data's length is wrong");
    }
    inMember = false;
  }

  private boolean nextMember() throws IOException {
    if (finished) {
      return false;
    }
    int first = next();
    if (first > 0) {
      inflater.reset();
      content.reset();
      header(first);
      return true;
    }
    while (first == 0) {
      first = next();
    }
    if (first > 0) {
      throw new ArchiveProblem("garbage follows the gzip data");
    }
    finished = true;
    return false;
  }

  private void header(int first) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(first);
    if (first != 0x1f || required(crc) != 0x8b) {
      throw new ArchiveProblem(at <= 2 ? "this is no gzip data" : "garbage follows the gzip data");
    }
    if (required(crc) != 8) {
      throw new ArchiveProblem("the gzip data is compressed by an unknown method");
    }
    int flags = required(crc);
    if ((flags & RESERVED) != 0) {
      throw new ArchiveProblem("the gzip header has reserved flags");
    }
    for (int i = 0; i < 6; i++) {
      required(crc);
    }
    if ((flags & EXTRA) != 0) {
      int length = required(crc) | required(crc) << 8;
      for (int i = 0; i < length; i++) {
        required(crc);
      }
    }
    skipText((flags & NAME) != 0, crc);
    skipText((flags & COMMENT) != 0, crc);
    if ((flags & HEADER_CRC) != 0) {
      long expected = crc.getValue() & 0xffff;
      if ((required() | required() << 8) != expected) {
        throw new ArchiveProblem("the gzip header's CRC is wrong");
      }
    }
    inMember = true;
  }

  private void skipText(boolean present, CRC32 crc) throws IOException {
    for (int i = 0; present && required(crc) != 0; i++) {
      if (i == LONGEST_TEXT) {
        throw new ArchiveProblem("the gzip header holds a text without end");
      }
    }
  }

  private long fourBytes() throws IOException {
    return required() | required() << 8 | required() << 16 | (long) required() << 24;
  }

  private int required(CRC32 crc) throws IOException {
    int value = required();
    crc.update(value);
    return value;
  }

  private int required() throws IOException {
    int value = next();
    if (value < 0) {
      throw new ArchiveProblem("the gzip data ends within a member");
    }
    return value;
  }

  private int next() throws IOException {
    return at < end || refill() ? buffer[at++] & 0xff : -1;
  }

  private boolean refill() throws IOException {
    at = 0;
    end = 0;
    end = Math.max(in.read(buffer), 0);
    return end > 0;
  }

  /** Frees the inflater's memory; the stream beneath stays open. */
  @Override
  public void close() {
    inflater.end();
    Arrays.fill(buffer, (byte) 0);
  }
}

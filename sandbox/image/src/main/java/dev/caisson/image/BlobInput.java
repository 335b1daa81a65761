package dev.caisson.image;

import dev.caisson.launch.OpenFile;
import java.io.IOException;
import java.io.InputStream;

/** A blob's bytes from its open file. */
final class BlobInput extends InputStream {
  private final OpenFile file;
  private long position;

  BlobInput(OpenFile file) {
    this.file = file;
  }

  /** How many bytes have been read. */
  long position() {
    return position;
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
    int read = file.read(position, into, from, length);
    position += read;
    return read == 0 ? -1 : read;
  }
}

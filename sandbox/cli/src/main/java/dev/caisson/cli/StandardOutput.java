package dev.caisson.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Standard output, which knows whether its reader has left: {@code caisson explain ... | head}. */
final class StandardOutput extends OutputStream {
  private final FileOutputStream file = new FileOutputStream(FileDescriptor.out);
  private boolean readerLeft;

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      file.write(bytes, from, length);
    } catch (IOException failure) {
      // what strerror(3) says for EPIPE; in another language it is reported as any failure is
      readerLeft = "Broken pipe".equals(failure.getMessage());
      throw failure;
    }
  }

  /** Whether the last failure was that nobody reads any more. */
  boolean readerLeft() {
    return readerLeft;
  }
}

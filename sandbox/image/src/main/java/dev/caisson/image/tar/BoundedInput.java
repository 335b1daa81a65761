package dev.caisson.image.tar;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.LongSupplier;

/** Hashes what is read and stops a bomb: too many bytes, or too many for what went in. */
public final class BoundedInput extends InputStream {
  private final InputStream in;
  private final MessageDigest hash;
  private final ArchiveLimits limits;
  private final LongSupplier compressed;
  private long count;

  /**
   * @param compressed how many bytes of the blob have been read so far
   */
  public BoundedInput(
      InputStream in, MessageDigest hash, ArchiveLimits limits, LongSupplier compressed) {
    this.in = in;
    this.hash = hash;
    this.limits = limits;
    this.compressed = compressed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int read = in.read(into, from, length);
    if (read > 0) {
      hash.update(into, from, read);
      count += read;
      check();
    }
    return read;
  }

  private void check() throws ArchiveProblem {
    if (count > limits.bytes()) {
      throw new ArchiveProblem("the layer inflates to more than " + limits.bytes() + " bytes");
    }
    if (count > ArchiveLimits.RATIO_FREE && count / limits.ratio() > compressed.getAsLong()) {
      throw new ArchiveProblem(
          "the layer inflates to more than " + limits.ratio() + " times its length");
    }
  }
}

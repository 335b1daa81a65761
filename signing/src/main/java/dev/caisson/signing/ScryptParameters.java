package dev.caisson.signing;

import org.bouncycastle.crypto.generators.SCrypt;

/**
 * scrypt's cost (RFC 7914): memory is 128 * n * r bytes, time grows with n * r * p.
 *
 * @param n a power of two
 */
record ScryptParameters(long n, long r, long p) {
  /** What every version of cosign reads: 32 MiB. */
  static final ScryptParameters DEFAULT = new ScryptParameters(32768, 8, 1);

  /** 256 MiB, twice what the costliest known writer of such files asks for. */
  private static final long COST_LIMIT = 1L << 21;

  /** True if a key file that someone else wrote may make this process pay the cost. */
  boolean isAffordable() {
    return n > 1
        && n <= COST_LIMIT
        && Long.bitCount(n) == 1
        && r > 0
        && r <= COST_LIMIT / n
        && (r > 1 || n < 1 << 16) // RFC 7914, section 2: n < 2^(128 * r / 8)
        && p > 0
        && p <= COST_LIMIT / n / r;
  }

  byte[] deriveKey(Password password, byte[] salt) {
    return SCrypt.generate(password.bytes(), salt, (int) n, (int) r, (int) p, SecretBox.KEY_LENGTH);
  }
}

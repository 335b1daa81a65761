package dev.caisson.json;

/**
 * What a reader accepts at the most.
 *
 * @param bytes the length of a document
 * @param depth how deep objects and arrays may nest
 */
public record JsonLimits(int bytes, int depth) {
  /** 4 MiB, as container tools limit a manifest, and 64 levels. */
  public static final JsonLimits DEFAULT = new JsonLimits(4 << 20, 64);
}

package dev.caisson.image;

import dev.caisson.UnixPath;
import dev.caisson.image.layer.Ownership;
import dev.caisson.signing.Digest;
import java.nio.charset.StandardCharsets;

/**
 * What names an unpacked layer: its diffID, or its chainID where its files depend on the layers
 * beneath, and the class of its owners.
 *
 * @param text the whole key
 */
record LayerKey(String text) {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int LENGTH = 20;

  static LayerKey independent(ImageLayer layer, Ownership ownership) {
    return new LayerKey("diff:" + layer.diffId().hex() + ownership.suffix());
  }

  static LayerKey dependent(ImageLayer layer, Ownership ownership) {
    return new LayerKey("chain:" + layer.chainId().hex() + ownership.suffix());
  }

  /**
   * The layer's directory: a hundred bits of a hash, so that 127 of them fit into one page of mount
   * options. The whole key is compared when the layer is used.
   */
  UnixPath directory() {
    byte[] hash = Digest.newHash().digest(text.getBytes(StandardCharsets.US_ASCII));
    StringBuilder name = new StringBuilder();
    for (int bit = 0; name.length() < LENGTH; bit += 5) {
      int window = (hash[bit / 8] & 0xff) << 8 | (hash[bit / 8 + 1] & 0xff);
      name.append(ALPHABET.charAt(window >> (11 - bit % 8) & 31));
    }
    return UnixPath.of(name.toString());
  }
}

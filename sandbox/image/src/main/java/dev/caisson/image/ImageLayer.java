package dev.caisson.image;

import dev.caisson.signing.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One layer of a verified image.
 *
 * @param blob the archive as it is stored
 * @param diffId the digest of the inflated archive
 * @param chainId the digest of this layer and all beneath it (OCI image-spec, config.md)
 */
record ImageLayer(Descriptor blob, Digest diffId, Digest chainId) {
  static List<ImageLayer> of(List<Descriptor> blobs, List<Digest> diffIds) {
    List<ImageLayer> layers = new ArrayList<>();
    for (int i = 0; i < blobs.size(); i++) {
      Digest diffId = diffIds.get(i);
      Digest chainId = i == 0 ? diffId : chain(layers.get(i - 1).chainId(), diffId);
      layers.add(new ImageLayer(blobs.get(i), diffId, chainId));
    }
    return List.copyOf(layers);
  }

  private static Digest chain(Digest lower, Digest diffId) {
    return Digest.of((lower + " " + diffId).getBytes(StandardCharsets.US_ASCII));
  }
}

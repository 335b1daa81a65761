package dev.caisson.image;

import dev.caisson.policy.Architecture;
import java.util.List;
import java.util.Optional;

/** Follows an index to the manifest for a host. */
final class PlatformManifest {
  private static final int DEEPEST = 3;

  private PlatformManifest() {}

  static UnverifiedManifest find(UnverifiedManifest index, Layout layout, Architecture host) {
    UnverifiedManifest document = index;
    for (int depth = 0; document.isIndex(); depth++) {
      if (depth == DEEPEST) {
        throw new ImageRefusal(
            "read " + index.place(),
            "indexes are nested deeper than " + DEEPEST + " levels",
            "Build the image again");
      }
      document = layout.document(entry(document, host));
    }
    return document;
  }

  private static Descriptor entry(UnverifiedManifest document, Architecture host) {
    ImageIndex index =
        ImageIndex.read(
            document.place(), document.bytes(), Optional.of(document.descriptor().mediaType()));
    List<Descriptor> fitting = index.runningOn(host);
    if (fitting.size() != 1) {
      throw new ImageRefusal(
          "find the image for linux/" + host.ociName() + " in " + document.place(),
          fitting.isEmpty()
              ? "the index has none; it has " + index.platforms()
              : "the index has " + fitting.size(),
          "Name an image for this host");
    }
    return fitting.get(0);
  }
}

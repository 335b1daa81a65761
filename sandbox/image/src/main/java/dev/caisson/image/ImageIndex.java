package dev.caisson.image;

import dev.caisson.policy.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An index: what there is of an image for several platforms (OCI image-spec, image-index.md). */
record ImageIndex(Document document, List<Descriptor> manifests) {
  private static final int MOST_MANIFESTS = 10_000;

  /**
   * @param expected the media type that a descriptor gave; empty for a layout's own index.json
   */
  static ImageIndex read(String source, byte[] bytes, Optional<String> expected) {
    Document document =
        Document.read(source, bytes)
            .knowing("schemaVersion", "mediaType", "manifests", "layers", "config");
    ImageManifest.checkHead(document, expected.or(() -> Optional.of(MediaType.OCI_INDEX.text())));
    if (document.has("layers") || document.has("config") || document.has("fsLayers")) {
      throw document.refusal("the document is an index and a manifest at once (CVE-2021-41190)");
    }
    List<Descriptor> manifests = new ArrayList<>();
    for (Document entry : document.children("manifests")) {
      manifests.add(Descriptor.read(entry));
    }
    if (manifests.size() > MOST_MANIFESTS) {
      throw document.refusal("the index has more than " + MOST_MANIFESTS + " entries");
    }
    return new ImageIndex(document, List.copyOf(manifests));
  }

  /** The entries that {@code host} can run; those without a platform where none has one. */
  List<Descriptor> runningOn(Architecture host) {
    List<Descriptor> images = new ArrayList<>();
    boolean platforms = false;
    for (Descriptor manifest : manifests) {
      if (manifest.is(MediaType.Role.MANIFEST) || manifest.is(MediaType.Role.INDEX)) {
        images.add(manifest);
        platforms |= manifest.platform().isPresent();
      }
    }
    boolean choose = platforms;
    return images.stream()
        .filter(image -> !choose || image.platform().filter(p -> p.runsOn(host)).isPresent())
        .toList();
  }

  String platforms() {
    return String.join(
        ", ",
        manifests.stream().flatMap(m -> m.platform().stream()).map(Platform::toString).toList());
  }
}

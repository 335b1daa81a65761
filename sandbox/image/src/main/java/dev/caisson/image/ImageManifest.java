package dev.caisson.image;

import dev.caisson.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A manifest: the config and the layers of an image (OCI image-spec, manifest.md). */
record ImageManifest(Document document, Descriptor config, List<Descriptor> layers) {
  static ImageManifest read(String source, byte[] bytes, String expected) {
    Document document =
        Document.read(source, bytes)
            .knowing("schemaVersion", "mediaType", "config", "layers", "manifests", "annotations");
    checkHead(document, Optional.of(expected));
    if (document.has("manifests") || document.has("fsLayers")) {
      throw document.refusal("the document is a manifest and an index at once (CVE-2021-41190)");
    }
    Descriptor config = Descriptor.read(document.requiredChild("config"));
    List<Descriptor> layers = new ArrayList<>();
    for (Document layer : document.children("layers")) {
      layers.add(Descriptor.read(layer));
    }
    return new ImageManifest(document, config, List.copyOf(layers));
  }

  /** The body's media type, where it has one, is what the descriptor said. */
  static void checkHead(Document document, Optional<String> expected) {
    if (document.requiredSize("schemaVersion") != 2) {
      throw document.refusal("only schemaVersion 2 is read");
    }
    Optional<String> own = document.text("mediaType").filter(type -> !type.isEmpty());
    if (own.isPresent() && expected.isPresent() && !own.equals(expected)) {
      throw document.refusal(
          "the document calls itself "
              + Printable.of(own.get())
              + ", its descriptor says "
              + Printable.of(expected.get()));
    }
  }
}

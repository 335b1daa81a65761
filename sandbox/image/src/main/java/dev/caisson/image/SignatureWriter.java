package dev.caisson.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caisson.launch.FileProblem;
import dev.caisson.signing.Digest;
import dev.caisson.signing.SimpleSigning;
import dev.caisson.signing.StoredSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts signatures into a layout where cosign looks for them, beside those that are there. */
public final class SignatureWriter {
  private SignatureWriter() {}

  /**
   * Adds a signature of {@code manifest}.
   *
   * @throws ImageRefusal if the layout cannot be written
   */
  public static void add(Layout layout, Digest manifest, StoredSignature signature) {
    try (LayoutWriter writer = LayoutWriter.open(layout)) {
      Optional<Descriptor> old =
          layout.index().manifests().stream().filter(e -> isTagged(e, manifest)).findFirst();
      List<ObjectNode> layers = new ArrayList<>();
      if (old.isPresent()) {
        layers.addAll(layersOf(layout, old.get()));
      }
      Descriptor payload = writer.put(MediaType.COSIGN_PAYLOAD, signature.payload());
      layers.add(
          JsonWriter.descriptor(
              payload.annotated(
                  Map.of(SimpleSigning.SIGNATURE_ANNOTATION, signature.signature()))));
      write(writer, manifest, layers);
    } catch (FileProblem problem) {
      throw ImageRefusal.of("store a signature in " + layout.path(), problem);
    }
  }

  private static boolean isTagged(Descriptor entry, Digest manifest) {
    return SimpleSigning.tagFor(manifest).equals(entry.annotations().get(Layout.REF_NAME));
  }

  private static List<ObjectNode> layersOf(Layout layout, Descriptor entry) {
    UnverifiedManifest document = layout.document(entry).wellFormed();
    List<ObjectNode> layers = new ArrayList<>();
    for (JsonNode layer : JsonWriter.copy(document.place(), document.bytes()).withArray("layers")) {
      layers.add((ObjectNode) layer);
    }
    return layers;
  }

  private static void write(LayoutWriter writer, Digest manifest, List<ObjectNode> layers)
      throws FileProblem {
    List<Digest> payloads = new ArrayList<>();
    for (ObjectNode layer : layers) {
      Digest.parse(layer.path("digest").asText()).ifPresent(payloads::add);
    }
    Descriptor config = writer.put(MediaType.OCI_CONFIG, config(payloads));
    Descriptor stored = writer.put(MediaType.OCI_MANIFEST, JsonWriter.manifest(config, layers));
    writer.putEntry(
        stored.annotated(Map.of(Layout.REF_NAME, SimpleSigning.tagFor(manifest))),
        entry -> isTagged(entry, manifest));
  }

  /** The bytes of a config for {@code payloads}, in cosign's form. */
  private static byte[] config(List<Digest> payloads) {
    ObjectNode config =
        JsonWriter.object()
            .put("architecture", "")
            .put("created", "0001-01-01T00:00:00Z")
            .put("os", "");
    config
        .putObject("rootfs")
        .put("type", "layers")
        .set("diff_ids", JsonWriter.texts(payloads.stream().map(Digest::toString).toList()));
    config.putObject("config");
    return JsonWriter.bytes(config);
  }
}

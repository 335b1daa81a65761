package dev.caisson.image;

import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.launch.FileProblem;
import dev.caisson.signing.Digest;
import dev.caisson.signing.StoredSignature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts signatures into a layout where cosign looks for them, beside those that are there. */
public final class SignatureWriter {
  private SignatureWriter() {}

  /**
   * Adds a signature of {@code manifest}; one that is there already is not added twice.
   *
   * @throws ImageRefusal if the layout cannot be written
   */
  public static void add(Layout layout, Digest manifest, StoredSignature signature) {
    try (LayoutWriter writer = LayoutWriter.open(layout)) {
      Optional<Descriptor> old =
          layout.index().manifests().stream().filter(e -> isTagged(e, manifest)).findFirst();
      List<JsonObject> layers = new ArrayList<>();
      if (old.isPresent()) {
        layers.addAll(layersOf(layout, old.get()));
      }
      Descriptor payload = writer.put(MediaType.COSIGN_PAYLOAD, signature.payload());
      JsonObject layer =
          LayoutWriter.json(payload, Map.of(LayoutSignatures.SIGNATURE, signature.signature()));
      if (layers.stream().noneMatch(l -> isSame(l, layer))) {
        layers.add(layer);
        write(writer, manifest, layers);
      }
    } catch (FileProblem problem) {
      throw ImageRefusal.of("store a signature in " + layout.path(), problem);
    }
  }

  private static boolean isTagged(Descriptor entry, Digest manifest) {
    return LayoutSignatures.tag(manifest).equals(entry.annotations().get(Layout.REF_NAME));
  }

  private static List<JsonObject> layersOf(Layout layout, Descriptor entry) {
    UnverifiedManifest document = layout.document(entry);
    ImageManifest manifest =
        ImageManifest.read(document.place(), document.bytes(), entry.mediaType());
    return manifest.document().children("layers").stream().map(Document::object).toList();
  }

  private static boolean isSame(JsonObject one, JsonObject other) {
    return Arrays.equals(JsonText.bytes(one), JsonText.bytes(other));
  }

  private static void write(LayoutWriter writer, Digest manifest, List<JsonObject> layers)
      throws FileProblem {
    List<Digest> payloads = new ArrayList<>();
    for (JsonObject layer : layers) {
      layer
          .get("digest")
          .flatMap(
              digest -> digest instanceof JsonString s ? Digest.parse(s.value()) : Optional.empty())
          .ifPresent(payloads::add);
    }
    Descriptor config = writer.put(MediaType.OCI_CONFIG, LayoutSignatures.config(payloads));
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("schemaVersion", JsonText.number(2));
    members.put("mediaType", JsonText.text(MediaType.OCI_MANIFEST.text()));
    members.put("config", LayoutWriter.json(config, Map.of()));
    members.put("layers", JsonText.array(layers));
    byte[] document = JsonText.bytes(JsonText.object(members));
    Descriptor stored = writer.put(MediaType.OCI_MANIFEST, document);
    writer.putEntry(
        LayoutWriter.json(stored, Map.of(Layout.REF_NAME, LayoutSignatures.tag(manifest))),
        entry -> isTagged(entry, manifest));
  }
}

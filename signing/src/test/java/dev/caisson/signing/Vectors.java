package dev.caisson.signing;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The files under test resources, and the framing that the dir: transport gives signatures. */
final class Vectors {
  private static final byte[] FRAME = "\0sigstore-json\n".getBytes(StandardCharsets.US_ASCII);

  private Vectors() {}

  static byte[] read(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no vector " + name));
  }

  static VerificationKey key(String name) {
    return VerificationKey.read(name, read("containers-image/" + name));
  }

  /** The signatures of an image, those of another media type left out as a registry client does. */
  static List<StoredSignature> signatures(String image) {
    List<StoredSignature> signatures = new ArrayList<>();
    for (int i = 1; ; i++) {
      String name = "containers-image/" + image + "/signature-" + i;
      Optional<byte[]> file = find(name);
      if (file.isEmpty()) {
        return signatures;
      }
      unframe(name, file.get()).ifPresent(signatures::add);
    }
  }

  static Optional<StoredSignature> unframe(String name, byte[] file) {
    if (!Arrays.equals(Arrays.copyOf(file, FRAME.length), FRAME)) {
      throw new IllegalArgumentException("no sigstore signature: " + name);
    }
    byte[] json = Arrays.copyOfRange(file, FRAME.length, file.length);
    JsonObject root = (JsonObject) JsonDocument.read(name, json).valueOrRefuse();
    JsonObject annotations = (JsonObject) root.get("annotations").orElseThrow();
    StoredSignature signature =
        new StoredSignature(
            Base64.getDecoder().decode(text(root, "payload")),
            text(annotations, SimpleSigning.SIGNATURE_ANNOTATION),
            name);
    return Optional.of(signature)
        .filter(s -> text(root, "mimeType").equals(SimpleSigning.MEDIA_TYPE));
  }

  private static String text(JsonObject object, String member) {
    return ((JsonString) object.get(member).orElseThrow()).value();
  }

  private static Optional<byte[]> find(String name) {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

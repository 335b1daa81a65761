package dev.caisson.signing;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonNull;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a signature in cosign's simple-signing form says (cosign specs/SIGNATURE_SPEC.md).
 *
 * @param dockerReference the repository that the signer named. It is the signer's word: an image in
 *     a layout has no repository to compare it with, so there it is reported and not compared
 * @param manifest the digest that is signed
 */
public record SimpleSigning(String dockerReference, Digest manifest) {
  /** The media type of a payload's blob. */
  public static final String MEDIA_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";

  /** The annotation, on the payload's descriptor, that holds the signature in base64. */
  public static final String SIGNATURE_ANNOTATION = "dev.cosignproject.cosign/signature";

  private static final String TYPE = "cosign container image signature";

  /** The tag under which cosign keeps the signatures of a manifest, in the same repository. */
  public static String tagFor(Digest manifest) {
    return "sha256-" + manifest.hex() + ".sig";
  }

  /**
   * The repository that a signature for a local image names, as Podman calls local images: {@code
   * localhost/} and the name of the layout's directory, or {@code image} where that is no
   * repository name.
   */
  public static String localRepository(ImageReference reference) {
    return reference
        .localName()
        .map(name -> "localhost/" + name)
        .filter(RepositoryName::isOne)
        .orElse("localhost/image");
  }

  /** The payload, the exact bytes that are signed: members sorted, no white space. */
  byte[] toPayload() {
    RepositoryName.require(dockerReference);
    String json =
        "{\"critical\":{\"identity\":{\"docker-reference\":\""
            + dockerReference
            + "\"},\"image\":{\"docker-manifest-digest\":\""
            + manifest
            + "\"},\"type\":\""
            + TYPE
            + "\"},\"optional\":null}";
    return json.getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads a payload whose signature has been verified: these members exactly, nothing else. */
  static SimpleSigning parse(byte[] payload) throws Members.Unexpected {
    JsonDocument document = JsonDocument.read("payload", payload);
    Optional<JsonValue> root = document.root();
    if (!document.problems().isEmpty() || root.isEmpty()) {
      throw new Members.Unexpected("the payload is no strict JSON: " + first(document));
    }
    Members all = Members.of("$", root.get(), "critical", "optional");
    Members critical = Members.of("$.critical", all.get("critical"), "identity", "image", "type");
    Members identity =
        Members.of("$.critical.identity", critical.get("identity"), "docker-reference");
    Members image = Members.of("$.critical.image", critical.get("image"), "docker-manifest-digest");
    if (!critical.string("type").equals(TYPE)) {
      throw new Members.Unexpected("$.critical.type does not say that it signs an image");
    }
    checkOptional(all.get("optional"));
    Optional<Digest> manifest = Digest.parse(image.string("docker-manifest-digest"));
    if (manifest.isEmpty()) {
      throw new Members.Unexpected("$.critical.image.docker-manifest-digest is no sha256 digest");
    }
    return new SimpleSigning(identity.string("docker-reference"), manifest.get());
  }

  private static void checkOptional(JsonValue optional) throws Members.Unexpected {
    if (optional instanceof JsonNull) {
      return;
    }
    if (!(optional instanceof JsonObject object)) {
      throw new Members.Unexpected("$.optional is " + optional.kind() + ", not an object or null");
    }
    for (JsonObject.Member member : object.members()) {
      boolean allowed =
          switch (member.name()) {
            case "creator" -> member.value() instanceof JsonString;
            case "timestamp" ->
                member.value() instanceof JsonNumber number && number.asLong().isPresent();
            default -> true;
          };
      if (!allowed) {
        throw new Members.Unexpected("$.optional." + member.name() + " is of the wrong type");
      }
    }
  }

  private static String first(JsonDocument document) {
    List<JsonProblem> problems = document.problems();
    return problems.isEmpty() ? "it is empty" : problems.get(0).message();
  }
}

package dev.caisson.signing;

import dev.caisson.Printable;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the trust part of a policy, in the grammar of containers-policy.json(5). Known so far: the
 * member {@code default} with the requirements {@code reject}, {@code insecureAcceptAnything} and
 * {@code sigstoreSigned} with one of {@code keyPath}, {@code keyPaths} and {@code keyData}. All
 * requirements must hold. Whatever else is asked for is refused, never ignored.
 *
 * <p>Of an image in a layout the repository in a signature is not compared, as the layout has none.
 */
public final class TrustDocument {
  /** Reads the key files that a document names. */
  @FunctionalInterface
  public interface KeyFiles {
    /** The content of the file at {@code path}, which is as the document has it. */
    byte[] read(String path);
  }

  private static final List<String> TYPES =
      List.of("reject", "insecureAcceptAnything", "sigstoreSigned");

  private static final int MOST_KEYS = 128;

  private final String source;
  private final KeyFiles files;

  private TrustDocument(String source, KeyFiles files) {
    this.source = source;
    this.files = files;
  }

  /**
   * The trust policy that {@code document} describes.
   *
   * @param source how an error names the document
   * @throws TrustRefusal naming line and column of what is wrong
   */
  public static TrustPolicy read(String source, JsonValue document, KeyFiles files) {
    return new TrustDocument(source, files).policy(document);
  }

  private TrustPolicy policy(JsonValue document) {
    JsonObject root = object(document);
    only(root, Set.of("default"));
    List<TrustPolicy> requirements = new ArrayList<>();
    for (JsonValue requirement : list(required(root, "default"))) {
      requirements.add(requirement(object(requirement)));
    }
    return requirements.size() == 1 ? requirements.get(0) : new AllRequired(requirements);
  }

  private TrustPolicy requirement(JsonObject requirement) {
    JsonValue type = required(requirement, "type");
    switch (text(type)) {
      case "reject":
        only(requirement, Set.of("type"));
        return TrustPolicy.rejectAll();
      case "insecureAcceptAnything":
        only(requirement, Set.of("type"));
        return TrustPolicy.insecureAcceptAnything();
      case "sigstoreSigned":
        only(requirement, Set.of("type", "keyPath", "keyPaths", "keyData"));
        return TrustPolicy.signedBy(keys(requirement));
      default:
        throw refusal(
            type,
            "the requirement "
                + Printable.of(text(type))
                + " is not known"
                + Nearest.hint(text(type), TYPES),
            "Known are reject, insecureAcceptAnything and sigstoreSigned");
    }
  }

  private List<VerificationKey> keys(JsonObject requirement) {
    if (requirement.members().size() != 2) {
      throw refusal(
          requirement, "it needs exactly one of keyPath, keyPaths and keyData", "Give one of them");
    }
    List<VerificationKey> keys = new ArrayList<>();
    for (JsonObject.Member member : requirement.members()) {
      switch (member.name()) {
        case "keyPath" -> keys.add(keyFile(member.value()));
        case "keyPaths" -> list(member.value()).forEach(path -> keys.add(keyFile(path)));
        case "keyData" -> keys.add(keyData(member.value()));
        default -> text(member.value()); // the type
      }
    }
    return keys;
  }

  private VerificationKey keyFile(JsonValue path) {
    return VerificationKey.read(Printable.of(text(path)), files.read(text(path)));
  }

  private VerificationKey keyData(JsonValue data) {
    byte[] pem =
        StrictBase64.decode(text(data))
            .orElseThrow(() -> refusal(data, "keyData is no base64", "Give a PEM file in base64"));
    return VerificationKey.read("keyData at " + source + ":" + data.position(), pem);
  }

  private void only(JsonObject object, Set<String> names) {
    for (JsonObject.Member member : object.members()) {
      if (!names.contains(member.name())) {
        throw new TrustRefusal(
            "read the trust policy at " + source + ":" + member.namePosition(),
            "the member "
                + Printable.of(member.name())
                + " is not known here"
                + Nearest.hint(member.name(), names),
            "Known are " + String.join(", ", names.stream().sorted().toList()));
      }
    }
  }

  private JsonValue required(JsonObject object, String name) {
    return object
        .get(name)
        .orElseThrow(() -> refusal(object, "the member " + name + " is missing", "Add it"));
  }

  private JsonObject object(JsonValue value) {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw refusal(value, "here stands " + value.kind() + ", not an object", "Correct the document");
  }

  /** The elements of a list that must not be empty: an empty list of demands would accept all. */
  private List<JsonValue> list(JsonValue value) {
    if (value instanceof JsonArray array
        && !array.elements().isEmpty()
        && array.elements().size() <= MOST_KEYS) {
      return array.elements();
    }
    throw refusal(
        value, "here must stand a list of 1 to " + MOST_KEYS + " elements", "Correct the document");
  }

  private String text(JsonValue value) {
    if (value instanceof JsonString string) {
      return string.value();
    }
    throw refusal(value, "here stands " + value.kind() + ", not a string", "Correct the document");
  }

  private TrustRefusal refusal(JsonValue value, String why, String remedy) {
    return new TrustRefusal(
        "read the trust policy at " + source + ":" + value.position(), why, remedy);
  }
}

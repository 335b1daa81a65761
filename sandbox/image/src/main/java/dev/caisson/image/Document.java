package dev.caisson.image;

import dev.caisson.Printable;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonBoolean;
import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonNull;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.signing.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object of a JSON document of an image. What is not as the specification says is refused with
 * its place; so are names that differ from known ones in case only, for other tools read them as
 * the same.
 */
final class Document {
  private static final String REMEDY = "Build or copy the image again";

  private final String source;
  private final JsonObject object;

  private Document(String source, JsonObject object) {
    this.source = source;
    this.object = object;
  }

  /** Reads a document that must be one object. */
  static Document read(String source, byte[] bytes) {
    JsonValue value = JsonDocument.read(source, bytes).valueOrRefuse();
    if (value instanceof JsonObject object) {
      return new Document(source, object);
    }
    throw refusal(source, value, "expected an object, found " + value.kind());
  }

  /** Refuses names that are one of {@code known} but for their case. */
  Document knowing(String... known) {
    for (JsonObject.Member member : object.members()) {
      for (String name : known) {
        if (name.equalsIgnoreCase(member.name()) && !name.equals(member.name())) {
          throw refusal(
              member.value(),
              Printable.of(member.name()) + " and " + name + " are the same name to some tools");
        }
      }
    }
    return this;
  }

  boolean has(String name) {
    return object.get(name).filter(value -> !(value instanceof JsonNull)).isPresent();
  }

  Optional<String> text(String name) {
    return value(name).map(value -> text(name, value));
  }

  String requiredText(String name) {
    return text(name).orElseThrow(() -> missing(name));
  }

  long requiredSize(String name) {
    JsonValue value = value(name).orElseThrow(() -> missing(name));
    if (value instanceof JsonNumber number) {
      long size = number.asLong().orElse(-1);
      if (size >= 0) {
        return size;
      }
    }
    throw refusal(value, "expected " + name + " to be a number of bytes");
  }

  Digest requiredDigest(String name) {
    String text = requiredText(name);
    return Digest.parse(text)
        .orElseThrow(
            () ->
                refusal(
                    object,
                    Printable.of(text)
                        + " is no digest; only sha256 with 64 lower-case digits is"));
  }

  boolean flag(String name) {
    return value(name).map(value -> flag(name, value)).orElse(false);
  }

  Optional<Document> child(String name) {
    return value(name).map(value -> child(name, value));
  }

  Document requiredChild(String name) {
    return child(name).orElseThrow(() -> missing(name));
  }

  /** The objects of an array; none where it is missing. */
  List<Document> children(String name) {
    List<Document> children = new ArrayList<>();
    for (JsonValue value : array(name)) {
      children.add(child(name, value));
    }
    return children;
  }

  /** The strings of an array; none where it is missing. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (JsonValue value : array(name)) {
      texts.add(text(name, value));
    }
    return texts;
  }

  /** An object of strings, as annotations are. */
  Map<String, String> map(String name) {
    Map<String, String> map = new LinkedHashMap<>();
    child(name)
        .ifPresent(
            child ->
                child.object.members().forEach(m -> map.put(m.name(), text(m.name(), m.value()))));
    return map;
  }

  ImageRefusal refusal(String why) {
    return refusal(object, why);
  }

  private Optional<JsonValue> value(String name) {
    return object.get(name).filter(value -> !(value instanceof JsonNull));
  }

  private List<JsonValue> array(String name) {
    Optional<JsonValue> value = value(name);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get() instanceof JsonArray array) {
      return array.elements();
    }
    throw refusal(value.get(), "expected " + name + " to be an array, found " + value.get().kind());
  }

  private String text(String name, JsonValue value) {
    if (value instanceof JsonString string) {
      if (string.value().indexOf('\0') >= 0) {
        throw refusal(value, Printable.of(name) + " holds a NUL character");
      }
      return string.value();
    }
    throw refusal(
        value, "expected " + Printable.of(name) + " to be a string, found " + value.kind());
  }

  private boolean flag(String name, JsonValue value) {
    if (value instanceof JsonBoolean bool) {
      return bool.value();
    }
    throw refusal(value, "expected " + name + " to be true or false, found " + value.kind());
  }

  private Document child(String name, JsonValue value) {
    if (value instanceof JsonObject child) {
      return new Document(source, child);
    }
    throw refusal(
        value, "expected " + Printable.of(name) + " to be an object, found " + value.kind());
  }

  private ImageRefusal missing(String name) {
    return refusal(object, name + " is missing");
  }

  private ImageRefusal refusal(JsonValue at, String why) {
    return refusal(source, at, why);
  }

  private static ImageRefusal refusal(String source, JsonValue at, String why) {
    return new ImageRefusal("read " + source + ":" + at.position(), why, REMEDY);
  }
}

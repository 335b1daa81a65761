package dev.caisson.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes the documents that are written into a layout: members in the order in which they are put,
 * no white space. What is read and trusted goes through {@link Document}.
 */
final class JsonWriter {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private JsonWriter() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode texts(List<String> values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    values.forEach(array::add);
    return array;
  }

  private static ArrayNode array(List<? extends JsonNode> elements) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    elements.forEach(array::add);
    return array;
  }

  /** A document to be changed and written again, which {@link Document} has read without fault. */
  static ObjectNode copy(String source, byte[] bytes) {
    try {
      return MAPPER.readValue(bytes, ObjectNode.class);
    } catch (IOException unreadable) {
      throw ImageRefusal.of("change " + source, unreadable);
    }
  }

  /** A descriptor as documents hold it, without its platform. */
  static ObjectNode descriptor(Descriptor descriptor) {
    ObjectNode members =
        object()
            .put("mediaType", descriptor.mediaType())
            .put("digest", descriptor.digest().toString())
            .put("size", descriptor.size());
    if (!descriptor.annotations().isEmpty()) {
      ObjectNode texts = members.putObject("annotations");
      descriptor.annotations().forEach(texts::put);
    }
    return members;
  }

  /** A manifest of an image, or of what is stored like one. */
  static byte[] manifest(Descriptor config, List<ObjectNode> layers) {
    ObjectNode manifest =
        object().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST.text());
    manifest.set("config", descriptor(config));
    manifest.set("layers", array(layers));
    return bytes(manifest);
  }

  /** The index {@code bytes} with {@code entry} in place of those that {@code superseded} names. */
  static byte[] index(
      String source, byte[] bytes, Descriptor entry, Predicate<Descriptor> superseded) {
    List<Descriptor> old = ImageIndex.read(source, bytes, Optional.empty()).manifests();
    ObjectNode changed = copy(source, bytes);
    ArrayNode entries = changed.withArray("manifests");
    for (int i = old.size() - 1; i >= 0; i--) {
      if (superseded.test(old.get(i))) {
        entries.remove(i);
      }
    }
    entries.add(descriptor(entry));
    return bytes(changed);
  }

  static byte[] bytes(JsonNode document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree of JSON values cannot be written", impossible);
    }
  }
}

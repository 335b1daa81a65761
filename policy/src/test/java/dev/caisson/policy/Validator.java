package dev.caisson.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.List;

/** The schema as another program reads it. */
final class Validator {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(node(PolicySchema.shipped()));

  private Validator() {}

  /** What the schema has against {@code document}; of equal names the last counts. */
  static List<String> mistakes(String document) {
    return SCHEMA.validate(node(document)).stream().map(ValidationMessage::getMessage).toList();
  }

  /** Whether the schema itself is one, by the specification's own schema. */
  static List<String> mistakesOfTheSchema() {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(com.networknt.schema.SchemaLocation.of(SCHEMA_OF_SCHEMAS))
        .validate(node(PolicySchema.shipped()))
        .stream()
        .map(ValidationMessage::getMessage)
        .toList();
  }

  private static final String SCHEMA_OF_SCHEMAS = "https://json-schema.org/draft/2020-12/schema";

  private static JsonNode node(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}

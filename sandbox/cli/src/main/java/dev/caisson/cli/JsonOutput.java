package dev.caisson.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** What {@code --format json} prints: indented, and in ASCII, so that no terminal is steered. */
final class JsonOutput {
  private JsonOutput() {}

  static String text(JsonNode document) {
    JsonMapper mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    Separators separators =
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
    try {
      return mapper
          .writer(new DefaultPrettyPrinter().withSeparators(separators))
          .writeValueAsString(document);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree of JSON values cannot be written", impossible);
    }
  }
}

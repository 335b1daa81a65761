package dev.caisson.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"a\":[1,-2.5e3,true,false,null,\"x\"],\"b\":{\"c\":{}}}",
        "\"\\\"\\\\\\u0000\\u007f\\ud83d\\ude00\"",
      })
  void whatWasReadIsWrittenAgain(String text) {
    JsonValue value =
        JsonDocument.read("test", text.getBytes(StandardCharsets.UTF_8)).valueOrRefuse();
    assertEquals(text, JsonText.line(value));
    JsonValue again =
        JsonDocument.read("test", JsonText.indented(value).getBytes(StandardCharsets.UTF_8))
            .valueOrRefuse();
    assertEquals(text, JsonText.line(again));
  }

  @Test
  void indentsByTwoSpaces() {
    JsonValue value =
        JsonDocument.read("test", "{\"a\":[1,{}]}".getBytes(StandardCharsets.UTF_8))
            .valueOrRefuse();
    assertEquals(
        """
        {
          "a": [
            1,
            {}
          ]
        }""",
        JsonText.indented(value));
  }
}

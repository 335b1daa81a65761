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
        "\"\\u0080\\u009b\\u009f\\u061c\\u200e\\u200f\\u2028\\u202a\\u202e\\u2066\\u2069\"",
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
  void whatIsShownStaysAsItIs() {
    String shown = Character.toString(0xe9) + Character.toString(0x5d0) + Character.toString(0xa0);
    assertEquals("\"" + shown + "\"", JsonText.line(JsonText.text(shown)));
    assertEquals(
        "\"a\\u202eb\\u009b\"",
        JsonText.line(JsonText.text("a" + (char) 0x202e + "b" + (char) 0x9b)));
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

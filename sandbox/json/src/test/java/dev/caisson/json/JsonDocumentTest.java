package dev.caisson.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDocumentTest {
  @Test
  void keepsWhatWasWritten() {
    JsonObject root = (JsonObject) read("{\n  \"a\": [1, -2.5e3, true, null, \"\\u00e9\\n\"]\n}");
    JsonArray a = (JsonArray) root.get("a").orElseThrow();
    assertEquals(new Position(2, 8), a.position());
    assertEquals(new JsonNumber(new Position(2, 12), "-2.5e3"), a.elements().get(1));
    assertEquals("\u00e9\n", ((JsonString) a.elements().get(4)).value());
  }

  @Test
  void everyDuplicateIsFoundAndTheFirstCounts() {
    JsonDocument document = parse("{\"a\": 1, \"b\": {\"c\": 2, \"c\": 3},\n \"a\": 4}");
    assertEquals(
        List.of("1:24 $.b.c the name is given twice", "2:2 $.a the name is given twice"),
        said(document));
    JsonObject root = (JsonObject) document.root().orElseThrow();
    assertEquals("1", ((JsonNumber) root.get("a").orElseThrow()).literal());
  }

  @Test
  void aCommaTooManyIsSaidAndReadingGoesOn() {
    assertEquals(
        List.of(
            "1:9 $.a a comma stands before the closing ']'; take it out",
            "1:21 $ a comma stands before the closing '}'; take it out"),
        said(parse("{\"a\": [1,], \"b\": [2],}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a" 1}        | 1:6 $.a expected ':', found '1'
          [1 2]          | 1:4 $ expected ',' or ']', found '2'
          [01]           | 1:3 $ expected ',' or ']', found '1'
          [+1]           | 1:2 $[0] expected a value, found '+'
          [.5]           | 1:2 $[0] expected a value, found '.'
          [1.]           | 1:4 $[0] expected a digit after the decimal point, found ']'
          [1e]           | 1:4 $[0] expected a digit in the exponent, found ']'
          [NaN]          | 1:2 $[0] expected a value, found 'N'
          [tru]          | 1:2 $[0] expected a value, found 't'
          {a: 1}         | 1:2 $ expected a member's name in double quotes, found 'a'
          ["\\x"]        | 1:4 $[0] unknown escape, found 'x'
          ["\\u00g0"]    | 1:7 $[0] expected four hexadecimal digits, found 'g'
          ["\\ud800"]    | 1:9 $[0] the string holds half of a surrogate pair, which is no character
          {} {}          | 1:4 $ expected the end of the document, found '{'
          [1] // no      | 1:5 $ expected the end of the document, found '/'; JSON has no comments
          """)
  void stopsAtWhatIsNoJson(String text, String said) {
    assertEquals(List.of(said), said(parse(text)));
  }

  @Test
  void aStringMustBeClosed() {
    assertEquals(List.of("1:4 $[0] the string is not closed"), said(parse("[\"a")));
  }

  @Test
  void anEmptyDocumentIsNoValue() {
    assertEquals(List.of("1:1 $ expected a value, found the end of the document"), said(parse("")));
  }

  @Test
  void aByteThatIsNoUtf8IsFound() {
    byte[] bytes = "{\n \"\u00e9\": \"?\"}".getBytes(StandardCharsets.UTF_8);
    bytes[9] = (byte) 0xff;
    assertEquals(
        List.of("2:7 $ the document is not UTF-8 from here on; save it as UTF-8"),
        said(JsonDocument.read("test", bytes)));
  }

  @Test
  void aTruncatedCharacterIsNoUtf8() {
    byte[] bytes = Arrays.copyOf("\"\u00e9".getBytes(StandardCharsets.UTF_8), 2);
    assertEquals(1, JsonDocument.read("test", bytes).problems().size());
  }

  @Test
  void aByteOrderMarkIsNamed() {
    assertEquals(
        List.of("1:1 $ the document starts with a byte order mark; save it as UTF-8 without one"),
        said(parse("\ufeff{}")));
  }

  @Test
  void aControlCharacterInAStringIsNamed() {
    assertEquals(
        List.of("1:2 $ a control character (U+0000) stands in a string"), said(parse("\"\0\"")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void nestingIsBounded(String open) {
    JsonDocument document = parse(open.repeat(500_000));
    assertEquals(1, document.problems().size());
    assertTrue(
        document.problems().get(0).message().equals("nested deeper than 64 levels"),
        () -> document.problems().get(0).message());
  }

  @Test
  void lengthIsBounded() {
    JsonDocument document = JsonDocument.read("test", new byte[11], new JsonLimits(10, 5));
    assertEquals(
        List.of("1:1 $ the document has more than 10 bytes, which is too long"), said(document));
  }

  @Test
  void aRefusalNamesEveryPlace() {
    JsonRefusal refusal =
        assertThrows(JsonRefusal.class, () -> parse("{\"a\":1,\"a\":1,}").valueOrRefuse());
    assertEquals(2, refusal.problems().size());
    assertTrue(
        String.valueOf(refusal.getMessage()).startsWith("cannot read test: test:1:8: $.a:"),
        refusal::getMessage);
  }

  @Test
  void aPathNeverShowsControlCharactersOrEndlessNames() {
    assertEquals("$[\"a\\x1bb\"]", JsonPath.member("$", "a\u001bb"));
    assertEquals("$[\"\"]", JsonPath.member("$", ""));
    assertEquals("$[\"" + "x".repeat(60) + "...\"]", JsonPath.member("$", "x".repeat(1_000_000)));
  }

  private static JsonValue read(String text) {
    return parse(text).valueOrRefuse();
  }

  private static JsonDocument parse(String text) {
    return JsonDocument.read("test", text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> said(JsonDocument document) {
    return document.problems().stream()
        .map(p -> p.position() + " " + p.path() + " " + p.message())
        .toList();
  }
}

package dev.caisson.policy;

import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The language as a JSON Schema (draft 2020-12), made from the fields themselves. It takes every
 * document that the reader takes, and some more: docs/policy.md lists what a schema cannot say.
 */
public final class PolicySchema {
  /** How {@code $schema} of a policy's editor may name it. */
  static final String ID = "urn:caisson:policy:1";

  private static final String SHIPPED = "/dev/caisson/profiles/policies/policy.schema.json";

  private PolicySchema() {}

  /** The text of the schema that comes with Caisson. */
  public static String shipped() {
    try (InputStream in = PolicySchema.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException("the schema is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the schema cannot be read", e);
    }
  }

  /** The schema that the fields make. */
  static JsonObject document() {
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    for (String key : DocumentReader.HEAD) {
      members.put(key, head(key).described(FieldMeaning.of(key)));
    }
    members.putAll(bodyMembers());
    JsonSchema schema =
        new JsonSchema(
                JsonText.object(
                    Map.of("$schema", text("https://json-schema.org/draft/2020-12/schema"))))
            .with("$id", text(ID))
            .with("title", text("A policy of Caisson"));
    for (JsonObject.Member keyword :
        JsonSchema.object(members).requiring("apiVersion").document().members()) {
      schema = schema.with(keyword.name(), keyword.value());
    }
    return schema.with("$defs", definitions()).document();
  }

  private static JsonValue definitions() {
    Map<String, JsonValue> definitions = new LinkedHashMap<>();
    for (String key : BodyReader.KEYS) {
      definitions.put(key, body(key).described(FieldMeaning.of(key)).document());
    }
    definitions.put("placement", PlacementSchema.one().document());
    SeccompSchema.definitions().forEach((name, s) -> definitions.put(name, s.document()));
    return JsonText.object(definitions);
  }

  private static Map<String, JsonSchema> bodyMembers() {
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    for (String key : BodyReader.KEYS) {
      members.put(key, JsonSchema.defined(key));
    }
    return members;
  }

  private static JsonSchema head(String key) {
    return switch (key) {
      case "apiVersion" -> JsonSchema.constant(text(DocumentReader.VERSION));
      case "name", "description" -> JsonSchema.string();
      case "extends" -> JsonSchema.arrayOf(Parent.schema());
      case "vars" -> Variables.schema();
      case "when" -> JsonSchema.arrayOf(part());
      case "bestEffort" -> Fields.BEST_EFFORT.schema();
      case "ceiling" -> JsonSchema.object(bodyMembers());
      case "expect" -> JsonSchema.arrayOf(ExpectReader.schema());
      case "notes" -> JsonSchema.map(JsonSchema.string(), JsonSchema.string());
      default -> throw new IllegalStateException("PolicySchema does not know " + key);
    };
  }

  private static JsonSchema part() {
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put("if", Condition.schema());
    members.putAll(bodyMembers());
    return JsonSchema.object(members).requiring("if");
  }

  /** A member of a body: one field, or an object of fields. */
  private static JsonSchema body(String key) {
    if (Fields.at(key).isPresent()) {
      return Fields.at(key).orElseThrow().schema();
    }
    return switch (key) {
      case "filesystem" -> PlacementSchema.all();
      case "environment" -> environment();
      case "audit" -> WaiverReader.schema();
      case "secrets" -> SecretReader.schema();
      case "seccomp" -> SeccompSchema.of(fieldsOf(key));
      default -> JsonSchema.object(fieldsOf(key));
    };
  }

  private static Map<String, JsonSchema> fieldsOf(String section) {
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    for (String name : Fields.membersOf(section)) {
      String path = section + "." + name;
      members.put(name, Fields.at(path).orElseThrow().schema().described(FieldMeaning.of(path)));
    }
    return members;
  }

  private static JsonSchema environment() {
    JsonSchema pattern = JsonSchema.string("^[^=*\\u0000]*\\*?$").with("minLength", one());
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put("pass", JsonSchema.arrayOf(pattern));
    members.put(
        "set", JsonSchema.map(JsonSchema.string("^[^=*\\u0000]+$"), TextField.anyTemplate()));
    members.put("remove", JsonSchema.arrayOf(pattern));
    members.replaceAll((name, s) -> s.described(FieldMeaning.of("environment." + name)));
    return JsonSchema.object(members);
  }

  private static JsonValue one() {
    return JsonText.number(1);
  }

  private static JsonValue text(String text) {
    return JsonText.text(text);
  }
}

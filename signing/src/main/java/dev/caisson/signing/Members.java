package dev.caisson.signing;

import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import java.util.Optional;
import java.util.OptionalLong;

/** Takes an object apart that must have exactly the members named, and no other. */
final class Members {
  /** The document is not of the form that is asked for. */
  static final class Unexpected extends Exception {
    Unexpected(String message) {
      super(message, null, false, false);
    }

    /** What is wrong, a clause. */
    String reason() {
      return String.valueOf(getMessage());
    }
  }

  private final String path;
  private final JsonObject object;

  private Members(String path, JsonObject object) {
    this.path = path;
    this.object = object;
  }

  /**
   * The members of {@code value}.
   *
   * @param path how an error names the object
   */
  static Members of(String path, JsonValue value, String... names) throws Unexpected {
    if (!(value instanceof JsonObject object)) {
      throw new Unexpected(path + " is " + value.kind() + ", not an object");
    }
    Members members = new Members(path, object);
    for (String name : names) {
      members.get(name);
    }
    // Duplicates are mistakes of the document, so that the count tells whether there are others.
    if (object.members().size() != names.length) {
      throw new Unexpected(path + " has a member that does not belong there");
    }
    return members;
  }

  JsonValue get(String name) throws Unexpected {
    Optional<JsonValue> value = object.get(name);
    if (value.isEmpty()) {
      throw new Unexpected(path + " lacks the member " + name);
    }
    return value.get();
  }

  String string(String name) throws Unexpected {
    if (get(name) instanceof JsonString string) {
      return string.value();
    }
    throw new Unexpected(path + "." + name + " is " + get(name).kind() + ", not a string");
  }

  long whole(String name) throws Unexpected {
    if (get(name) instanceof JsonNumber number) {
      OptionalLong value = number.asLong();
      if (value.isPresent()) {
        return value.getAsLong();
      }
    }
    throw new Unexpected(path + "." + name + " is no whole number");
  }

  byte[] base64(String name) throws Unexpected {
    return StrictBase64.decode(string(name))
        .orElseThrow(() -> new Unexpected(path + "." + name + " is no base64"));
  }
}

package dev.caisson.policy;

import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@link PlacementReader} takes. */
final class PlacementSchema {
  /** A path inside: absolute and below /, or one that a variable begins. */
  private static final String INSIDE = "^(/+[^/]|\\$\\{)[^\\u0000]*$";

  /** A relative path that is not empty. */
  private static final String BELOW = "^[^/\\u0000][^\\u0000]*$";

  private PlacementSchema() {}

  /** Of a whole {@code filesystem}. */
  static JsonSchema all() {
    return JsonSchema.map(JsonSchema.string(INSIDE), JsonSchema.defined("placement"));
  }

  /** Of what stands at one path. */
  static JsonSchema one() {
    List<JsonSchema> kinds = new ArrayList<>();
    for (String kind : PlacementReader.KINDS) {
      Map<String, JsonSchema> members = new LinkedHashMap<>();
      members.put(kind, value(kind));
      for (String key : PlacementReader.keysOf(kind)) {
        members.put(key, value(key));
      }
      kinds.add(JsonSchema.object(members).requiring(kind));
    }
    return JsonSchema.anyOf(kinds);
  }

  private static JsonSchema value(String key) {
    return switch (key) {
      case "bind" ->
          TextField.anyTemplate()
              .described("A file or directory of the host, by its absolute path.");
      case "tmpfs" -> Unit.BYTES.schema().described("An empty directory in memory of this size.");
      case "text" -> TextField.anyTemplate().described("A read-only file with this text.");
      case "copy" ->
          TextField.anyTemplate().described("A copy of a file of the host, at most 1 MiB.");
      case "link" -> TextField.anyTemplate().described("A symbolic link with this text.");
      case "hostLink" ->
          held("The link that the host has under this name in its root, else that directory.");
      case "masked" -> held("Empty, whatever the view has there.");
      case "readOnly" -> held("What the view has there, read-only.");
      case "remove" -> held("Takes away what a parent put there.");
      case "access" ->
          JsonSchema.oneOf(PlacementReader.ACCESS)
              .described("Whether programs may write to it. Default: ro.");
      case "system" ->
          JsonSchema.flag().described("A directory of the system, bound as it is. Default: false.");
      case "optional" ->
          JsonSchema.flag()
              .described("Leave it out where the source cannot be read. Default: false.");
      case "protect" ->
          JsonSchema.arrayOf(JsonSchema.string(BELOW))
              .described("Paths below a writable bind that stay read-only, relative to it.");
      case "exec" ->
          JsonSchema.flag().described("Whether programs in it may be executed. Default: true.");
      case "mounts" ->
          JsonSchema.flag()
              .described(
                  "Whether programs may mount a tmpfs in it, none larger than itself. Default:"
                      + " false.");
      case "mode" ->
          JsonSchema.string("^0?[01]?[0-7]{1,3}$|^0{1,2}[0-7]{1,3}$")
              .described("The directory's mode, in octal. Default: 755.");
      default -> throw new IllegalStateException("PlacementSchema does not know " + key);
    };
  }

  private static JsonSchema held(String meaning) {
    return JsonSchema.constant(JsonText.flag(true)).described(meaning);
  }
}

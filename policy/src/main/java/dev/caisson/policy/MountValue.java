package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Mounts as policies write them. */
final class MountValue {
  private MountValue() {}

  static JsonValue of(Mount mount) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    if (mount instanceof Mount.Bind bind) {
      bind(bind, members);
    } else if (mount instanceof Mount.Tmpfs tmpfs) {
      members.put("tmpfs", Unit.BYTES.write(tmpfs.size()));
      members.put("mode", ModeField.written(tmpfs.mode()));
      exec(tmpfs.exec(), members);
      if (tmpfs.mounts()) {
        members.put("mounts", JsonText.flag(true));
      }
    } else if (mount instanceof Mount.TextFile file) {
      members.put("text", JsonText.text(Template.literal(file.text()).text()));
    } else if (mount instanceof Mount.Copy copy) {
      members.put("copy", literal(copy.source()));
    } else if (mount instanceof Mount.Symlink link) {
      members.put("link", literal(link.link()));
    } else {
      throw new AssertionError("a mount of an unknown kind at " + mount.target());
    }
    return JsonText.object(members);
  }

  private static void bind(Mount.Bind bind, Map<String, JsonValue> members) {
    members.put("bind", literal(bind.source()));
    if (bind.access() != Mount.Access.READ_ONLY) {
      members.put(
          "access", JsonText.text(bind.access() == Mount.Access.OVERLAY ? "overlay" : "rw"));
    }
    if (bind.system()) {
      members.put("system", JsonText.flag(true));
    }
    if (bind.optional()) {
      members.put("optional", JsonText.flag(true));
    }
    if (!bind.protect().isEmpty()) {
      JsonArray protect = JsonText.array(bind.protect().stream().map(MountValue::utf8).toList());
      members.put("protect", protect);
    }
    exec(bind.exec(), members);
  }

  private static void exec(boolean exec, Map<String, JsonValue> members) {
    if (!exec) {
      members.put("exec", JsonText.flag(false));
    }
  }

  /** A member that says that a kind holds. */
  static JsonValue mark(String kind) {
    return JsonText.object(Map.of(kind, JsonText.flag(true)));
  }

  /** A template that expands to {@code path}. Bytes that are no UTF-8 are shown escaped. */
  static JsonString literal(UnixPath path) {
    return JsonText.text(Template.literal(utf8(path).value()).text());
  }

  /** Bytes that are no UTF-8 are shown escaped: such a path leads nowhere. */
  static JsonString utf8(UnixPath path) {
    String text = new String(path.bytes(), StandardCharsets.UTF_8);
    boolean exact = UnixPath.of(text).equals(path);
    return JsonText.text(exact ? text : path.toString());
  }
}

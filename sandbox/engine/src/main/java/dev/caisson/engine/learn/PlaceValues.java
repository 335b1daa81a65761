package dev.caisson.engine.learn;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Mount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands at a place, in the words of a policy. */
final class PlaceValues {
  /** An empty directory that nobody can write to takes no more. */
  private static final String SMALL = "64KiB";

  private final JsonObject base;

  /**
   * @param base the member {@code filesystem} of the policy of the run
   */
  PlaceValues(JsonObject base) {
    this.base = base;
  }

  /** What the policy of the run says, or what a flag put there. */
  JsonObject of(Mount mount) {
    Optional<JsonValue> said = base.get(literal(mount.target()).value());
    if (said.isPresent() && said.get() instanceof JsonObject object) {
      return object;
    }
    if (mount instanceof Mount.Bind bind) {
      return of(bind, bind.target(), true);
    }
    if (mount instanceof Mount.Tmpfs tmpfs) {
      return tmpfs(tmpfs.size() + "B", tmpfs.mode(), tmpfs.exec());
    }
    throw new IllegalStateException("no flag places " + mount);
  }

  /**
   * A part of a bind, at {@code path} inside.
   *
   * @param changed whether it may be changed in it as it may in the whole
   */
  JsonObject of(Mount.Bind bind, UnixPath path, boolean changed) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("bind", literal(resolve(bind.source(), relative(bind.target(), path))));
    if (changed && bind.access() != Mount.Access.READ_ONLY) {
      boolean memory = bind.access() == Mount.Access.OVERLAY;
      members.put("access", JsonText.text(memory ? "overlay" : "rw"));
      List<JsonString> kept = new ArrayList<>();
      for (UnixPath each : bind.protect()) {
        UnixPath inside = bind.target().resolve(each);
        if (inside.startsWith(path) && !inside.equals(path)) {
          kept.add(JsonText.text(text(relative(path, inside)).substring(1)));
        }
      }
      if (!kept.isEmpty()) {
        members.put("protect", JsonText.array(kept));
      }
    }
    if (!bind.exec()) {
      members.put("exec", JsonText.flag(false));
    }
    return JsonText.object(members);
  }

  static JsonObject link(UnixPath text) {
    return JsonText.object(Map.of("link", literal(text)));
  }

  static JsonObject emptyDirectory() {
    return tmpfs(SMALL, 0555, true);
  }

  private static JsonObject tmpfs(String size, int mode, boolean exec) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("tmpfs", JsonText.text(size));
    members.put("mode", JsonText.text("0" + Integer.toOctalString(mode)));
    if (!exec) {
      members.put("exec", JsonText.flag(false));
    }
    return JsonText.object(members);
  }

  /** A template that stands for {@code path} itself. */
  static JsonString literal(UnixPath path) {
    return JsonText.text(text(path).replace("${", "$${"));
  }

  private static String text(UnixPath path) {
    return new String(path.bytes(), StandardCharsets.UTF_8);
  }

  static boolean canBeWritten(UnixPath path) {
    return UnixPath.of(text(path)).equals(path);
  }

  /** What follows {@code start} in {@code path}, with its slash; empty where they are the same. */
  private static UnixPath relative(UnixPath start, UnixPath path) {
    UnixPath rest = UnixPath.of("/");
    List<UnixPath> parts = path.components();
    for (UnixPath part : parts.subList(start.components().size(), parts.size())) {
      rest = rest.resolve(part);
    }
    return rest;
  }

  private static UnixPath resolve(UnixPath start, UnixPath rest) {
    return rest.components().isEmpty() ? start : start.resolve(rest);
  }
}

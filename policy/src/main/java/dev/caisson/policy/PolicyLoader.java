package dev.caisson.policy;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonLimits;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonRefusal;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Finds policies. None is ever discovered: a bare name is a built-in, and a file is named with a
 * slash or its ending {@code .json}.
 */
public final class PolicyLoader {
  /** The policies that come with Caisson. */
  public static final List<String> BUILT_IN = List.of("strict", "untrusted", "developer");

  /** What a launch uses when nothing is said. */
  public static final String DEFAULT = "untrusted";

  private static final int MAX_DEPTH = 8;
  private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

  private final int caller;
  private final List<String> path = new ArrayList<>();

  private PolicyLoader(int caller) {
    this.caller = caller;
  }

  /**
   * Loads the policy a user named.
   *
   * @param caller the caller's user id: a file that another ordinary user could have written is
   *     refused
   */
  public static Policy load(String name, int caller) {
    return new Policy(new PolicyLoader(caller).named(name));
  }

  /** Whether {@code name} is a file's and not a built-in policy's. */
  public static boolean isFile(String name) {
    return name.indexOf('/') >= 0 || name.endsWith(".json");
  }

  private PolicyDocument named(String name) {
    if (isFile(name)) {
      return file(Path.of(name).toAbsolutePath().normalize(), name);
    }
    return builtIn(name, "use the policy " + name);
  }

  private PolicyDocument builtIn(String name, String attempted) {
    if (!BUILT_IN.contains(name)) {
      throw new PolicyRefusal(
          attempted,
          "no policy of the name " + name + " comes with Caisson",
          "Use " + String.join(", ", BUILT_IN) + ", or a file: ./" + name + ".json");
    }
    try (InputStream in =
        PolicyLoader.class.getResourceAsStream(
            "/dev/caisson/profiles/policies/" + name + ".json")) {
      if (in == null) {
        throw new IllegalStateException("the built-in policy " + name + " is missing");
      }
      return document(name, in.readAllBytes(), Optional.empty());
    } catch (IOException e) {
      throw new PolicyRefusal(attempted, "it cannot be read: " + e, "");
    }
  }

  private PolicyDocument file(Path file, String shown) {
    PolicyOwner.requireTrusted(file, caller);
    return document(shown, read(file, shown), Optional.ofNullable(file.getParent()));
  }

  private static byte[] read(Path file, String shown) {
    String attempted = "read the policy " + shown;
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        throw new PolicyRefusal(
            attempted,
            there ? "it is no regular file" : "there is no such file",
            "Name a policy file, or one of " + String.join(", ", BUILT_IN));
      }
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes(LIMITS.bytes() + 1);
      }
    } catch (NoSuchFileException absent) {
      throw new PolicyRefusal(attempted, "there is no such file", "Check the path");
    } catch (IOException e) {
      throw new PolicyRefusal(attempted, "it cannot be read: " + e, "Check that you may read it");
    }
  }

  private PolicyDocument document(String source, byte[] bytes, Optional<Path> directory) {
    if (path.contains(source) || path.size() >= MAX_DEPTH) {
      throw new PolicyRefusal(
          "use the policy " + path.get(0),
          "its parents lead in a circle or too deep: "
              + String.join(" -> ", path)
              + " -> "
              + source,
          "Take one of the extends out");
    }
    path.add(source);
    JsonDocument json = JsonDocument.read(source, bytes, LIMITS);
    JsonValue value;
    try {
      value = json.valueOrRefuse();
    } catch (JsonRefusal refusal) {
      if (path.size() > 1) {
        // what is no policy is never quoted: extends must not show other files
        throw new PolicyRefusal(
            "use the policy " + path.get(0), "its parent " + source + " is no policy", "");
      }
      throw refusal;
    }
    List<JsonProblem> problems = new ArrayList<>();
    Optional<JsonFields> fields = JsonFields.of(value, "$", Settings.HEAD_AND_BODY, problems);
    if (fields.isEmpty()) {
      throw new PolicyRefusal(source, Settings.located(source, problems));
    }
    // unknown fields are reported with everything else, when the policy is resolved
    List<PolicyDocument> parents = new ArrayList<>();
    for (JsonFields.Element<JsonValue> parent : fields.get().elements("extends")) {
      parents.add(parent(source, parent.value(), directory));
    }
    path.remove(path.size() - 1);
    return new PolicyDocument(source, (JsonObject) value, parents);
  }

  private PolicyDocument parent(String child, JsonValue value, Optional<Path> directory) {
    String attempted = "use a parent of the policy " + child;
    if (value instanceof JsonString name) {
      if (name.value().indexOf('/') < 0 && !name.value().endsWith(".json")) {
        return builtIn(name.value(), attempted);
      }
      return beneath(attempted, name.value(), directory);
    }
    if (value instanceof JsonObject pinned
        && pinned.get("file").orElse(null) instanceof JsonString file
        && pinned.get("sha256").orElse(null) instanceof JsonString digest
        && pinned.members().size() == 2) {
      return pinned(attempted, file.value(), digest.value());
    }
    throw new PolicyRefusal(
        attempted,
        child + ":" + value.position() + ": expected a name or {\"file\": ..., \"sha256\": ...}",
        "See docs/policy.md, extends");
  }

  private PolicyDocument beneath(String attempted, String name, Optional<Path> directory) {
    if (directory.isEmpty()) {
      throw new PolicyRefusal(attempted, "a built-in policy extends built-ins only", "");
    }
    Path root = directory.get();
    Path file = root.resolve(name).normalize();
    if (Path.of(name).isAbsolute() || !file.startsWith(root)) {
      throw new PolicyRefusal(
          attempted,
          name + " does not lie beneath the directory of the policy that names it",
          "Move it there, or pin it: {\"file\": \"" + name + "\", \"sha256\": \"...\"}");
    }
    return file(file, file.toString());
  }

  private PolicyDocument pinned(String attempted, String name, String digest) {
    Path file = Path.of(name).toAbsolutePath().normalize();
    byte[] bytes = read(file, name);
    try {
      byte[] actual = MessageDigest.getInstance("SHA-256").digest(bytes);
      if (!HexFormat.of().formatHex(actual).equals(digest)) {
        throw new PolicyRefusal(
            attempted, name + " has another digest than " + digest, "Review it and pin it anew");
      }
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
    return document(name, bytes, Optional.ofNullable(file.getParent()));
  }
}

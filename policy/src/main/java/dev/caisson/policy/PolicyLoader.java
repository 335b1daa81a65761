package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonLimits;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Nearest;
import dev.caisson.policy.Field.Source;
import dev.caisson.policy.PolicyFiles.Found;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds policies. None is ever discovered: a bare name is a built-in, and a file is named with a
 * slash or its ending {@code .json}.
 */
public final class PolicyLoader {
  /** The policies that come with Caisson. */
  public static final List<String> BUILT_IN =
      List.of("strict", "untrusted", "developer", "unshare");

  /** What a launch uses when nothing is said. */
  public static final String DEFAULT = "untrusted";

  private static final int MAX_DEPTH = 8;
  private static final int MAX_DOCUMENTS = 64;
  private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

  private final PolicyFiles files;
  private final PolicyOwner owner;
  private final String wanted;
  private final List<UnixPath> open = new ArrayList<>();
  private int documents;

  private PolicyLoader(PolicyFiles files, int caller, UnixPath wanted) {
    this.files = files;
    owner = new PolicyOwner(files, caller);
    this.wanted = wanted.toString();
  }

  /**
   * Loads the policy a user named, with everything that it extends. Mistakes in what was read are
   * kept for {@link Policy#check}.
   *
   * @param caller the caller's user id: a file that another ordinary user could have written is
   *     refused
   * @throws PolicyRefusal where a document cannot be read, is no policy or must not be used
   */
  public static Policy load(UnixPath name, int caller, PolicyFiles files) {
    return new Policy(new PolicyLoader(files, caller, name).named(name));
  }

  /** Whether {@code name} is a file's and not a built-in policy's. */
  public static boolean isFile(UnixPath name) {
    String text = name.toString();
    return text.indexOf('/') >= 0 || text.endsWith(".json");
  }

  private PolicyDocument named(UnixPath name) {
    if (!isFile(name)) {
      return builtIn(name.toString());
    }
    Found file = find(name, wanted);
    owner.requireTrusted(file, wanted);
    return document(wanted, file.real(), file.content(), Optional.of(parent(file.real())));
  }

  private PolicyDocument builtIn(String name) {
    if (!BUILT_IN.contains(name)) {
      throw refusal(
          unknown(name) + Nearest.hint(name, BUILT_IN),
          "Use "
              + String.join(", ", BUILT_IN)
              + ", or a file: its name needs a / or ends in .json");
    }
    String resource = "/dev/caisson/profiles/policies/" + name + ".json";
    try (InputStream in = PolicyLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the built-in policy " + name + " is missing");
      }
      return document(name, UnixPath.of(name), in.readAllBytes(), Optional.empty());
    } catch (IOException e) {
      throw refusal("the built-in policy " + name + " cannot be read: " + e, "Install again");
    }
  }

  private static String unknown(String name) {
    return "no policy of the name " + JsonPath.quoted(name) + " comes with Caisson";
  }

  /** Opens a file; anything but a regular file of a sensible length is refused. */
  private Found find(UnixPath name, String shown) {
    Found found;
    try {
      found = files.find(name, LIMITS.bytes() + 1);
    } catch (IOException e) {
      throw refusal(shown + " cannot be read: " + e.getMessage(), "Check the path and its rights");
    }
    if (!found.status().isRegularFile()) {
      throw refusal(
          shown + " is " + found.status().kind(),
          "Name a policy file, or one of " + String.join(", ", BUILT_IN));
    }
    return found;
  }

  /**
   * Reads a document and its parents.
   *
   * @param identity tells it from every other document
   * @param directory where it lies; empty for a built-in policy
   */
  private PolicyDocument document(
      String source, UnixPath identity, byte[] bytes, Optional<UnixPath> directory) {
    enter(identity);
    JsonDocument json = JsonDocument.read(source, bytes, LIMITS);
    boolean isParent = open.size() > 1;
    // what is no policy is never quoted: extends must not show other files
    if (isParent && json.root().filter(DocumentReader::isPolicy).isEmpty()) {
      throw refusal("its parent " + source + " is no policy", "Take it out of extends");
    }
    if (json.root().isEmpty()) {
      throw PolicyRefusal.of(source, located(source, json.problems()));
    }
    List<JsonProblem> problems = new ArrayList<>(json.problems());
    if (!(json.root().get() instanceof JsonObject root)) {
      JsonValue other = json.root().get();
      problems.add(
          new JsonProblem(other.position(), "$", "expected an object, found " + other.kind()));
      throw PolicyRefusal.of(source, located(source, problems));
    }
    List<PolicyDocument> parents = parents(source, root, directory, problems);
    open.remove(open.size() - 1);
    return new DocumentReader(source, directory, problems).read(root, parents);
  }

  private void enter(UnixPath identity) {
    if (open.contains(identity)) {
      throw refusal(
          "its parents lead in a circle: " + chain() + " -> " + identity,
          "Take one of these out of extends");
    }
    open.add(identity);
    documents++;
    if (open.size() > MAX_DEPTH || documents > MAX_DOCUMENTS) {
      throw refusal(
          open.size() > MAX_DEPTH
              ? "its parents lie deeper than " + MAX_DEPTH + ": " + chain()
              : "it has more than " + MAX_DOCUMENTS + " parents",
          "Put some of them into one policy");
    }
  }

  private String chain() {
    return String.join(" -> ", open.stream().map(UnixPath::toString).toList());
  }

  private List<PolicyDocument> parents(
      String child, JsonObject root, Optional<UnixPath> directory, List<JsonProblem> problems) {
    List<PolicyDocument> parents = new ArrayList<>();
    Optional<JsonValue> written = root.get("extends");
    if (written.isEmpty()) {
      return parents;
    }
    if (!(written.get() instanceof JsonArray list)) {
      problems.add(
          new JsonProblem(
              written.get().position(),
              "$.extends",
              "expected an array, found " + written.get().kind()));
      return parents;
    }
    int index = 0;
    for (JsonValue element : list.elements()) {
      Source source = new Source(element, "$.extends[" + index++ + "]", problems);
      Optional<Parent> parent = Parent.read(element);
      if (parent.isPresent()) {
        parent(child, parent.get(), directory, source).ifPresent(parents::add);
      } else {
        source.mistake(Parent.EXPECTED);
      }
    }
    return parents;
  }

  /** Empty where a mistake was recorded. */
  private Optional<PolicyDocument> parent(
      String child, Parent parent, Optional<UnixPath> directory, Source source) {
    if (parent.digest().isEmpty() && !isFile(parent.name())) {
      String name = parent.name().toString();
      return BUILT_IN.contains(name)
          ? Optional.of(builtIn(name))
          : source.mistake(unknown(name) + Nearest.hint(name, BUILT_IN));
    }
    UnixPath here = directory.orElseThrow(() -> new IllegalStateException(child));
    String shown = parent.name().toString();
    if (parent.digest().isPresent()) {
      UnixPath file = parent.name().isAbsolute() ? parent.name() : here.resolve(parent.name());
      Found found = find(file, "its parent " + shown);
      parent.requireDigest(wanted, found.content());
      return Optional.of(document(shown, found));
    }
    if (parent.isUrl()) {
      return source.mistake(
          "its parent "
              + shown
              + " is a URL, and nothing is fetched; save it beside the policy and name the file");
    }
    if (!parent.isBeneath()) {
      return source.mistake(outside(shown));
    }
    Found found;
    try {
      found = find(here.resolve(parent.name()), "its parent " + shown);
    } catch (PolicyRefusal unreadable) {
      return source.mistake(unreadable.why());
    }
    if (!found.real().startsWith(here)) {
      return source.mistake(outside(shown));
    }
    owner.requireTrusted(found, shown);
    return Optional.of(document(shown, found));
  }

  private PolicyDocument document(String shown, Found found) {
    return document(shown, found.real(), found.content(), Optional.of(parent(found.real())));
  }

  private static String outside(String shown) {
    return "its parent "
        + shown
        + " does not lie beneath the directory of the policy that names it; move it there, or pin"
        + " it: {\"file\": \""
        + shown
        + "\", \"sha256\": \"...\"}";
  }

  private static UnixPath parent(UnixPath file) {
    UnixPath directory = UnixPath.of("/");
    List<UnixPath> parts = file.components();
    for (UnixPath part : parts.subList(0, parts.size() - 1)) {
      directory = directory.resolve(part);
    }
    return directory;
  }

  private static List<PolicyProblem> located(String source, List<JsonProblem> problems) {
    return problems.stream()
        .map(p -> new PolicyProblem(new Origin(source, p.position(), p.path()), p.message()))
        .toList();
  }

  private PolicyRefusal refusal(String why, String remedy) {
    return new PolicyRefusal(
        wanted.isEmpty() ? "use a policy" : "use the policy " + wanted, why, remedy);
  }
}

package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Expectation.Outcome;
import dev.caisson.policy.Expectation.Side;
import dev.caisson.policy.Expectation.Use;
import dev.caisson.policy.Field.Source;
import dev.caisson.policy.seccomp.ArgumentNames;
import dev.caisson.policy.seccomp.ConditionValue;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads what a policy expects of itself. */
final class ExpectReader {
  /** What can be attempted; each expectation names one. */
  static final List<String> ATTEMPTS = List.of("syscall", "connect", "read", "write", "exec");

  private static final List<Outcome> OF_FILES = List.of(Outcome.values());
  private static final List<Outcome> OF_CALLS = List.of(Outcome.ALLOW, Outcome.DENY);

  private final String source;
  private final List<JsonProblem> problems;

  ExpectReader(String source, List<JsonProblem> problems) {
    this.source = source;
    this.problems = problems;
  }

  /** Those that are sound. */
  List<WrittenExpectation> read(List<JsonFields.Element<JsonValue>> elements) {
    List<WrittenExpectation> expectations = new ArrayList<>();
    for (JsonFields.Element<JsonValue> element : elements) {
      expectation(element.value(), element.path()).ifPresent(expectations::add);
    }
    return expectations;
  }

  private Optional<WrittenExpectation> expectation(JsonValue value, String at) {
    List<String> keys = new ArrayList<>(ATTEMPTS);
    keys.addAll(List.of("args", "then"));
    Optional<JsonFields> read = JsonFields.of(value, at, keys, problems);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    JsonFields fields = read.get();
    List<String> attempts = ATTEMPTS.stream().filter(fields::has).toList();
    if (attempts.size() != 1) {
      return new Source(value, at, problems)
          .mistake(
              "expected exactly one of "
                  + String.join(", ", ATTEMPTS)
                  + " in it, found "
                  + (attempts.isEmpty() ? "none" : String.join(" and ", attempts)));
    }
    String attempt = attempts.get(0);
    if (fields.has("args") && !attempt.equals("syscall")) {
      fields.problem(fields.get("args").orElseThrow(), "args", "only a syscall has arguments");
    }
    boolean file = !attempt.equals("syscall") && !attempt.equals("connect");
    Optional<Outcome> then = then(fields, file ? OF_FILES : OF_CALLS, at);
    JsonValue subject = fields.get(attempt).orElseThrow();
    Source attempted = new Source(subject, fields.path(attempt), problems);
    Origin origin = new Origin(source, value.position(), at);
    return switch (attempt) {
      case "syscall" -> call(attempted, fields, then, origin);
      case "connect" -> connection(attempted, then, origin);
      default -> access(Use.valueOf(attempt.toUpperCase(Locale.ROOT)), attempted, then, origin);
    };
  }

  private Optional<Outcome> then(JsonFields fields, List<Outcome> possible, String at) {
    Optional<JsonValue> value = fields.get("then");
    if (value.isEmpty()) {
      problems.add(new JsonProblem(fields.position(), at, "expected \"then\": ... in it"));
    }
    return value
        .map(then -> new Source(then, fields.path("then"), problems))
        .flatMap(
            then -> {
              Optional<String> word = then.string();
              Optional<Outcome> named = word.flatMap(w -> Words.named(possible, w));
              return named.isPresent() || word.isEmpty()
                  ? named
                  : then.mistake(Words.expectedOne(possible, word.get()));
            });
  }

  private Optional<WrittenExpectation> call(
      Source attempted, JsonFields fields, Optional<Outcome> then, Origin origin) {
    Optional<String> name = attempted.string();
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> unknown = SeccompProfile.hintUnknownCall(name.get());
    if (unknown.isPresent()) {
      return attempted.mistake(
          "no such system call: " + JsonPath.quoted(name.get()) + unknown.get());
    }
    Map<String, ConditionValue> arguments = arguments(name.get(), fields);
    return then.map(
        outcome ->
            new WrittenExpectation.Plain(
                new Expectation.Call(name.get(), arguments, outcome, origin)));
  }

  private Optional<WrittenExpectation> connection(
      Source attempted, Optional<Outcome> then, Origin origin) {
    Optional<String> text = attempted.string();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int colon = text.get().lastIndexOf(':');
    int port = colon < 0 ? -1 : Numbers.decimal(text.get().substring(colon + 1), 65535);
    String host = colon < 0 ? "" : text.get().substring(0, colon);
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    String bare = brackets ? host.substring(1, host.length() - 1) : host;
    Optional<Address> address = Address.parse(bare);
    boolean sound = address.isPresent() ? brackets == address.get().isIpv6() : isName(host);
    if (port < 1 || !sound) {
      return attempted.expected(
          "an address or a name, and a port: 192.0.2.7:443, [2001:db8::7]:443");
    }
    return then.map(
        outcome ->
            new WrittenExpectation.Plain(
                new Expectation.Connection(bare, address, port, outcome, origin)));
  }

  private static boolean isName(String host) {
    return !host.isEmpty()
        && host.chars().allMatch(c -> c == '-' || c == '.' || c == '_' || isLetterOrDigit(c));
  }

  private static boolean isLetterOrDigit(int c) {
    return c < 0x80 && Character.isLetterOrDigit(c);
  }

  private static Optional<WrittenExpectation> access(
      Use use, Source attempted, Optional<Outcome> then, Origin origin) {
    Optional<Template> text = TextField.template(attempted);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    for (Side side : Side.values()) {
      String start = Words.of(side) + ":";
      if (text.get().text().startsWith(start)) {
        Template path = new Template(text.get().text().substring(start.length()));
        return then.map(outcome -> new WrittenExpectation.OfFile(use, side, path, outcome, origin));
      }
    }
    return attempted.expected("inside:/PATH or host:/PATH");
  }

  private Map<String, ConditionValue> arguments(String call, JsonFields fields) {
    Map<String, ConditionValue> arguments = new LinkedHashMap<>();
    Optional<JsonValue> given = fields.get("args");
    if (given.isPresent() && !(given.get() instanceof JsonObject)) {
      fields.problem(given.get(), "args", "expected an object, found " + given.get().kind());
    }
    if (given.isPresent() && given.get() instanceof JsonObject object) {
      for (JsonObject.Member member : object.members()) {
        String at = JsonPath.member(fields.path("args"), member.name());
        ArgumentNames.mistake(call, member.name())
            .ifPresent(m -> problems.add(new JsonProblem(member.namePosition(), at, m)));
        new ConditionReader(problems)
            .one(member.value(), at)
            .ifPresent(value -> arguments.put(member.name(), value));
      }
    }
    return arguments;
  }

  static JsonSchema schema() {
    JsonSchema path = JsonSchema.string("^(inside|host):");
    JsonSchema outcome = outcomes(OF_CALLS);
    List<JsonSchema> attempts = new ArrayList<>();
    attempts.add(
        attempt(
            "syscall", JsonSchema.defined("call"), Map.of("args", arguments(), "then", outcome)));
    attempts.add(attempt("connect", JsonSchema.string(":[0-9]+$"), Map.of("then", outcome)));
    for (String use : List.of("read", "write", "exec")) {
      attempts.add(attempt(use, path, Map.of("then", outcomes(OF_FILES))));
    }
    return JsonSchema.anyOf(attempts);
  }

  private static JsonSchema attempt(String key, JsonSchema value, Map<String, JsonSchema> others) {
    Map<String, JsonSchema> members = new TreeMap<>(others);
    members.put(key, value);
    return JsonSchema.object(members).requiring(key, "then");
  }

  private static JsonSchema arguments() {
    return JsonSchema.map(SeccompSchema.argument(), JsonSchema.defined("value"));
  }

  private static JsonSchema outcomes(List<Outcome> outcomes) {
    return JsonSchema.oneOf(outcomes.stream().map(Words::of).toList());
  }
}

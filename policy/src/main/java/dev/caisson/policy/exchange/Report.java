package dev.caisson.policy.exchange;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Position;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.util.ArrayList;
import java.util.List;

/** What an import has to say about the document that it reads. */
final class Report {
  private final String source;
  private final List<JsonProblem> problems = new ArrayList<>();
  private final List<String> mistakes = new ArrayList<>();
  private final List<LeftOut> leftOut = new ArrayList<>();

  /**
   * @param source how messages name the document
   */
  Report(String source) {
    this.source = source;
  }

  /** Where readers of JSON record their mistakes. */
  List<JsonProblem> problems() {
    return problems;
  }

  /** The root of a document whose mistakes are kept. */
  JsonValue root(JsonDocument document) {
    problems.addAll(document.problems());
    if (document.root().isEmpty()) {
      throw ExchangeRefusal.ofImport(source, all());
    }
    return document.root().get();
  }

  void mistake(String place, String message) {
    mistakes.add(place + ": " + message);
  }

  void mistake(JsonValue value, String path, String message) {
    problems.add(new JsonProblem(value.position(), path, message));
  }

  void add(Kind kind, String place, String said) {
    leftOut.add(new LeftOut(kind, place, said));
  }

  /** Something at a member of an object. */
  void add(Kind kind, JsonFields fields, String key, String said) {
    fields.get(key).ifPresent(value -> add(kind, value, fields.path(key), said));
  }

  void add(Kind kind, JsonValue value, String path, String said) {
    add(kind, value.position(), path, said);
  }

  void add(Kind kind, Position position, String path, String said) {
    add(kind, source + ":" + position + ": " + path, said);
  }

  /**
   * The result.
   *
   * @throws ExchangeRefusal that lists every mistake, those of the policy itself among them
   */
  Imported imported(JsonObject policy, HostFacts host) {
    List<String> all = all();
    if (all.isEmpty()) {
      all = WrittenPolicy.mistakes(policy, host);
    }
    if (!all.isEmpty()) {
      throw ExchangeRefusal.ofImport(source, all);
    }
    return new Imported(policy, leftOut);
  }

  /** Every mistake so far, each with its place. */
  List<String> all() {
    List<String> all = new ArrayList<>();
    problems.forEach(
        p -> all.add(source + ":" + p.position() + ": " + p.path() + ": " + p.message()));
    all.addAll(mistakes);
    return all;
  }
}

package dev.caisson.json;

import dev.caisson.Refusal;
import java.util.List;
import java.util.stream.Collectors;

/** A document that is no strict JSON. */
public final class JsonRefusal extends Refusal {
  private final transient List<JsonProblem> problems;

  JsonRefusal(String source, List<JsonProblem> problems) {
    super("read " + source, describe(source, problems), "Correct the document");
    this.problems = List.copyOf(problems);
  }

  /** Every mistake found, in the order of the document. */
  public List<JsonProblem> problems() {
    return problems;
  }

  private static String describe(String source, List<JsonProblem> problems) {
    return problems.stream()
        .map(p -> source + ":" + p.position() + ": " + p.path() + ": " + p.message())
        .collect(Collectors.joining("; "));
  }
}

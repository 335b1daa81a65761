package dev.caisson.policy.seccomp;

import dev.caisson.Refusal;
import dev.caisson.json.JsonProblem;
import java.util.List;

/** A profile or filter that cannot be used. */
public final class SeccompRefusal extends Refusal {
  private final transient List<JsonProblem> problems;

  SeccompRefusal(String attempted, String why, String remedy) {
    super(attempted, why, remedy);
    problems = List.of();
  }

  private SeccompRefusal(String source, List<JsonProblem> problems) {
    super("read the seccomp profile " + source, describe(source, problems), "Correct the profile");
    this.problems = List.copyOf(problems);
  }

  static SeccompRefusal of(String source, List<JsonProblem> problems) {
    return new SeccompRefusal(source, problems);
  }

  /** Every mistake of a document, in its order; empty where it is not a document that is wrong. */
  public List<JsonProblem> problems() {
    return problems;
  }

  private static String describe(String source, List<JsonProblem> problems) {
    StringBuilder text = new StringBuilder();
    for (JsonProblem problem : problems) {
      text.append(text.isEmpty() ? "" : "; ")
          .append(source + ":" + problem.position() + ": ")
          .append(problem.path() + ": " + problem.message());
    }
    return text.toString();
  }
}

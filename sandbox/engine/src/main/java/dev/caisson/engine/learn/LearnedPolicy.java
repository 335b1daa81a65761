package dev.caisson.engine.learn;

import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import java.util.List;

/**
 * What was learned from a run.
 *
 * @param document a policy that extends nothing
 * @param report what a reviewer should know, a line each
 */
public record LearnedPolicy(JsonObject document, List<String> report) {
  public LearnedPolicy {
    report = List.copyOf(report);
  }

  /** The policy as a document. */
  public String text() {
    return JsonText.indented(document) + "\n";
  }
}

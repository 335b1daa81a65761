package dev.caisson.policy.exchange;

import dev.caisson.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A policy as another tool's document.
 *
 * @param document {@code config.json}
 * @param files what it refers to, by names relative to its directory
 * @param leftOut everything of the policy that the document does not say
 */
public record Exported(JsonObject document, Map<String, byte[]> files, List<LeftOut> leftOut) {
  public Exported {
    files = Map.copyOf(files);
    leftOut = List.copyOf(leftOut);
  }

  /** How many protections of the policy the other tool would not give. */
  public long weaknesses() {
    return leftOut.stream().filter(each -> each.kind() == LeftOut.Kind.NOT_ENFORCED).count();
  }
}

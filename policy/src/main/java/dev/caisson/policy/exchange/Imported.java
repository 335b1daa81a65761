package dev.caisson.policy.exchange;

import dev.caisson.json.JsonObject;
import java.util.List;

/**
 * A document of another tool as a policy.
 *
 * @param policy a document of the language, which its reader accepts
 * @param leftOut everything of the other document that the policy does not say, in its order
 */
public record Imported(JsonObject policy, List<LeftOut> leftOut) {
  public Imported {
    leftOut = List.copyOf(leftOut);
  }

  /** How much of {@link #leftOut} changes what is allowed. */
  public long changes() {
    return leftOut.stream().filter(LeftOut::changesRights).count();
  }
}

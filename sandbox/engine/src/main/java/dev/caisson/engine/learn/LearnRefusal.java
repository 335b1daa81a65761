package dev.caisson.engine.learn;

import dev.caisson.Refusal;
import java.util.List;

/** What was learned must not be written. */
public final class LearnRefusal extends Refusal {
  LearnRefusal(List<String> excess) {
    super(
        "write what was learned",
        String.join("; ", excess),
        "Report it: a learned policy is meant to be a part of the policy of the run");
  }
}

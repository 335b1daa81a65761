package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.policy.Expectation.Outcome;
import dev.caisson.policy.Expectation.Side;
import dev.caisson.policy.Expectation.Use;
import java.util.List;
import java.util.Optional;

/** An expectation before its variables are replaced. */
sealed interface WrittenExpectation {
  /** The expectation; empty, and a problem, where a variable cannot be replaced. */
  Optional<Expectation> resolve(Variables variables, List<PolicyProblem> problems);

  /** One without variables. */
  record Plain(Expectation expectation) implements WrittenExpectation {
    @Override
    public Optional<Expectation> resolve(Variables variables, List<PolicyProblem> problems) {
      return Optional.of(expectation);
    }
  }

  /** One about a file. */
  record OfFile(Use use, Side side, Template path, Outcome expected, Origin origin)
      implements WrittenExpectation {
    @Override
    public Optional<Expectation> resolve(Variables variables, List<PolicyProblem> problems) {
      Variables.Expansion expansion = variables.path(path);
      Optional<UnixPath> plain = expansion.value().filter(Variables::isPlain);
      if (plain.isEmpty()) {
        String problem =
            expansion
                .value()
                .map(found -> "expected an absolute path without . and .., found " + found)
                .orElse(expansion.problem());
        problems.add(new PolicyProblem(origin, problem));
      }
      return plain.map(found -> new Expectation.FileAccess(use, side, found, expected, origin));
    }
  }
}

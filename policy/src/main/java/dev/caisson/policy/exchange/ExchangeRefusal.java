package dev.caisson.policy.exchange;

import dev.caisson.Refusal;
import java.util.List;

/** A document that cannot be imported, or a policy that cannot be exported. */
public final class ExchangeRefusal extends Refusal {
  private final transient List<String> mistakes;

  private ExchangeRefusal(String attempted, List<String> mistakes) {
    super(
        attempted,
        String.join("; ", mistakes),
        mistakes.size() == 1 ? "Correct it" : "Correct these " + mistakes.size() + " mistakes");
    this.mistakes = List.copyOf(mistakes);
  }

  static ExchangeRefusal ofImport(String source, List<String> mistakes) {
    return new ExchangeRefusal("import " + source, mistakes);
  }

  static ExchangeRefusal ofExport(String policy, List<String> mistakes) {
    return new ExchangeRefusal("export " + policy, mistakes);
  }

  /** Every mistake, each with its place. */
  public List<String> mistakes() {
    return mistakes;
  }
}

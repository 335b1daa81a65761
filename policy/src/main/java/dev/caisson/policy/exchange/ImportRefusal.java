package dev.caisson.policy.exchange;

import dev.caisson.Refusal;
import java.util.List;

/** A document that cannot be imported, or a policy that cannot be exported. */
public final class ImportRefusal extends Refusal {
  private final transient List<String> mistakes;

  private ImportRefusal(String source, List<String> mistakes) {
    super(
        "import " + source,
        String.join("; ", mistakes),
        mistakes.size() == 1 ? "Correct it" : "Correct these " + mistakes.size() + " mistakes");
    this.mistakes = List.copyOf(mistakes);
  }

  static ImportRefusal of(String source, List<String> mistakes) {
    return new ImportRefusal(source, mistakes);
  }

  /** Every mistake, each with its place. */
  public List<String> mistakes() {
    return mistakes;
  }
}

package dev.caisson.policy.exchange;

/**
 * Something of a document that the other does not say.
 *
 * @param place where it stands, {@code pod.json:4:5: $.spec.hostPID} for instance
 * @param said what is not taken over, and why
 */
public record LeftOut(Kind kind, String place, String said) {
  /** What leaving it out does. */
  public enum Kind {
    /** It asks for more than is given: left out, less is allowed. */
    NOT_ALLOWED("not allowed here"),
    /** It asks for a restriction that is not made: left out, more is allowed. */
    NOT_ENFORCED("not enforced here"),
    /** It has nothing to do with what is allowed, or is always so. */
    NOTE("note");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** Whether the result allows something else than the document. */
  public boolean changesRights() {
    return kind != Kind.NOTE;
  }

  @Override
  public String toString() {
    return place + ": " + kind.words + ": " + said;
  }
}

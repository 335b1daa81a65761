package dev.caisson;

/**
 * Caisson says no: what was being done, why it cannot be done here, and what to do about it. Every
 * error that a user can cause is a refusal; each feature has its own branch of this family.
 */
public abstract class Refusal extends RuntimeException {
  /** The exit status of a refusal and of every launch step that failed before the last execve. */
  public static final int STATUS = 125;

  private final String attempted;
  private final String why;
  private final String remedy;
  private final int exitStatus;

  /**
   * @param attempted what was being done and where, as the rest of "cannot ..."
   * @param why why it failed on this host, a sentence without its full stop
   * @param remedy what to do, a sentence without its full stop; empty where nothing helps
   */
  protected Refusal(String attempted, String why, String remedy) {
    this(attempted, why, remedy, STATUS);
  }

  protected Refusal(String attempted, String why, String remedy, int exitStatus) {
    super("cannot " + attempted + ": " + joined(why, remedy));
    this.attempted = attempted;
    this.why = why;
    this.remedy = remedy;
    this.exitStatus = exitStatus;
  }

  /** Two sentences, of which the first may end with a question. */
  private static String joined(String why, String remedy) {
    if (remedy.isEmpty()) {
      return why;
    }
    return why + (why.endsWith("?") ? " " : ". ") + remedy;
  }

  /** What was being done, as the rest of "cannot ...". */
  public final String attempted() {
    return attempted;
  }

  /** Why it could not be done on this host. */
  public final String why() {
    return why;
  }

  /** What the user can do; empty where nothing helps. */
  public final String remedy() {
    return remedy;
  }

  /** The status the command ends with: 125, or 127 and 126 where a program cannot be executed. */
  public final int exitStatus() {
    return exitStatus;
  }
}

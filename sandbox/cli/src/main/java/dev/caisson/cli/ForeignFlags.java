package dev.caisson.cli;

/** What to write in place of a flag of another tool's that Caisson does not have. */
final class ForeignFlags {
  /** Of what is so already. */
  static final String ALWAYS = "Leave it out, since it is always so";

  static final String NO_DEVICES =
      "Leave it out: of the host's devices there are only those that a policy's devices names";

  private ForeignFlags() {}

  /** A remedy for {@code flag} of a verb; empty where it is none of theirs. */
  static String hint(Syntax syntax, String flag) {
    if (syntax.verb().equals("policy import")) {
      return "Write -- before the flags of docker run";
    }
    if (!syntax.payload()) {
      return "";
    }
    String docker = DockerFlagHints.hint(flag);
    String bubblewrap = docker.isEmpty() ? BubblewrapFlagHints.hint(flag) : docker;
    return bubblewrap.isEmpty() ? NsjailFlagHints.hint(flag) : bubblewrap;
  }

  static String write(String flags) {
    return "Write " + flags;
  }

  static String ofPolicy(String field) {
    return "A policy says that, in its field " + field;
  }

  /** A reason, for what has no counterpart. */
  static String none(String why) {
    return "There is nothing like it: " + why;
  }
}

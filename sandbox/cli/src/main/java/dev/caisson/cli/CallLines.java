package dev.caisson.cli;

import dev.caisson.engine.ReportedCall;

/** Says a program's calls on standard error, a line each, until they are too many to be read. */
final class CallLines {
  private static final int MOST = 10_000;

  private final Session session;
  private int said;

  CallLines(Session session) {
    this.session = session;
  }

  void say(ReportedCall call) {
    if (said < MOST) {
      session.note(call.toString());
    } else if (said == MOST) {
      session.note("more than " + MOST + " calls are not said");
    }
    said = Math.min(said, MOST) + 1;
  }
}

package dev.caisson.engine;

import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.NotifiedCall;

/** Answers some of a sandbox's calls; others go to somebody else. */
interface Decider extends CallAnswer.Supervisor {
  boolean decides(NotifiedCall call);
}

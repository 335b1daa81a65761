package dev.caisson.launch;

import dev.caisson.Refusal;

/** A file is not a launch program that this version of Caisson wrote. */
public final class ProgramRefusal extends Refusal {
  ProgramRefusal(String why) {
    super("read a launch program", why, "Write it again with caisson compile");
  }
}

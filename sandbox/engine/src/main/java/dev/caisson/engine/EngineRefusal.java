package dev.caisson.engine;

import dev.caisson.Refusal;

/** What was asked for cannot be run as it was asked. */
public final class EngineRefusal extends Refusal {
  /** The status of a program that is not found, as in a shell. */
  public static final int NOT_FOUND = 127;

  /** The status of what is found and is no program, as in a shell. */
  static final int NOT_EXECUTABLE = 126;

  EngineRefusal(String attempted, String why, String remedy) {
    super(attempted, why, remedy);
  }

  EngineRefusal(String attempted, String why, String remedy, int exitStatus) {
    super(attempted, why, remedy, exitStatus);
  }
}

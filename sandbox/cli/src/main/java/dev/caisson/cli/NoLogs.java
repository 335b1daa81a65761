package dev.caisson.cli;

import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Loggers that nobody listens to (java.util.logging), for the launcher's JVM alone. The library
 * that makes native calls asks for one as it starts, and the JDK's own way to it costs some 10 ms.
 */
public final class NoLogs extends LogManager {
  @Override
  public void readConfiguration() {
    // there is nothing to read
  }

  /** None is kept. */
  @Override
  public boolean addLogger(Logger logger) {
    return true;
  }

  /** Null, as it is for a logger that was not added. */
  @SuppressWarnings("NullAway")
  @Override
  public Logger getLogger(String name) {
    return null;
  }
}

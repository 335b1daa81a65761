package dev.caisson.policy;

/**
 * Somewhere that may be reached.
 *
 * @param firstPort the lowest port, at least 1
 * @param lastPort the highest port, at most {@link #LAST_PORT}
 */
public record Destination(Place place, int firstPort, int lastPort, Protocol protocol) {
  /** The highest port there is. */
  public static final int LAST_PORT = 65535;

  /** As messages name it: {@code example.test:443/tcp}. */
  @Override
  public String toString() {
    String ports =
        firstPort == 1 && lastPort == LAST_PORT
            ? "*"
            : firstPort == lastPort ? Integer.toString(firstPort) : firstPort + "-" + lastPort;
    return place + ":" + ports + "/" + Words.of(protocol);
  }
}

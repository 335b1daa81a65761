package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** How a command ended: its exit status (128+n for signal n) and every byte that it printed. */
record Outcome(List<String> command, int status, byte[] out, byte[] err) {
  /** Standard output as text. */
  /**
   * What a program printed to the terminal of script(1). script passes the end of its own input on,
   * which the terminal may echo at any moment.
   */
  String textOfScript() {
    return text().replaceAll("\\^[@D]|[\b\r]", "");
  }

  String text() {
    return new String(out, StandardCharsets.UTF_8);
  }

  /** Standard error as text. */
  String error() {
    return new String(err, StandardCharsets.UTF_8);
  }

  /** Standard error without the line with which a run of root's says what ids it takes. */
  String payloadError() {
    return error().replaceFirst("^caisson: started by root: .*\n", "");
  }

  /** Fails the test, showing all that was printed, unless the exit status is {@code expected}. */
  Outcome expect(int expected) {
    assertEquals(expected, status, this::toString);
    return this;
  }

  @Override
  public String toString() {
    return String.join(" ", command)
        + "\nstatus "
        + status
        + "\nstdout: "
        + text()
        + "\nstderr: "
        + error();
  }
}

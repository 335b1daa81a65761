package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs that act as root over ids are told, and that it is no more than told. */
class RootEmulationTest {
  private static final String NONE = "\"process\": {\"rootEmulation\": \"none\"}";
  private static final String ERRNO = "\"process\": {\"rootEmulation\": \"errno\"}";

  /** Of the family of setuid, in a program that says what it was answered. */
  private static final String SET_IDS =
      "/usr/bin/python3 -c 'import os; os.setgroups([5]); os.setresgid(6, 6, 6);"
          + " os.setresuid(7, 7, 7); print(os.getresuid()[0] == 7)'";

  private static final String NODE = "mknod /tmp/null c 1 3";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  private Outcome wrap(String settings, String command) throws IOException {
    return scratch.wrap(List.of("--policy", scratch.policy(settings)), "sh", "-c", command).run();
  }

  @Test
  void withoutItTheKernelRefuses() throws IOException {
    for (String refused : List.of("touch /tmp/f; chown 7:8 /tmp/f", SET_IDS, NODE)) {
      assertNotEquals(0, wrap(NONE, refused).status(), refused);
    }
  }

  @Test
  void changesSeemToSucceedAndDoNothing() throws IOException {
    String chown = "touch /tmp/f; a=$(stat -c %u:%g /tmp/f); chown 7:8 /tmp/f || exit 3; ";
    Outcome outcome = wrap(ERRNO, chown + "test $a = $(stat -c %u:%g /tmp/f)");
    assertEquals(0, outcome.status(), outcome::toString);
    assertEquals("False\n", wrap(ERRNO, SET_IDS).expect(0).text());
    Outcome node = wrap(ERRNO, NODE + " && mknod /tmp/pipe p && ls -d /tmp/null /tmp/pipe; true");
    assertEquals("/tmp/pipe\n", node.expect(0).text());
  }

  @Test
  void whatThePolicyRefusesStaysRefused() throws IOException {
    String refusing =
        ERRNO + ", \"seccomp\": {\"deny\": [\"chown\", \"fchownat\"]}";
    Outcome outcome = wrap(refusing, "touch /tmp/f; chown 7:8 /tmp/f");
    assertEquals(1, outcome.status(), outcome::toString);
    assertTrue(outcome.error().contains("Operation not permitted"), outcome::toString);
  }
}

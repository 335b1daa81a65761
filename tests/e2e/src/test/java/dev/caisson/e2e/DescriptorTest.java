package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptors 0, 1 and 2 give the payload no more than they were opened for. */
class DescriptorTest {
  private static final String OLD = "an old line\n";

  /** The files' state, as far as a descriptor can change it; /dev/fd/N names one to python3. */
  private static final String METADATA =
      "import os\n"
          + "for fd in range(3):\n"
          // what changes the content takes setuid bits away, so the mode comes after it
          + "    for attempt in (lambda: os.setxattr(fd, 'user.caisson', b'x'),\n"
          + "                    lambda: os.ftruncate(fd, 0), lambda: os.fchmod(fd, 0o6755),\n"
          + "                    lambda: os.utime(fd, (1, 1))):\n"
          + "        try:\n"
          + "            attempt()\n"
          + "        except OSError:\n"
          + "            pass\n";

  /** Reads and truncates the file behind standard output. */
  private static final String REOPEN_OUTPUT =
      "import os\n"
          + "try:\n"
          + "    fd = os.open('/proc/self/fd/1', os.O_RDWR | os.O_NONBLOCK)\n"
          + "    os.write(2, os.pread(fd, 100, 0))\n"
          + "    os.ftruncate(fd, 0)\n"
          + "except OSError as problem:\n"
          + "    os.write(2, str(problem).encode())\n";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void files() throws IOException {
    scratch = Scratch.in(temporary);
    scratch.file("input.txt", OLD);
    scratch.file("log", OLD);
    scratch.file("metadata.py", METADATA);
    scratch.file("reopen.py", REOPEN_OUTPUT);
  }

  private String wrap(boolean landlock) throws IOException {
    return "caisson wrap --policy '" + scratch.policy("\"landlock\": " + landlock) + "' -- ";
  }

  private String state(String name) throws IOException {
    return Files.getPosixFilePermissions(scratch.path(name))
        + " "
        + Files.getAttribute(scratch.path(name), "unix:mode")
        + " "
        + Files.getLastModifiedTime(scratch.path(name))
        + " "
        + Files.getFileAttributeView(
                scratch.path(name), java.nio.file.attribute.UserDefinedFileAttributeView.class)
            .list()
        + Files.readString(scratch.path(name));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void inputIsNotWritable(boolean landlock) throws IOException {
    String attack = "sh -c 'echo x 1<>/proc/self/fd/0' < input.txt";
    String before = state("input.txt");
    scratch.shell(wrap(landlock) + attack).run();
    assertEquals(before, state("input.txt"));
    scratch.shell(attack).run().expect(0);
    assertNotEquals(before, state("input.txt"), "without a sandbox it is");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLogIsNeitherReadNorTruncated(boolean landlock) throws IOException {
    Peer.need("python3");
    String attack = "/usr/bin/python3 reopen.py >> log";
    Outcome inside = scratch.shell(wrap(landlock) + attack).run();
    assertEquals(OLD, Files.readString(scratch.path("log")));
    assertTrue(!inside.error().contains(OLD), inside::toString);
    assertEquals(OLD, scratch.shell(attack).run().expect(0).error(), "without a sandbox it is");
    assertEquals("", Files.readString(scratch.path("log")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void modeTimesAndAttributesStay(boolean landlock) throws IOException {
    Peer.need("python3");
    String attack = "/usr/bin/python3 metadata.py < input.txt >> log";
    scratch.file("errors", OLD);
    String before = state("input.txt") + state("log");
    scratch.shell(wrap(landlock) + attack + " 2>> errors").run().expect(0);
    assertEquals(before, state("input.txt") + state("log"));
    // what root is told at the start goes there, so that its time is another
    String errors = state("errors");
    assertTrue(errors.contains(" 33188 ") && errors.contains("[]" + OLD), errors);
    assertNotEquals(1000, Files.getLastModifiedTime(scratch.path("errors")).toMillis());
    scratch.shell(attack + " 2>> errors").run().expect(0);
    for (String name : List.of("input.txt", "log", "errors")) {
      assertTrue(state(name).contains("[caisson]"), name);
      assertEquals(06755, (int) Files.getAttribute(scratch.path(name), "unix:mode") & 07777);
      assertEquals(1000, Files.getLastModifiedTime(scratch.path(name)).toMillis());
    }
  }

  @Test
  void standardOutputAndErrorOfOneFileKeepTheirOrder() throws IOException {
    scratch
        .shell(
            "caisson wrap -- sh -c 'for i in $(seq 300); do echo $i; echo $i >&2; done' > both 2>&1")
        .run()
        .expect(0);
    StringBuilder expected = new StringBuilder();
    for (int i = 1; i <= 300; i++) {
      expected.append(i).append('\n').append(i).append('\n');
    }
    String both = Files.readString(scratch.path("both"));
    assertEquals(
        expected.toString(),
        both.substring(both.startsWith("caisson:") ? both.indexOf('\n') + 1 : 0));
  }

  @Test
  void aFileIsReadFromWhereItStands() {
    Outcome outcome =
        scratch.shell("{ read first; caisson wrap -- cat; } <<'E'\none\ntwo\nthree\nE").run();
    assertEquals("two\nthree\n", outcome.expect(0).text());
    assertEquals(
        OLD, scratch.shell("caisson wrap -- cat /dev/stdin < input.txt").run().expect(0).text());
  }

  @Test
  void aRemovedFileIsReadToo() {
    Outcome outcome =
        scratch.shell("exec < input.txt; rm input.txt; caisson wrap -- cat; cat log >&2").run();
    assertEquals(OLD, outcome.expect(0).text());
  }

  @Test
  void largeStreamsPassUnchanged() throws IOException {
    byte[] large = new byte[30_000_001];
    new Random(6).nextBytes(large);
    assertArrayEquals(
        large, scratch.caisson("wrap", "--", "cat").input(large).run().expect(0).out());
    Files.write(scratch.path("large"), large);
    scratch.shell("caisson wrap -- cat < large > copy").run().expect(0);
    assertArrayEquals(large, Files.readAllBytes(scratch.path("copy")));
  }

  @Test
  void closedDescriptorsAreNull() {
    Outcome outcome =
        scratch
            .shell(
                "caisson wrap -- sh -c 'read x; echo $? >&2; readlink /proc/self/fd/0 >&2' <&- >&-")
            .run();
    assertTrue(outcome.expect(0).error().endsWith("1\n/dev/null\n"), outcome::toString);
  }

  @Test
  void aReaderThatLeavesEndsThePayload() throws IOException {
    Outcome outcome = scratch.shell("{ caisson wrap -- yes; echo $? > status; } | head -n 1").run();
    assertEquals("y\n", outcome.expect(0).text());
    assertEquals("141\n", Files.readString(scratch.path("status")));
  }

  @Test
  void aFailedWriteEndsTheRun() throws IOException {
    scratch.caisson("wrap", "--", "true").run().expect(0);
    Outcome outcome =
        scratch.shell("ulimit -f 4000; caisson wrap -- head -c 9000000 /dev/zero > out").run();
    assertTrue(outcome.expect(125).error().contains("standard output: EFBIG"), outcome::toString);
  }

  @Test
  void whatIsMoreThanAStreamIsRefused() {
    Outcome directory = scratch.shell("caisson wrap -- true < .").run().expect(125);
    assertTrue(directory.error().contains("standard input: it is neither"), directory::toString);
    Outcome device =
        scratch
            .shell(
                "for d in /dev/autofs /dev/rtc0 /dev/net/tun /dev/kmsg; do"
                    + " if test -c $d -a -r $d && : < $d; then exec < $d; caisson wrap -- true;"
                    + " exit; fi; done; exit 99")
            .run();
    assumeTrue(device.status() != 99, "no character device that this user can open");
    assertTrue(
        device.expect(125).error().contains("a character device that the policy does not list"),
        device::toString);
  }

  @Test
  void aBlockDeviceIsRefused() {
    Scratch.onlyAsRoot(true);
    Outcome outcome =
        scratch
            .shell("mknod disk b 7 200 && mknod -m 666 null c 1 3; caisson wrap -- true 1<> disk")
            .run();
    assumeTrue(!outcome.error().contains("disk:"), "no loop device here: " + outcome.error());
    assertTrue(outcome.expect(125).error().contains("block device"), outcome::toString);
  }

  @Test
  void nothingElseIsInherited() {
    Outcome outcome =
        scratch
            .shell(
                "exec 3< . 4< log 5>> log 6< /dev/null 9< /; caisson wrap -- sh -c 'ls /proc/self/fd'")
            .run();
    // 3 is the directory that ls itself reads
    assertEquals("0\n1\n2\n3\n", outcome.expect(0).text());
    assertEquals(
        "0\n1\n2\n3\n4\n5\n6\n7\n9\n",
        scratch
            .shell("exec 3< . 4< log 5>> log 6< /dev/null 9< /; sh -c 'ls /proc/self/fd'")
            .run()
            .expect(0)
            .text(),
        "without a sandbox all are");
  }
}

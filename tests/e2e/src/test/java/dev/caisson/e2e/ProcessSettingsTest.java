package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy says of namespaces, ids, clocks, mounts and output is so inside. */
class ProcessSettingsTest {
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
  void namespacesAreOwnUnlessThePolicySharesThem() throws IOException {
    String read = "readlink /proc/self/ns/ipc /proc/self/ns/uts /proc/self/ns/cgroup";
    String host = scratch.shell(read).run().text();
    String own = wrap("\"proc\": \"masked\"", read).expect(0).text();
    for (int i = 0; i < 3; i++) {
      assertNotEquals(host.split("\n", -1)[i], own.split("\n", -1)[i]);
    }
    String shared = "\"namespaces\": {\"ipc\": false, \"hostname\": false, \"cgroup\": false}";
    assertEquals(host, wrap(shared, read).expect(0).text());
    assertEquals(scratch.shell("uname -n").run().text(), wrap(shared, "uname -n").text());
    assertEquals(2, wrap(shared, "ls -d /dev/mqueue").status());
  }

  @Test
  void theFilesThatTellTheHostNameHaveThePolicys() throws IOException {
    String read = "uname -n; cat /etc/hostname /etc/hosts";
    String name = "\"process\": {\"hostname\": \"box\"}";
    assertEquals(
        "box\nbox\n127.0.0.1 localhost box\n::1 localhost box\n",
        wrap(name, read).expect(0).text());
    String own = name + ", \"filesystem\": {\"/etc/hosts\": {\"text\": \"192.0.2.1 own\\n\"}}";
    assertEquals("box\nbox\n192.0.2.1 own\n", wrap(own, read).expect(0).text());
  }

  @Test
  void clocksAreAsFarFromTheHostsAsThePolicySays() throws IOException {
    String clocks =
        "import time; print(time.clock_gettime(time.CLOCK_BOOTTIME),"
            + " time.clock_gettime(time.CLOCK_MONOTONIC))";
    String time = "\"namespaces\": {\"time\": {\"boottime\": \"24h\", \"monotonic\": \"-1.5s\"}}";
    if (!Files.exists(Path.of("/proc/self/ns/time"))) {
      assertTrue(wrap(time, "true").expect(125).error().contains("CONFIG_TIME_NS"));
      return;
    }
    time = time.replace("-1.5s", "-1500ms");
    double[] before = times(scratch.host("/usr/bin/python3", "-c", clocks).run());
    double[] inside = times(wrap(time, "/usr/bin/python3 -c '" + clocks + "'"));
    double[] after = times(scratch.host("/usr/bin/python3", "-c", clocks).run());
    assertTrue(before[0] + 86400 <= inside[0] && inside[0] <= after[0] + 86400, "boottime");
    assertTrue(before[1] - 1.5 <= inside[1] && inside[1] <= after[1] - 1.5, "monotonic");
    Outcome early = wrap("\"namespaces\": {\"time\": {\"boottime\": \"-9999999h\"}}", "true");
    assertTrue(early.expect(125).error().contains("below 0"), early::toString);
  }

  private static double[] times(Outcome outcome) {
    String[] words = outcome.expect(0).text().strip().split(" ", -1);
    return new double[] {Double.parseDouble(words[0]), Double.parseDouble(words[1])};
  }

  @Test
  void thePayloadIsTheUserThatThePolicyNames() throws IOException {
    String user = "\"process\": {\"user\": \"33:34\"}";
    assertEquals("33 34\n", wrap(user, "echo $(id -u) $(id -g)").expect(0).text());
    assertEquals("33\n", wrap(user, "touch /tmp/x; stat -c %u /tmp/x").expect(0).text());
    assertEquals("0\n", wrap(user, "grep -c CapEff:.*[1-9a-f] /proc/self/status; true").text());
    // its signals arrive, whoever it is
    String loop = "trap \"echo term; exit 3\" TERM; echo up; while :; do sleep 0.1; done";
    Outcome ended =
        scratch
            .shell(
                Caisson.distribution()
                    + "/bin/caisson wrap --policy '"
                    + scratch.policy(user)
                    + "' -- sh -c '"
                    + loop
                    + "' > out & keeper=$!; until grep -q up out 2> /dev/null; do sleep 0.1; done;"
                    + " kill $keeper; wait $keeper; echo $?; cat out")
            .run();
    assertEquals("3\nup\nterm\n", ended.text());
  }

  @Test
  void groupsNeedARange() throws IOException {
    String groups = "\"process\": {\"groups\": [10, 20]}";
    boolean ranged = Peer.isRoot() || hasRange();
    Outcome outcome = wrap(groups, "id -G");
    if (!ranged) {
      assertTrue(outcome.expect(125).error().contains("choose the ids"), outcome::toString);
      return;
    }
    assertTrue(outcome.expect(0).text().endsWith(" 10 20\n"), outcome::toString);
    Outcome single = wrap(groups + ", \"namespaces\": {\"user\": \"single\"}", "true");
    single.expect(125);
    Outcome unknown = wrap("\"process\": {\"groups\": [4000000000]}", "true").expect(125);
    assertTrue(unknown.error().contains("not among the subordinate ids"), unknown::toString);
  }

  private boolean hasRange() throws IOException {
    return scratch.caisson("doctor").run().text().contains("newuidmap and a range are there");
  }

  @Test
  void aRangeMapsOtherIdsAroundTheCallers() throws IOException {
    Outcome outcome =
        wrap("\"namespaces\": {\"user\": \"range\"}", "wc -l < /proc/self/uid_map; id -u; id -G");
    if (Peer.isRoot()) {
      assertEquals("1\n0\n0\n", outcome.expect(0).text());
    } else if (hasRange()) {
      String own = scratch.host("id", "-u").run().text();
      assertEquals("3\n" + own + scratch.host("id", "-g").run().text(), outcome.expect(0).text());
    } else {
      outcome.expect(125);
    }
  }

  @Test
  void oneIdIsNotEnoughForRoot() throws IOException {
    Outcome outcome = wrap("\"namespaces\": {\"user\": \"single\"}", "id -u");
    if (Peer.isRoot()) {
      assertTrue(outcome.expect(125).error().contains("called by root"), outcome::toString);
    } else {
      outcome.expect(0);
    }
  }

  @Test
  void withoutATerminalThereArePipes() throws IOException {
    Peer.need("script");
    String look = "for i in 0 1 2; do test -t $i && echo tty || echo none; done";
    for (boolean tty : new boolean[] {true, false}) {
      String policy = scratch.policy("\"process\": {\"tty\": " + tty + "}");
      String command =
          Caisson.distribution()
              + "/bin/caisson wrap --policy "
              + policy
              + " -- sh -c '"
              + look
              + "'";
      Outcome outcome = scratch.host("script", "-qec", command, "/dev/null").run();
      String seen = tty ? "tty" : "none";
      String text = outcome.expect(0).textOfScript();
      assertEquals((seen + "\n").repeat(3), text, outcome::toString);
    }
  }

  @Test
  void outputIsLimitedToTheByte() throws IOException {
    String limit = "\"limits\": {\"output\": \"10B\"}";
    assertEquals("0123456789", wrap(limit, "printf 0123456789").expect(0).text());
    Outcome over = wrap(limit, "printf 0123456789x").expect(124);
    assertEquals("0123456789", over.text());
    assertTrue(over.error().contains("limits.output allows (10 bytes)"), over::toString);
    Outcome both = wrap(limit, "printf 01234; printf 56789 >&2; printf x; sleep 60").expect(124);
    assertTrue(
        both.text().length() + both.payloadError().indexOf("caisson:") == 10, both::toString);
    Outcome flood = wrap("\"limits\": {\"output\": \"1MiB\"}", "yes & yes >&2").expect(124);
    assertEquals(
        1 << 20, flood.out().length + flood.error().lastIndexOf("caisson: the sandbox was ended"));
  }

  @Test
  void tmpfsIsCut() throws IOException {
    String limit = "\"limits\": {\"tmpfs\": \"64KiB\"}";
    for (String place : List.of("/tmp", "/dev/shm")) {
      String fill = "head -c 1M /dev/zero > " + place + "/x; stat -c %s " + place + "/x";
      assertEquals("65536\n", wrap(limit, fill).expect(0).text(), place);
      assertEquals("1048576\n", wrap("\"limits\": {}", fill).expect(0).text(), place);
    }
  }

  @Test
  void anOverlayIsWrittenToInMemory() throws IOException {
    Files.createDirectories(scratch.path("tree/inner"));
    scratch.file("tree/file", "host\n");
    scratch.file("tree/inner/kept", "kept\n");
    String policy =
        "\"filesystem\": {\"/o\": {\"bind\": \""
            + scratch.path("tree")
            + "\", \"access\": \"overlay\"}}";
    String write =
        "cat /o/file; echo new > /o/file; rm -r /o/inner; mkdir /o/inner; echo x > /o/more; cat /o/file"
            + " /o/more; ls /o/inner";
    Outcome outcome = wrap(policy, write);
    assertEquals("host\nnew\nx\n", outcome.expect(0).text());
    assertEquals("host\n", Files.readString(scratch.path("tree/file")));
    assertEquals("kept\n", Files.readString(scratch.path("tree/inner/kept")));
    assertFalse(Files.exists(scratch.path("tree/more")));
    String again = wrap(policy, "cat /o/file").text();
    assertEquals("host\n", again, "nothing is left of it");
  }

  @Test
  void whereThePolicySaysSoNothingIsExecuted() throws IOException {
    String policy =
        "\"filesystem\": {\"/b\": {\"bind\": \"/usr/bin\", \"exec\": %b}, \"/s\": {\"bind\":"
            + " \"/usr/bin\", \"system\": true, \"exec\": %b}, \"/t\": {\"tmpfs\": \"4MiB\", \"exec\":"
            + " %b}}";
    String run = "cp /usr/bin/true /t; for d in /b /s /t; do $d/true && echo ran; done; true";
    String all = String.format(policy, true, true, true);
    assertEquals("ran\nran\nran\n", wrap(all, run).expect(0).text());
    Outcome none = wrap(String.format(policy, false, false, false), run).expect(0);
    assertEquals("", none.text());
    assertEquals(3, none.error().split("Permission denied", -1).length - 1, none::toString);
  }

  @Test
  void allOfProcIsShownWhereThePolicySaysSo() throws IOException {
    String options =
        "grep -c \"^proc /proc .*hidepid\" /proc/self/mounts; test -e /proc/meminfo && echo all";
    assertEquals("0\nall\n", wrap("\"proc\": \"full\"", options).text());
    assertEquals("1\nall\n", wrap("\"proc\": \"masked\"", options).text());
    assertEquals("1\n", wrap("\"proc\": \"pid-only\"", options).text());
    String masked = "\"proc\": \"full\", \"filesystem\": {\"/proc/meminfo\": {\"masked\": true}}";
    assertEquals("", wrap(masked, "cat /proc/meminfo").expect(0).text());
  }
}

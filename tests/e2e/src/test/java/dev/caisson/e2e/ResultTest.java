package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record of a run tells how it ended, and cannot be turned against the caller. */
class ResultTest {
  private static final String FILE = "result.json";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  private JsonNode record(String settings, int status, String... command) throws IOException {
    List<String> flags = List.of("--result", FILE, "--policy", scratch.policy(settings));
    scratch.wrap(flags, command).run().expect(status);
    return record(status);
  }

  private JsonNode record(int status) throws IOException {
    JsonNode record = new ObjectMapper().readTree(scratch.path(FILE).toFile());
    assertEquals(1, record.get("version").asInt());
    assertEquals(status, record.get("status").asInt());
    Files.delete(scratch.path(FILE));
    return record;
  }

  @Test
  void anExitAndASignalAreToldApart() throws IOException {
    JsonNode exited = record("\"limits\": {}", 139, "sh", "-c", "exit 139");
    assertEquals(139, exited.get("exit").asInt());
    assertTrue(exited.get("signal").isNull());
    JsonNode died = record("\"limits\": {}", 139, "sh", "-c", "kill -SEGV $$");
    assertTrue(died.get("exit").isNull());
    assertEquals(11, died.get("signal").asInt());
    assertEquals("program", died.get("endedBy").asText());
    assertEquals("not observed", died.get("seccompViolations").asText());
  }

  @Test
  void whatWasUsedIsCounted() throws IOException {
    Peer.need("python3");
    String work =
        """
        import time
        kept = bytearray(64 << 20)
        while time.process_time() < 0.3:
            pass
        """;
    JsonNode record = record("\"limits\": {}", 0, "/usr/bin/python3", "-c", work);
    long used = record.get("userMicroseconds").asLong() + record.get("systemMicroseconds").asLong();
    assertTrue(used >= 300_000, record::toString);
    assertTrue(record.get("wallMicroseconds").asLong() >= 300_000, record::toString);
    assertTrue(record.get("peakMemoryBytes").asLong() >= 64 << 20, record::toString);
    assertEquals("largest process", record.get("peakMemoryOf").asText());
  }

  @Test
  void theLimitThatEndedItIsNamed() throws IOException {
    assertEnd("wallClock", "\"wallClock\": \"200ms\"", 124, "sleep 60");
    assertEnd("cpuTime", "\"cpuTime\": \"1s\"", 152, "while :; do :; done");
    assertEnd("output", "\"output\": \"10B\"", 124, "yes");
    assertEnd("fileSize", "\"fileSize\": \"1MiB\"", 153, "exec head -c 2M /dev/zero > /tmp/x");
    // without the limit the same is an end of the program's own
    assertEnd("program", "", 0, "exec head -c 2M /dev/zero > /tmp/x");
  }

  /** The kernel sends SIGXCPU at the limit, and SIGKILL to what is there a second later. */
  @Test
  void aProgramThatCatchesTheSignalIsEndedByTheLimitToo() throws IOException {
    String stubborn = "trap 'echo caught' XCPU; while :; do :; done";
    assertEnd("cpuTime", "\"cpuTime\": \"1s\"", 137, stubborn);
  }

  private void assertEnd(String cause, String limit, int status, String script) throws IOException {
    JsonNode record = record("\"limits\": {" + limit + "}", status, "sh", "-c", script);
    assertEquals(cause, record.get("endedBy").asText(), record::toString);
  }

  @Test
  void aKillByTheCallersOwnHandIsNoLimit() throws IOException {
    String limits = "\"limits\": {\"cpuTime\": \"9s\", \"wallClock\": \"1h\"}";
    JsonNode record = record(limits, 137, "sh", "-c", "kill -KILL $$");
    assertEquals("program", record.get("endedBy").asText());
    assertEquals(9, record.get("signal").asInt());
  }

  @Test
  void outOfMemoryIsToldFromACrash() throws IOException {
    Peer.need("python3");
    assumeTrue(hasGroups(), "this user has no control groups here");
    String limits = "\"limits\": {\"memory\": \"64MiB\", \"pids\": 20}";
    JsonNode eaten = record(limits, 137, "/usr/bin/python3", "-c", "bytearray(256 << 20)");
    assertEquals("memory", eaten.get("endedBy").asText(), eaten::toString);
    assertTrue(eaten.get("memoryKills").asInt() > 0, eaten::toString);
    assertEquals("sandbox", eaten.get("peakMemoryOf").asText());
    JsonNode crashed = record(limits, 137, "sh", "-c", "kill -KILL $$");
    assertEquals("program", crashed.get("endedBy").asText(), crashed::toString);
    assertEquals(0, crashed.get("memoryKills").asInt());
    String bomb = "for i in $(seq 40); do sleep 60 & done 2> /dev/null; exit 0";
    JsonNode refused = record(limits, 2, "sh", "-c", bomb);
    assertTrue(refused.get("refusedProcesses").asInt() > 0, refused::toString);
  }

  private boolean hasGroups() throws IOException {
    return scratch
        .caisson("doctor")
        .run()
        .text()
        .lines()
        .anyMatch(line -> line.matches("ok +control groups .*"));
  }

  @Test
  void theFilterThatEndedItIsSeen() throws IOException {
    Peer.need("python3");
    // another architecture's entry: the filter kills
    String x32 = "import ctypes; ctypes.CDLL(None).syscall(0x40000000 | 39)";
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "x32 is of x86-64");
    JsonNode record = record("\"limits\": {}", 159, "/usr/bin/python3", "-c", x32);
    assertEquals("SIGSYS", record.get("seccompViolations").get(0).asText());
  }

  @Test
  void aLaunchThatFailsIsRecordedToo() throws IOException {
    JsonNode step = record("\"process\": {\"cwd\": \"/no/\\\"such\"}", 125, "/bin/true");
    assertEquals("failure", step.get("endedBy").asText());
    assertTrue(step.get("error").asText().startsWith("cannot enter the working directory"));
    scratch.wrap(List.of("--result", FILE, "--policy", "nothing"), "true").run().expect(125);
    assertTrue(record(125).get("error").asText().contains("nothing"));
    scratch.wrap(List.of("--result", FILE), "/no/such").run().expect(127);
    assertEquals("failure", record(127).get("endedBy").asText());
  }

  @Test
  void whereItCannotBeWrittenTheRunFails() throws IOException {
    Outcome absent = scratch.wrap(List.of("--result", "no/such/file"), "echo", "ran").run();
    assertEquals("", absent.expect(125).text());
    assertTrue(absent.error().contains("open the directory of the result file"), absent::toString);
    if (!Peer.isRoot()) {
      Outcome shut = scratch.wrap(List.of("--result", "/usr/result"), "echo", "ran").run();
      assertEquals("", shut.expect(125).text());
      assertTrue(shut.error().contains("cannot make the result file /usr/result"), shut::toString);
    }
    Files.createDirectory(scratch.path("directory"));
    Outcome directory = scratch.wrap(List.of("--result", "directory"), "true").run().expect(125);
    assertTrue(directory.error().contains("EISDIR"), directory::toString);
    assertTrue(Files.isDirectory(scratch.path("directory")));
  }

  /** The program can write where the record will be, while it runs. */
  @Test
  void noLinkOfTheProgramIsFollowed() throws IOException {
    // root has no writable binds
    Scratch.onlyAsRoot(false);
    Path victim = scratch.file("victim", "untouched\n");
    String plant =
        "ln -s victim result.json; for i in $(seq 9999); do ln -s victim .result.json.$i; done;"
            + " mkdir moved; exit 0";
    scratch.wrap(List.of("--rw", "--result", FILE), "sh", "-c", plant).run().expect(0);
    assertEquals("untouched\n", Files.readString(victim));
    assertFalse(Files.isSymbolicLink(scratch.path(FILE)));
    assertEquals(0, record(0).get("exit").asInt());
  }

  @Test
  void nothingButTheRecordIsLeft() throws IOException {
    record("\"limits\": {}", 0, "true");
    try (Stream<Path> files = Files.list(scratch.path("."))) {
      List<String> names = new ArrayList<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      assertTrue(names.stream().noneMatch(name -> name.contains("result")), names::toString);
    }
  }
}

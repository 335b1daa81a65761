package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is learned from a run lets that run pass, and nothing beside it. */
class PolicyLearnTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String LEARNED = "./learned.json";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    Peer.need(Files.isExecutable(Path.of(PYTHON)), "python3 is not installed");
    scratch = Scratch.in(temporary);
  }

  private Command learn(List<String> flags, String... command) {
    List<String> words = new ArrayList<>(List.of("policy", "learn", "-o", LEARNED));
    words.addAll(flags);
    words.add("--");
    words.addAll(List.of(command));
    return scratch.caisson(words.toArray(new String[0]));
  }

  private Command under(String... command) {
    return scratch.wrap(List.of("--policy", LEARNED), command);
  }

  private String learned() throws IOException {
    return Files.readString(scratch.path("learned.json"));
  }

  @Test
  void theRunPassesAndAnotherFileOrSocketDoesNot() throws IOException {
    scratch.file("data.txt", "the data\n");
    scratch.file("other.txt", "not for it\n");
    scratch.file(
        "script.py",
        """
        import socket
        print(open("data.txt").read(), end="")
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
        """);
    Outcome run = learn(List.of(), PYTHON, "script.py").run().expect(0);
    assertEquals("the data\n", run.text());
    assertTrue(run.error().contains("/data.txt: it was read"), run::toString);
    assertTrue(run.error().contains("filesystem /usr: as a whole: "), run::toString);
    assertFalse(learned().contains("other.txt"), "what was not used");
    assertFalse(learned().contains("extends"), "it stands alone");
    scratch.caisson("policy", "check", "--ceiling", "untrusted", LEARNED);

    assertEquals("the data\n", under(PYTHON, "script.py").run().expect(0).text());
    scratch.file("script.py", "print(open('other.txt').read())");
    Outcome other = under(PYTHON, "script.py").run().expect(1);
    assertTrue(other.error().contains("No such file or directory: 'other.txt'"), other::toString);
    scratch.file("script.py", "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)");
    Outcome datagram = under(PYTHON, "script.py").run().expect(1);
    assertTrue(datagram.error().contains("Operation not permitted"), datagram::toString);
    scratch.file("script.py", "import os; os.mkdir('/usr/x')");
    Outcome made = under(PYTHON, "script.py").run().expect(1);
    assertTrue(made.error().contains("PermissionError"), made::toString);
  }

  /** Numbers of x86_64 and aarch64. */
  private static final String ATTEMPTS =
      """
      import ctypes, os, platform, socket
      libc = ctypes.CDLL(None, use_errno=True)
      x86 = platform.machine() == "x86_64"
      calls = {"mount": (165, 40), "ptrace": (101, 117), "bpf": (321, 280), "keyctl": (250, 219),
               "userfaultfd": (323, 282), "setns": (308, 268), "perf_event_open": (298, 241),
               "io_uring_setup": (425, 425), "init_module": (105, 105) if not x86 else (175, 0)}
      for name, numbers in calls.items():
          result = libc.syscall(numbers[0 if x86 else 1], 0, 0, 0, 0, 0)
          print(name, result)
      for family, kind in ((socket.AF_INET, socket.SOCK_RAW), (40, 1), (38, 5)):
          try:
              socket.socket(family, kind)
              print("made", family)
          except OSError:
              pass
      try:
          socket.socket(socket.AF_UNIX).connect("/run/docker.sock")
      except OSError:
          pass
      """;

  /** What it found there is not learned: a policy for one listing is no policy for a directory. */
  @Test
  void aDirectoryThatWasListedIsThereAndSaid() throws IOException {
    Files.createDirectory(scratch.path("sub"));
    scratch.file("sub/one", "1");
    Outcome run = learn(List.of(), "/bin/ls", "sub").run().expect(0);
    assertEquals("one\n", run.text());
    assertTrue(run.error().contains("/sub was listed: inside it holds nothing"), run::toString);
    assertEquals("", under("/bin/ls", "sub").run().expect(0).text());
  }

  @Test
  void whatLeadsOutIsRefusedSaidAndNotLearned() throws IOException {
    scratch.file("attempts.py", ATTEMPTS);
    Outcome run = learn(List.of(), PYTHON, "attempts.py").run().expect(0);
    List<String> calls =
        List.of(
            "mount",
            "ptrace",
            "bpf",
            "keyctl",
            "userfaultfd",
            "setns",
            "perf_event_open",
            "io_uring_setup",
            "init_module");
    String allowed = learned().substring(0, learned().indexOf("\"expect\""));
    Outcome tested = scratch.caisson("policy", "test", LEARNED).run().expect(0);
    for (String call : calls) {
      assertTrue(run.text().contains(call + " -1\n"), run::toString);
      assertTrue(run.error().contains("never learned: " + call), run::toString);
      assertFalse(allowed.contains("\"" + call + "\""), call);
      assertTrue(tested.text().contains("syscall " + call + " -> deny"), tested::toString);
    }
    assertFalse(run.text().contains("made"), run::toString);
    assertTrue(run.error().contains("never learned: /run/docker.sock"), run::toString);
    assertTrue(run.error().contains("never learned: socket with family AF_VSOCK"), run::toString);
  }

  @Test
  void whatARunMayDoIsNotLearnedForThat() throws IOException {
    scratch.file(
        "traces.py",
        """
        import ctypes, os, platform
        libc = ctypes.CDLL(None, use_errno=True)
        PTRACE_TRACEME = 0
        print(libc.ptrace(PTRACE_TRACEME, 0, 0, 0))
        """);
    Outcome run = learn(List.of("--policy", "developer"), PYTHON, "traces.py").run().expect(0);
    assertEquals("0\n", run.text());
    assertTrue(run.error().contains("never learned: ptrace"), run::toString);
    assertTrue(run.error().contains("the policy of this run allowed it"), run::toString);
    assertEquals("-1\n", under(PYTHON, "traces.py").run().expect(0).text());
  }

  @Test
  void aCeilingHoldsForTheRunAndForWhatIsLearned() throws IOException {
    Outcome refused =
        learn(List.of("--policy", "developer", "--ceiling", "untrusted"), "true").run().expect(125);
    assertTrue(refused.error().contains("under the ceiling untrusted"), refused::toString);
    assertFalse(Files.exists(scratch.path("learned.json")));
    learn(List.of("--ceiling", "untrusted"), "cat", "/etc/passwd").run().expect(0);
    scratch.caisson("policy", "check", "--ceiling", "untrusted", LEARNED).run().expect(0);
    scratch
        .wrap(List.of("--policy", LEARNED, "--ceiling", "untrusted"), "cat", "/etc/passwd")
        .run()
        .expect(0);
  }

  @Test
  void threadsAndProcessesAreFollowed() throws IOException {
    scratch.file(
        "many.py",
        """
        import os, subprocess, threading
        def work(i):
            for n in range(20):
                with open("/tmp/t%d.%d" % (i, n), "w") as f:
                    f.write("x")
        threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        pids = [os.fork() for i in range(1)]
        if 0 in pids:
            os._exit(3)
        print(os.waitstatus_to_exitcode(os.waitpid(pids[0], 0)[1]))
        print(subprocess.run(["/bin/sh", "-c", "ls /tmp/t* | wc -l"], capture_output=True).stdout)
        """);
    Outcome run = learn(List.of(), PYTHON, "many.py").run().expect(0);
    assertEquals("3\nb'160\\n'\n", run.text());
    assertEquals(run.text(), under(PYTHON, "many.py").run().expect(0).text());
  }

  @Test
  void manyCallsArePlacesAsAWhole() throws IOException {
    Outcome run = learn(List.of(), "find", "/usr/share", "-name", "x*").run();
    assertTrue(run.error().contains("files of it were used"), run::toString);
    assertTrue(Files.size(scratch.path("learned.json")) < 100_000, "bounded");
    assertEquals(run.text(), under("find", "/usr/share", "-name", "x*").run().text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "KILL"})
  void aProgramThatASignalEndsIsLearned(String signal) throws IOException {
    learn(List.of(), "sh", "-c", "kill -" + signal + " $$")
        .run()
        .expect(signal.equals("TERM") ? 143 : 137);
    assertTrue(learned().contains("\"kill\""));
  }

  @Test
  void aSignalToTheCommandEndsTheProgram() throws IOException, InterruptedException {
    Process process = learn(List.of(), "sh", "-c", "echo ready; exec sleep 600").start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("ready", out.readLine());
      Command.of("kill", Long.toString(process.pid())).run().expect(0);
      assertEquals(143, process.waitFor());
    } finally {
      process.destroyForcibly();
    }
    assertTrue(learned().contains("\"execve\""));
  }

  @Test
  void aFileThatIsThereIsKept() throws IOException {
    scratch.file("learned.json", "mine");
    Outcome outcome = learn(List.of(), "echo", "was run").run().expect(125);
    assertEquals("", outcome.text());
    assertTrue(outcome.error().contains("it exists already"), outcome::toString);
    assertEquals("mine", learned());
  }

  @Test
  void withoutAFileThePolicyIsPrinted() {
    Outcome outcome = scratch.caisson("policy", "learn", "--", "echo", "hello").run().expect(0);
    assertTrue(outcome.text().startsWith("hello\n{\n  \"apiVersion\": "), outcome::toString);
  }

  @Test
  void whatIsWrittenIsWritable() throws IOException {
    if (scratch.refusesToWrite()) {
      return;
    }
    Files.createDirectory(scratch.path("out"));
    scratch.file("kept.txt", "kept");
    String script = "echo made > out/made; cat kept.txt > /dev/null";
    learn(List.of("--rw"), "sh", "-c", script).run().expect(0);
    under("sh", "-c", script).run().expect(0);
    Outcome elsewhere = under("sh", "-c", "echo x > made").run().expect(2);
    assertTrue(elsewhere.error().contains("made"), elsewhere::toString);
    assertFalse(Files.exists(scratch.path("made")));
  }

  @Test
  void placesThatWereReachedAreListed() throws IOException {
    scratch.file(
        "net.py",
        """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.connect(("192.0.2.7", 4433))
        """);
    Outcome run = learn(List.of("--network", "host"), PYTHON, "net.py").run();
    assertTrue(run.error().contains("192.0.2.7:4433/udp"), run::toString);
    assertTrue(learned().contains("\"192.0.2.7/32\""), learned());
  }
}

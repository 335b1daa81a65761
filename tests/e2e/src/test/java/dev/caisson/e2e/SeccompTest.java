package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy says of system calls: in the sandbox, and to the verbs of seccomp. */
class SeccompTest {
  private static final String SOCKETS =
      """
      {
        "apiVersion": "caisson/1",
        "extends": ["untrusted"],
        "seccomp": {
          "rules": [{"syscall": "socket", "when": {"family": "AF_INET"}}],
          "otherwise": {"socket": {"errno": "EAFNOSUPPORT"}}
        }
      }
      """;

  @TempDir private Path scratch;
  private Path directory = Path.of("/");
  private Caisson caisson = Caisson.withHome(Path.of("/"));

  @BeforeEach
  void directories() throws IOException {
    caisson = Caisson.withHome(Files.createDirectory(scratch.resolve("home")));
    directory = Files.createDirectory(scratch.resolve("policies"));
    for (Path each : List.of(scratch, directory)) {
      // root's sandboxes run with other ids
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    write("sockets.json", SOCKETS);
  }

  @ParameterizedTest
  @CsvSource({
    "untrusted, 2, made",
    "untrusted, 10, made",
    "./sockets.json, 2, made",
    "./sockets.json, 10, 97",
    "./sockets.json, 16, 97",
    "./sockets.json, 40, 97",
  })
  void aSocketIsMadeWhereARuleAllowsItsFamily(String policy, String family, String result) {
    Peer.need(Files.isExecutable(Path.of("/usr/bin/python3")), "no /usr/bin/python3");
    String script =
        """
        import socket, sys
        try:
            socket.socket(int(sys.argv[1]), socket.SOCK_RAW if sys.argv[1] == "16" else socket.SOCK_STREAM, 0)
            print("made")
        except OSError as e:
            print(e.errno)
        """;
    Outcome outcome =
        command("wrap", "--policy", policy, "--", "/usr/bin/python3", "-c", script, family)
            .run()
            .expect(0);
    assertEquals(result, outcome.text().strip(), outcome::toString);
  }

  @Test
  void theVerbsTakeAPolicyForItsFilter() throws IOException {
    String explained =
        command("seccomp", "explain", "--profile", "./sockets.json", "socket")
            .run()
            .expect(0)
            .text();
    assertTrue(explained.contains("  allow where family is 2\n  errno EAFNOSUPPORT\n"), explained);
    for (String[] each : new String[][] {{"2", "allow"}, {"16", "errno EAFNOSUPPORT"}}) {
      String simulated =
          command("seccomp", "simulate", "--profile", "./sockets.json", "socket", each[0], "3")
              .run()
              .expect(0)
              .text();
      assertTrue(simulated.startsWith(each[1] + " (after "), simulated);
    }
    Outcome compiled =
        command("seccomp", "compile", "-o", "./sockets.bpf", "./sockets.json").run().expect(0);
    assertTrue(compiled.error().contains("proved equal to the profile"), compiled::toString);
    assertEquals(0, Files.size(directory.resolve("sockets.bpf")) % 8);
    Outcome same = command("seccomp", "compare", "./sockets.bpf", "./sockets.json").run().expect(0);
    assertEquals("the same: every call is decided alike\n", same.text());
    Outcome more = command("seccomp", "compare", "untrusted", "./sockets.json").run().expect(1);
    assertTrue(more.text().contains(": untrusted allow, ./sockets.json errno EAFNOSUPPORT"));
    String listed = command("seccomp", "disassemble", "./sockets.bpf").run().expect(0).text();
    assertTrue(listed.contains("EAFNOSUPPORT"), listed);
  }

  @Test
  void whatAPolicyAllowsBeyondAnotherIsSaidInWords() throws IOException {
    write("inet6.json", SOCKETS.replace("\"AF_INET\"", "{\"in\": [\"AF_INET\", \"AF_INET6\"]}"));
    Outcome outcome = command("policy", "diff", "./sockets.json", "./inet6.json").run();
    assertEquals(
        "./inet6.json allows what ./sockets.json does not:\n"
            + "+ seccomp allows more of the calls socket, for example socket(0xa)\n",
        outcome.text());
  }

  @Test
  void aMistakeIsOneMessageWithItsPlace() throws IOException {
    write("p.json", SOCKETS.replace("AF_INET", "AF_INTE"));
    for (List<String> words :
        List.of(
            List.of("policy", "check", "./p.json"),
            List.of("seccomp", "compile", "-o", "./p.bpf", "./p.json"),
            List.of("wrap", "--policy", "./p.json", "--", "echo", "ran"))) {
      Outcome outcome = command(words.toArray(String[]::new)).run().expect(125);
      assertTrue(
          outcome
              .error()
              .contains(
                  "./p.json:5:56: $.seccomp.rules[0].when.family: no such constant: \"AF_INTE\";"
                      + " did you mean AF_INET?"),
          outcome::toString);
      assertEquals("", outcome.text());
    }
    assertTrue(Files.notExists(directory.resolve("p.bpf")));
  }

  @Test
  void anActionThatNobodyReceivesIsRefusedAtTheLaunch() throws IOException {
    write("p.json", SOCKETS.replace("{\"errno\": \"EAFNOSUPPORT\"}", "\"trace\""));
    command("policy", "check", "./p.json").run().expect(0);
    Outcome outcome =
        command("wrap", "--policy", "./p.json", "--", "echo", "ran").run().expect(125);
    assertTrue(outcome.error().contains("for socket it says trace"), outcome::toString);
    assertEquals("", outcome.text());
  }

  private Command command(String... words) {
    return caisson.command(words).in(directory);
  }

  private void write(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }
}

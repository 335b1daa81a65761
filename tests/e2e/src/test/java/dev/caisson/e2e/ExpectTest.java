package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy expects of itself is answered without starting anything, and truly. */
class ExpectTest {
  @TempDir private Path scratch;
  private Path home = Path.of("/");
  private Path project = Path.of("/");
  private Caisson caisson = Caisson.withHome(Path.of("/"));

  @BeforeEach
  void directories() throws IOException {
    home = Files.createDirectory(scratch.resolve("home"));
    caisson = Caisson.withHome(home);
    project = Files.createDirectory(scratch.resolve("project"));
    Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectory(project.resolve(".git"));
    Files.writeString(project.resolve(".git/config"), "[core]\n");
  }

  @Test
  void theExampleOfAPullRequestHolds() throws IOException {
    write("ci.json", pullRequest());
    assertEquals(
        List.of(
            "holds    syscall mount -> deny",
            "holds    connect 169.254.169.254:80 -> deny",
            "holds    write inside:/work/.git/config -> deny"),
        answers("./ci.json", 0).subList(0, 3));
    assertTrue(answers("./ci.json", 0).get(3).startsWith("holds    read host:"));
  }

  @Test
  void explainShowsEachLineOfTheExampleAsSteps() throws IOException {
    assumeTrue(!Peer.isRoot(), "a writable bind is for ordinary users");
    write("ci.json", pullRequest());
    String steps =
        caisson
            .command("explain", "wrap", "--policy", "./ci.json", "--", "true")
            .in(project)
            .run()
            .expect(0)
            .text();
    for (String shown :
        List.of(
            "on /work",
            "protect /work/.git",
            "size=536870912,nr_inodes=132096\")",
            "# mount a tmpfs on /home/ci",
            "chdir(\"/work\")",
            "\"CI=true\", \"HOME=/home/ci\"",
            "filter the sandbox's network",
            "start pasta",
            "limit the sandbox's memory to 2147483648 bytes",
            "limit the sandbox's swap to 0 bytes",
            "limit the sandbox to 512 processes",
            "limit the run to 600000 ms",
            "landlock_restrict_self",
            "load the seccomp filter")) {
      assertTrue(steps.contains(shown), shown);
    }
  }

  @Test
  void anExpectationThatFailsIsNamedAndGivesStatusOne() throws IOException {
    write(
        "p.json",
        """
        {
          "apiVersion": "caisson/1",
          "extends": ["untrusted"],
          "filesystem": {"/work": {"bind": "${cwd}", "access": "rw"}},
          "expect": [
            {"read": "inside:/work/.git/config", "then": "absent"},
            {"write": "inside:/work/.git/config", "then": "deny"},
            {"read": "host:${cwd}/.git", "then": "absent"},
            {"write": "inside:/etc/passwd", "then": "deny"},
            {"read": "inside:/etc/shadow", "then": "absent"},
            {"write": "inside:/tmp/new/file", "then": "allow"}
          ]
        }
        """);
    assertEquals(
        List.of(
            "fails    read inside:/work/.git/config -> absent",
            "depends  write inside:/work/.git/config -> deny",
            "fails    read host:" + project.toRealPath() + "/.git -> absent",
            "holds    write inside:/etc/passwd -> deny",
            "holds    read inside:/etc/shadow -> absent",
            "holds    write inside:/tmp/new/file -> allow"),
        answers("./p.json", 1));
  }

  @Test
  void theAnswersAreWhatASandboxMeets() throws IOException {
    assumeTrue(!Peer.isRoot(), "a writable bind is for ordinary users");
    write(
        "p.json",
        """
        {
          "apiVersion": "caisson/1",
          "extends": ["untrusted"],
          "filesystem": {"/work": {"bind": "${cwd}", "access": "rw", "protect": [".git"]}},
          "expect": [
            {"write": "inside:/work/.git/config", "then": "deny"},
            {"write": "inside:/etc/passwd", "then": "deny"},
            {"read": "inside:/etc/shadow", "then": "deny"},
            {"write": "inside:/tmp/file", "then": "allow"}
          ]
        }
        """);
    assertEquals(4, answers("./p.json", 0).size());
    String attempt =
        "echo x >> /work/.git/config || echo x >> /etc/passwd || cat /etc/shadow"
            + " || echo done > /tmp/file && cat /tmp/file";
    Outcome met =
        caisson
            .command("wrap", "--policy", "./p.json", "--", "sh", "-c", attempt)
            .in(project)
            .run()
            .expect(0);
    assertEquals("done\n", met.text());
  }

  /** The first example of docs/policy.md. */
  private static String pullRequest() throws IOException {
    String page = Files.readString(Path.of("../../docs/policy.md"));
    int start = page.indexOf("{", page.indexOf("```json"));
    return page.substring(start, page.indexOf("```", start));
  }

  private List<String> answers(String policy, int status) {
    Outcome outcome = caisson.command("policy", "test", policy).in(project).run().expect(status);
    return outcome.text().lines().map(line -> line.substring(0, line.indexOf(": "))).toList();
  }

  private void write(String name, String policy) throws IOException {
    Files.writeString(project.resolve(name), policy);
  }
}

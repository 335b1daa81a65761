package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of bubblewrap do: the same program sees the same under both. */
class BubblewrapTest {
  @TempDir private Path temporary;
  private Scratch scratch;
  private Path root;
  private Path data;

  @BeforeEach
  void makeRoot() throws IOException {
    Peer.need("bwrap");
    scratch = Scratch.in(temporary);
    root = Layouts.busyboxRoot(Files.createDirectory(scratch.path("root")));
    for (String each : List.of("dev", "proc", "data", "scratch", "run", "etc")) {
      Files.createDirectories(root.resolve(each));
    }
    data = Files.createDirectory(scratch.path("data"));
    Files.writeString(data.resolve("x"), "of the host\n");
  }

  private Command bubblewrap(List<String> options, String script) {
    List<String> words = new ArrayList<>(List.of("bwrap", "--bind", root.toString(), "/"));
    words.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--unshare-all"));
    words.addAll(options);
    words.addAll(List.of("sh", "-c", script));
    return scratch.host(words.toArray(String[]::new));
  }

  private Command caisson(List<String> flags, String script) {
    List<String> words = new ArrayList<>(List.of("run", "--rootfs", root.toString()));
    words.addAll(flags);
    words.addAll(List.of("sh", "-c", script));
    return scratch.caisson(words.toArray(String[]::new));
  }

  private void assertSame(
      String expected, List<String> options, List<String> flags, String script) {
    assertEquals(expected, bubblewrap(options, script).run().expect(0).text(), "bubblewrap");
    assertEquals(expected, caisson(flags, script).run().expect(0).text(), "caisson");
  }

  private String bindOfData() {
    return data + ":/data";
  }

  @Test
  void readOnlyBind() {
    assertSame(
        "of the host\nrefused\n",
        List.of("--ro-bind", data.toString(), "/data"),
        List.of("--ro-bind", bindOfData()),
        "cat /data/x; echo y 2> /dev/null > /data/x || echo refused");
  }

  @Test
  void bind() throws IOException {
    Scratch.onlyAsRoot(false);
    assertSame(
        "new\n",
        List.of("--bind", data.toString(), "/data"),
        List.of("--bind", bindOfData()),
        "echo new > /data/x; cat /data/x; echo more >> /data/x");
    assertEquals("new\nmore\n", Files.readString(data.resolve("x")));
  }

  @Test
  void bindThatMayBeAbsent() throws IOException {
    String policy =
        scratch.policy("\"filesystem\": {\"/data\": {\"bind\": \"/no/such\", \"optional\": true}}");
    assertSame(
        "ran\n",
        List.of("--ro-bind-try", "/no/such", "/data"),
        List.of("--policy", policy),
        "echo ran");
  }

  @Test
  void tmpfsAndDirectory() {
    assertSame(
        "a\n",
        List.of("--tmpfs", "/scratch"),
        List.of("--tmpfs", "/scratch"),
        "echo a > /scratch/x; cat /scratch/x");
    assertSame(
        "made\n",
        List.of("--tmpfs", "/scratch", "--dir", "/scratch/deep"),
        List.of("--tmpfs", "/scratch", "--tmpfs", "/scratch/deep:1MiB"),
        "test -d /scratch/deep && echo made");
    assertFalse(Files.exists(root.resolve("scratch/x")));
  }

  @Test
  void permissionsOfATmpfs() throws IOException {
    String policy =
        scratch.policy("\"filesystem\": {\"/scratch\": {\"tmpfs\": \"1MiB\", \"mode\": \"700\"}}");
    assertSame(
        "700\n",
        List.of("--perms", "0700", "--tmpfs", "/scratch"),
        List.of("--policy", policy),
        "busybox stat -c %a /scratch");
  }

  @Test
  void symbolicLink() {
    assertSame(
        "bin/busybox\n",
        List.of("--symlink", "bin/busybox", "/link"),
        List.of("--symlink", "bin/busybox", "/link"),
        "busybox readlink /link");
  }

  @Test
  void fileFromADescriptor() throws IOException {
    scratch.file("content", "from a descriptor\n");
    String policy = scratch.policy("\"secrets\": {\"conf\": {\"fd\": 5}}");
    String quoted = "'" + root + "'";
    Outcome peer =
        scratch
            .shell("bwrap --bind " + quoted + " / --dev /dev --file 5 /conf cat /conf 5< content")
            .run();
    assertEquals("from a descriptor\n", peer.expect(0).text());
    Outcome own =
        scratch
            .shell(
                "caisson run --rootfs "
                    + quoted
                    + " --policy "
                    + policy
                    + " cat /run/secrets/conf 5< content")
            .run();
    assertEquals("from a descriptor\n", own.expect(0).text());
  }

  @Test
  void environment() {
    assertSame("b\n", List.of("--setenv", "A", "b"), List.of("--setenv", "A", "b"), "echo $A");
    String script = "echo ${SECRET-none}";
    Command peer = bubblewrap(List.of("--clearenv", "--setenv", "PATH", "/bin"), script);
    assertEquals("none\n", peer.with("SECRET", "token").run().expect(0).text());
    Command own = caisson(List.of(), script);
    assertEquals("none\n", own.with("SECRET", "token").run().expect(0).text());
  }

  @Test
  void workingDirectoryAndName() {
    assertSame("/data\n", List.of("--chdir", "/data"), List.of("--chdir", "/data"), "pwd");
    assertSame(
        "box\n", List.of("--hostname", "box"), List.of("--hostname", "box"), "busybox hostname");
    Outcome hosts = caisson(List.of("--hostname", "box"), "cat /etc/hostname /etc/hosts").run();
    assertTrue(
        hosts.expect(0).text().startsWith("box\n127.0.0.1 localhost box\n"), hosts::toString);
  }

  @Test
  void ids() {
    assertSame(
        "33 34\n",
        List.of("--uid", "33", "--gid", "34"),
        List.of("--user", "33:34"),
        "echo $(busybox id -u) $(busybox id -g)");
  }

  @Test
  void sharedNetwork() {
    String interfaces = "busybox wc -l < /proc/net/dev";
    String host = scratch.host("wc", "-l", "/proc/net/dev").run().text().split(" ")[0];
    assertSame(host + "\n", List.of("--share-net"), List.of("--network", "host"), interfaces);
    // one interface and two lines of headings
    assertSame("3\n", List.of(), List.of(), interfaces);
  }

  @Test
  void aFilterOfCaissonsForBubblewrap() throws IOException {
    scratch.caisson("seccomp", "compile", "-o", "filter", "default").run().expect(0);
    String command = "bwrap --bind '" + root + "' / --seccomp 5 busybox unshare -U true 5< filter";
    Outcome outcome = scratch.shell(command).run();
    assertTrue(outcome.error().contains("Operation not permitted"), outcome::toString);
    scratch.shell(command.replace("--seccomp 5 ", "")).run().expect(0);
  }

  @Test
  void endOfTheLauncherIsTheEndOfTheProgram() throws IOException {
    Process process = caisson(List.of(), "echo up; exec busybox sleep 600").start();
    assertEquals('u', process.getInputStream().read());
    process.toHandle().destroyForcibly();
    // the program holds the other end of its output's relay
    process.getInputStream().readAllBytes();
  }

  @Test
  void statusAsJson() throws IOException {
    String exit = "exit 3";
    String peer =
        "bwrap --bind '" + root + "' / --json-status-fd 5 sh -c 'exit 3' 5> status; cat status";
    assertTrue(scratch.shell(peer).run().text().contains("\"exit-code\": 3"));
    caisson(List.of("--result", "own"), exit).run().expect(3);
    assertTrue(Files.readString(scratch.path("own")).contains("\"exit\": 3"));
  }
}

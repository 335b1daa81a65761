package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies on the built command: what is wrong is said once, clearly, with status 125. */
class PolicyTest {
  private static final String SOUND = "{\"apiVersion\": \"caisson/1\"}";
  private static final int HUNDRED_MEGABYTES = 100_000_000;

  @TempDir private Path scratch;
  private Path directory = Path.of("/");
  private Caisson caisson = Caisson.withHome(Path.of("/"));

  @BeforeEach
  void directories() throws IOException {
    caisson = Caisson.withHome(Files.createDirectory(scratch.resolve("home")));
    directory = Files.createDirectory(scratch.resolve("policies"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest
  @CsvSource({"strict", "untrusted", "developer"})
  void theBuiltInPoliciesAreSound(String name) {
    Outcome outcome = check(name).expect(0);
    assertTrue(outcome.text().startsWith(name + ": sound; it extends "), outcome::toString);
    assertEquals("", outcome.error());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"apiVersion": "caisson/1", "limmits": {}}          | 1:29: $.limmits: no such key; did you mean limits?
          {"apiVersion": "caisson/1", "landlock": "on"}       | 1:41: $.landlock: expected true, false or {"abi": ...}, found "on"
          {"apiVersion": "caisson/1", "root": "writable", "root": "read-only"} | 1:49: $.root: the name is given twice
          {"apiVersion": "caisson/1", "capabilities": {"keep": ["CAP_SYS_ADMIM"]}} | 1:55: $.capabilities.keep[0]: no such name: "CAP_SYS_ADMIM"; did you mean CAP_SYS_ADMIN?
          {"apiVersion": "caisson/1", "name": "a\\u0000b", "filesystem": {"/a": {"bind": "/b\\u0000"}}} | 1:79: $.filesystem["/a"].bind: it holds a NUL character
          {"apiVersion": "caisson/1",}                        | 1:27: $: a comma stands before the closing '}'; take it out
          {"apiVersion": "caisson/2"}                         | 1:16: $.apiVersion: expected "caisson/1", found "caisson/2"
          {}                                                  | 1:1: $: expected "apiVersion": "caisson/1" in it
          ["apiVersion"]                                      | 1:1: $: expected an object, found an array
          {"apiVersion": "caisson/1" "name": "x"}             | 1:28: $: expected ',' or '}', found '"'
          """)
  void aMistakeIsSaidWithItsPlace(String policy, String said) throws IOException {
    write("p.json", policy);
    Outcome outcome = check("./p.json").expect(125);
    assertEquals(List.of("./p.json:" + said, "caisson: one mistake"), lines(outcome));
    assertEquals("", outcome.text());
    Outcome run = run("./p.json").expect(125);
    assertEquals(1, lines(run).size(), run::toString);
    assertTrue(run.error().contains("./p.json:" + said), run::toString);
  }

  @Test
  void eightMistakesAreEight() throws IOException {
    write(
        "p.json",
        """
        {
          "apiVersion": "caisson/1",
          "nmae": "x",
          "network": "hots",
          "network": "none",
          "limits": {"pids": "many", "memory": 5, "memory": "1GiB"},
          "devices": ["nul"],
          "seccomp": {"deny": ["opne"]}
        }
        """);
    Outcome outcome = check("./p.json").expect(125);
    List<String> lines = lines(outcome);
    assertEquals(9, lines.size(), outcome::toString);
    assertEquals("caisson: 8 mistakes", lines.get(8));
    assertEquals(2, lines.stream().filter(line -> line.endsWith("given twice")).count());
  }

  @Test
  void aHundredMegabytesOfNestingAreOneLine() throws IOException {
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(directory.resolve("p.json")))) {
      byte[] brackets = "[".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
      for (int written = 0; written < HUNDRED_MEGABYTES; written += brackets.length) {
        out.write(brackets);
      }
    }
    refused("./p.json", "more than 1048576 bytes");
    write("p.json", "[".repeat(1_000_000));
    refused("./p.json", "nested deeper than 32 levels");
    write("p.json", "{\"a\":".repeat(200_000));
    refused("./p.json", "nested deeper than 32 levels");
  }

  @Test
  void aHugeFileIsOneLine() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("p.json").toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    refused("./p.json", "more than 1048576 bytes");
  }

  @Test
  void whatIsNoUtf8IsOneLine() throws IOException {
    Files.write(directory.resolve("p.json"), new byte[] {'{', '"', (byte) 0xc3, '"', '}'});
    refused("./p.json", "./p.json:1:3: $: the document is not UTF-8 from here on");
    Files.writeString(directory.resolve("p.json"), "\ufeff" + SOUND);
    refused("./p.json", "starts with a byte order mark");
  }

  @Test
  void aFileThatOthersCanWriteToIsRefused() throws IOException {
    Path file = write("p.json", SOUND);
    check("./p.json").expect(0);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--rw-"));
    refused("./p.json", "other users can write to " + file.toRealPath());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    refused("./p.json", "other users can write to " + directory.toRealPath());
  }

  @Test
  void anotherUsersFileIsRefused() throws IOException {
    assumeTrue(isRoot(), "only root can give a file away");
    write("p.json", SOUND);
    Command.of("chown", "12345", "p.json").in(directory).run().expect(0);
    refused("./p.json", "belongs to another user (uid 12345)");
  }

  @Test
  void whatIsNoFileIsRefused() throws IOException {
    Files.createDirectory(directory.resolve("d.json"));
    refused("./d.json", "./d.json is a directory");
    Command.of("mkfifo", "f.json").in(directory).run().expect(0);
    refused("./f.json", "./f.json is a FIFO");
    refused("/dev/null", "/dev/null is a device");
    refused("./none.json", "./none.json cannot be read: No such file or directory");
    refused("nosuch", "no policy of the name \"nosuch\" comes with Caisson");
  }

  @Test
  void anUnreadableFileIsRefused() throws IOException {
    assumeTrue(!isRoot(), "root reads everything");
    Files.setPosixFilePermissions(
        write("p.json", SOUND), PosixFilePermissions.fromString("-w-------"));
    refused("./p.json", "./p.json cannot be read: Permission denied");
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.test/p.json, is a URL",
    "/etc/hostname.json, does not lie beneath",
    "../home/x.json, does not lie beneath",
    "link.json, does not lie beneath",
    "secret.json, is no policy",
    "p.json, lead in a circle",
    "gone.json, No such file or directory",
  })
  void aParentThatMustNotBeUsedIsRefused(String parent, String why) throws IOException {
    Path outside = Files.writeString(scratch.resolve("id.json"), "{\"password\": \"hunter2\"}");
    Files.createSymbolicLink(directory.resolve("link.json"), outside);
    write("secret.json", "{\"password\": \"hunter2\"}");
    write("p.json", "{\"apiVersion\": \"caisson/1\", \"extends\": [\"" + parent + "\"]}");
    refused("./p.json", why);
    assertFalse(check("./p.json").error().contains("hunter2"));
  }

  @Test
  void aPinnedParentMustHaveItsDigest() throws IOException {
    Path parent = Files.writeString(scratch.resolve("parent.json"), SOUND);
    String digest =
        Command.of("sha256sum", parent.toString()).run().expect(0).text().substring(0, 64);
    String policy =
        "{\"apiVersion\": \"caisson/1\", \"extends\": [{\"file\": \""
            + parent
            + "\", \"sha256\": \"%s\"}]}";
    write("p.json", policy.formatted(digest));
    check("./p.json").expect(0);
    write("p.json", policy.formatted("0".repeat(64)));
    refused("./p.json", "has another SHA-256 than the one that is pinned");
  }

  @Test
  void aNameIsBytesWhateverTheLocale() throws IOException {
    write("p.json", SOUND);
    String script = "mv p.json \"$(printf 'caf\\351.json')\"; exec \"$0\" \"$@\" ./caf?.json";
    for (String locale : List.of("C", "C.UTF-8", "POSIX")) {
      write("p.json", SOUND);
      List<String> words = caisson.command("policy", "check").words();
      List<String> shell = new java.util.ArrayList<>(List.of("sh", "-c", script));
      shell.addAll(words);
      Outcome outcome =
          Command.of(shell)
              .in(directory)
              .with("HOME", caisson.home().toString())
              .with("LC_ALL", locale)
              .run()
              .expect(0);
      assertEquals(
          "./caf\\xe9.json: sound; it extends nothing\n", outcome.text(), outcome::toString);
    }
  }

  @Test
  void anEmptyPolicyRunsAStaticProgram() throws IOException {
    write("empty.json", SOUND);
    Outcome outcome =
        caisson.command("run", "--policy", "./empty.json", "hello").in(directory).run().expect(0);
    assertTrue(outcome.text().contains("the root is read-only"), outcome::toString);
  }

  @Test
  void whatIsShownIsAPolicyThatMeansTheSame() throws IOException {
    for (String view : List.of("wrap", "image")) {
      Outcome shown =
          command("policy", "show", "--effective", "--view", view, "--format", "json", "developer")
              .run()
              .expect(0);
      write("shown.json", shown.text());
      Outcome again =
          command(
                  "policy",
                  "show",
                  "--effective",
                  "--view",
                  view,
                  "--format",
                  "json",
                  "./shown.json")
              .run()
              .expect(0);
      assertEquals(shown.text(), again.text());
    }
  }

  @Test
  void everyShownValueNamesItsOrigin() throws IOException {
    write(
        "p.json",
        "{\"apiVersion\": \"caisson/1\", \"extends\": [\"untrusted\"],\n"
            + " \"limits\": {\"pids\": 7}}");
    String shown = command("policy", "show", "--effective", "./p.json").run().expect(0).text();
    assertTrue(shown.contains("limits.pids                   7  (./p.json:2:21)\n"), shown);
    assertTrue(shown.contains("proc                          masked  (untrusted:"), shown);
    write("empty.json", SOUND);
    String empty = command("policy", "show", "--effective", "./empty.json").run().expect(0).text();
    assertTrue(empty.contains("root                          read-only  (default)\n"), empty);
  }

  @Test
  void aHostileCheckoutGainsNothingUnderACeiling() throws IOException {
    Files.createSymbolicLink(directory.resolve("etc"), Path.of("/etc"));
    write(
        "hostile.json",
        """
        {
          "apiVersion": "caisson/1",
          "extends": ["untrusted"],
          "network": "host",
          "capabilities": {"keep": ["CAP_SYS_ADMIN"]},
          "seccomp": {"allow": ["modify_ldt"]},
          "environment": {"set": {"TOKEN": "${env:SECRET}"}},
          "filesystem": {
            "/passwd": {"bind": "${cwd}/etc"},
            "/mnt": {"bind": "/etc/ssh", "access": "rw"}
          }
        }
        """);
    List<String> beyond =
        List.of(
            "network is host, not none",
            "capabilities.keep lists CAP_SYS_ADMIN",
            "seccomp allows the calls clone3",
            "environment uses ${env:SECRET}",
            "filesystem shows the host's /etc at /passwd",
            "filesystem shows the host's /etc/ssh at /mnt, writable");
    Outcome check =
        command("policy", "check", "--ceiling", "untrusted", "./hostile.json")
            .with("SECRET", "hunter2")
            .run()
            .expect(125);
    Outcome run =
        command("wrap", "--ceiling", "untrusted", "--policy", "./hostile.json", "--", "echo", "ran")
            .with("SECRET", "hunter2")
            .run()
            .expect(125);
    for (String said : beyond) {
      assertTrue(check.error().contains("beyond the ceiling untrusted: " + said), check::toString);
      assertTrue(run.error().contains(said), run::toString);
    }
    assertEquals("", run.text());
  }

  /** What a policy asks for is named even where it has mistakes besides. */
  @Test
  void aHostileCheckoutIsNamedWhole() throws IOException {
    Files.createDirectory(caisson.home().resolve(".ssh"));
    Path outside = Files.writeString(scratch.resolve("id.json"), "{\"password\": \"hunter2\"}");
    write(
        "hostile.json",
        """
        {
          "apiVersion": "caisson/1",
          "extends": ["untrusted", "../id.json"],
          "vars": {"up": "..", "dir": {"type": "text", "default": "../home"}},
          "network": "host",
          "capabilities": {"keep": ["CAP_SYS_ADMIN"]},
          "filesystem": {
            "/ssh": {"bind": "SSH", "access": "rw"},
            "/unset": {"bind": "${env:X}/"},
            "/up": {"bind": "/srv/${dir}"}
          }
        }
        """
            .replace("SSH", caisson.home().resolve(".ssh").toString()));
    Outcome check =
        command("policy", "check", "--ceiling", "untrusted", "./hostile.json").run().expect(125);
    for (String said :
        List.of(
            "$.extends[1]: its parent ../id.json does not lie beneath",
            "$.vars.up: expected one name without a slash",
            "the variable \"env:X\" is not set",
            "and in a path it must be one name without a slash",
            "beyond the ceiling untrusted: network is host, not none",
            "beyond the ceiling untrusted: capabilities.keep lists CAP_SYS_ADMIN",
            "/.ssh at /ssh, writable",
            "beyond the ceiling untrusted: environment uses ${env:X}",
            "caisson: 4 mistakes; 6 beyond a ceiling")) {
      assertTrue(check.error().contains(said), () -> said + "\n" + check);
    }
    Outcome run =
        command("wrap", "--ceiling", "untrusted", "--policy", "./hostile.json", "--", "echo", "ran")
            .run()
            .expect(125);
    assertEquals("", run.text());
    assertFalse((check.error() + run.error()).contains("hunter2"), outside::toString);
  }

  @Test
  void aCeilingOfAParentHoldsThreeLevelsDownAndOverFlags() throws IOException {
    write("team.json", "{\"apiVersion\": \"caisson/1\", \"ceiling\": {\"network\": \"none\"}}");
    write("b.json", "{\"apiVersion\": \"caisson/1\", \"extends\": [\"team.json\", \"untrusted\"]}");
    write("c.json", "{\"apiVersion\": \"caisson/1\", \"extends\": [\"b.json\"]}");
    write(
        "p.json",
        "{\"apiVersion\": \"caisson/1\", \"extends\": [\"c.json\"], \"when\": [{\"if\": {\"kernel\":"
            + " \"<6.0\"}, \"network\": \"host\"}]}");
    Outcome other = check("./p.json").expect(125);
    assertTrue(
        other
            .error()
            .contains(
                "beyond the ceiling team.json:1:40: on Linux before 6.0: network is host, not none"),
        other::toString);
    check("./c.json").expect(0);
    Outcome flag =
        command("wrap", "--network", "host", "--policy", "./c.json", "--", "echo", "ran")
            .run()
            .expect(125);
    assertEquals("", flag.text());
    assertTrue(
        flag.error().contains("under the ceiling team.json:1:40: network is host, not none"),
        flag::toString);
  }

  @Test
  void flagsStayUnderACeilingToo() throws IOException {
    write("ceiling.json", "{\"apiVersion\": \"caisson/1\", \"network\": \"none\"}");
    Outcome outcome =
        command("wrap", "--ceiling", "./ceiling.json", "--network", "host", "--", "echo", "ran")
            .run()
            .expect(125);
    assertTrue(
        outcome.error().contains("under the ceiling ./ceiling.json: network is host, not none"),
        outcome::toString);
    assertEquals("", outcome.text());
    command("run", "--ceiling", "./ceiling.json", "hello").run().expect(0);
  }

  @Test
  void aCeilingThatCannotBeReadRefuses() throws IOException {
    write("ceiling.json", "{\"apiVersion\": \"caisson/1\", \"netwrok\": \"none\"}");
    for (String ceiling : List.of("./ceiling.json", "./gone.json")) {
      Outcome outcome =
          command("wrap", "--ceiling", ceiling, "--", "echo", "ran").run().expect(125);
      assertEquals("", outcome.text(), outcome::toString);
    }
  }

  @Test
  void aDifferenceIsSaidInWords() throws IOException {
    write(
        "b.json",
        "{\"apiVersion\": \"caisson/1\", \"extends\": [\"untrusted\"], \"network\": \"host\","
            + " \"limits\": {\"pids\": 9}}");
    Outcome outcome = command("policy", "diff", "untrusted", "./b.json").run().expect(1);
    assertEquals(
        """
        ./b.json allows what untrusted does not:
        + network is host, not none
        untrusted allows what ./b.json does not:
        - limits.pids is 512, not 9
        """,
        outcome.text());
    assertEquals(
        "untrusted and untrusted allow the same\n",
        command("policy", "diff", "untrusted", "untrusted").run().expect(0).text());
  }

  private Path write(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  /** Checked and run: each time one line with the reason, and status 125. */
  private void refused(String policy, String why) {
    for (Outcome outcome : List.of(check(policy), run(policy))) {
      outcome.expect(125);
      assertEquals("", outcome.text(), outcome::toString);
      assertTrue(outcome.error().contains(why), outcome::toString);
      List<String> lines = lines(outcome);
      lines.remove("caisson: one mistake");
      assertEquals(1, lines.size(), outcome::toString);
      assertTrue(lines.get(0).length() < 600, outcome::toString);
    }
  }

  private Outcome check(String policy) {
    return command("policy", "check", policy).run();
  }

  private Outcome run(String policy) {
    return command("run", "--policy", policy, "hello").run();
  }

  private Command command(String... words) {
    return caisson.command(words).in(directory);
  }

  private static List<String> lines(Outcome outcome) {
    return new java.util.ArrayList<>(outcome.error().lines().toList());
  }

  private static boolean isRoot() {
    return Command.of("id", "-u").run().expect(0).text().equals("0\n");
  }
}

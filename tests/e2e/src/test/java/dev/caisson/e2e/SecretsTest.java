package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret is one file inside and stands nowhere else. */
class SecretsTest {
  private static final String CONTENT = "correct horse battery staple";

  @TempDir private Path temporary;
  private Scratch scratch;
  private Path file;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
    file = temporary.resolve("token");
    Files.writeString(file, CONTENT);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private String policy(String source) throws IOException {
    return scratch.policy("\"secrets\": {\"token\": {" + source + "}}");
  }

  /** Runs {@code command} inside; the shell opens what {@code redirect} says. */
  private Outcome wrap(String source, String redirect, String command) throws IOException {
    return scratch
        .shell(
            "caisson wrap --policy '" + policy(source) + "' -- sh -c '" + command + "'" + redirect)
        .run();
  }

  private String fromFile() {
    return "\"file\": \"" + file + "\"";
  }

  @Test
  void isAReadOnlyFileOfThePayloadsOwn() throws IOException {
    Outcome outcome =
        wrap(
            fromFile(),
            "",
            "cat /run/secrets/token; stat -c \" %a %U\" /run/secrets/token; id -un");
    String[] lines = outcome.expect(0).text().split("\n", -1);
    assertTrue(lines[0].startsWith(CONTENT + " 400 "), outcome::toString);
    assertEquals(lines[1], lines[0].substring(lines[0].lastIndexOf(' ') + 1));
    String write = "chmod 600 /run/secrets/token || echo x >> /run/secrets/token";
    assertTrue(wrap(fromFile(), "", write).error().contains("Read-only file system"));
  }

  @Test
  void standsNowhereElse() throws IOException {
    String search =
        "grep -rls \"horse[ ]battery\" /proc/self/environ /proc/*/cmdline /etc /tmp /dev/shm";
    assertEquals("", wrap(fromFile(), "", search).text());
    assertEquals("0\n1\n2\n", wrap(fromFile(), "", "ls /proc/$$/fd; true").text());

    Outcome explained =
        scratch.caisson("explain", "wrap", "--policy", policy(fromFile()), "true").run().expect(0);
    assertFalse(explained.text().contains("horse"), "in the listing");
    Path program = scratch.path("program");
    scratch
        .caisson(
            "compile",
            "-o",
            program.toString(),
            "--policy",
            policy(fromFile()),
            "--rootfs",
            "/usr",
            "/bin/true")
        .run()
        .expect(0);
    String compiled = Files.readString(program, StandardCharsets.ISO_8859_1);
    assertFalse(compiled.contains("horse"), "in the compiled program");
  }

  @Test
  void comesFromADescriptorOrAPipe() throws IOException {
    assertEquals(CONTENT, wrap("\"fd\": 5", " 5< " + file, "cat /run/secrets/token").text());
    Outcome piped =
        scratch
            .shell(
                "(sleep 0.2; echo late) | (exec 7<&0; caisson wrap --policy '"
                    + policy("\"fd\": 7")
                    + "' -- cat /run/secrets/token < /dev/null)")
            .run();
    assertEquals("late\n", piped.expect(0).text());
  }

  @Test
  void refusesWhatIsMissingOrNoPlainFile() throws IOException {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), file);
    refused("\"file\": \"/no/such\"", "", "There is no file /no/such");
    refused("\"file\": \"" + link + "\"", "", "is a symbolic link");
    refused("\"file\": \"/dev/zero\"", "", "it is no regular file");
    refused("\"fd\": 5", " 5< /dev/zero", "it is no regular file or pipe");
    refused("\"fd\": 9", "", "descriptor 9 is not open");
    Path large = Files.write(temporary.resolve("large"), new byte[(1 << 20) + 1]);
    refused("\"file\": \"" + large + "\"", "", "it is longer than 1048576 bytes");
    Files.write(large, new byte[1 << 20]);
    String count = "wc -c < /run/secrets/token";
    assertEquals("1048576\n", wrap("\"file\": \"" + large + "\"", "", count).text());
  }

  private void refused(String source, String redirect, String why) throws IOException {
    Outcome outcome = wrap(source, redirect, "echo started").expect(125);
    assertEquals("", outcome.text());
    assertTrue(outcome.error().contains(why), outcome::toString);
  }
}

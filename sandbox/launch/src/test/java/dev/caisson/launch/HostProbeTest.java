package dev.caisson.launch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.policy.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProbeTest {
  @Test
  void factsAreThoseOfThisProcess() throws IOException {
    HostFacts facts = HostProbe.probe();

    assertEquals(System.getProperty("user.dir"), facts.currentDirectory().toString());
    assertEquals(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid"), Integer.valueOf(facts.uid()));
    assertTrue(HostProbe.kernelRelease().startsWith(facts.kernel().toString()));
    assertEquals(System.getenv("PATH"), String.valueOf(facts.environment().get("PATH")));
    assertTrue(facts.home().isAbsolute());
    String groups = line("/proc/self/status", "Groups:");
    assertEquals(
        groups.isEmpty() ? List.of() : List.of(groups.split(" ")),
        facts.supplementaryGroups().stream().map(String::valueOf).toList());
  }

  @Test
  void homeComesFromPasswdAndNotFromALineThatOnlyLooksLikeOne() {
    byte[] file =
        "short:x:1001:1001::/wrong\nfirst:x:1001:1001:,,,:/home/first\u00e9:/bin/sh\nlate:x:1001:1:::/x"
            .getBytes(ISO_8859_1);

    Passwd entry = Passwd.entryOf(1001, file).orElseThrow();

    assertEquals("first", entry.user());
    assertArrayEquals("/home/first\u00e9".getBytes(ISO_8859_1), entry.home().bytes());
    assertEquals(Optional.empty(), Passwd.entryOf(1002, file));
  }

  @Test
  void argumentsKeepEveryByteAndAreCountedFromTheEnd() {
    byte[] commandLine = "java\0-cp\0x\0\0caf\u00e9\0".getBytes(ISO_8859_1);

    List<UnixPath> last = OwnProcess.last(OwnProcess.split(commandLine), 2);

    assertArrayEquals(new byte[0], last.get(0).bytes());
    assertArrayEquals("caf\u00e9".getBytes(ISO_8859_1), last.get(1).bytes());
    assertThrows(HostRefusal.class, () -> OwnProcess.last(OwnProcess.split(commandLine), 6));
  }

  @Test
  void theFirstOfTwoVariablesCountsAndNamesThatAreNotUtf8AreLeftOut() {
    Map<String, UnixPath> environment =
        OwnProcess.environment(
            OwnProcess.split("A=1\0A=2\0=x\0lone\0\u00e9=y\0B=\0".getBytes(ISO_8859_1)));

    assertEquals(Map.of("A", UnixPath.of("1"), "B", UnixPath.of("")), environment);
  }

  @Test
  void linksAreFollowedOnlyWhereAskedAndAFifoIsNeverOpened(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("file"), "#!/bin/sh\n");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    assertEquals(
        0, new ProcessBuilder("mkfifo", directory.resolve("fifo").toString()).start().waitFor());
    UnixPath linkPath = UnixPath.of(link.toString());

    assertTrue(HostFiles.status(linkPath).orElseThrow().isSymbolicLink());
    assertTrue(HostFiles.statusOfTarget(linkPath).orElseThrow().isRegularFile());
    assertEquals(10, HostFiles.statusOfTarget(linkPath).orElseThrow().size());
    assertEquals(UnixPath.of(file.toString()), HostFiles.link(linkPath).orElseThrow());
    assertEquals("#!/b", new String(HostFiles.start(linkPath, 4).orElseThrow(), US_ASCII));
    assertTrue(HostFiles.isSameFile(linkPath, UnixPath.of(file.toString())));
    assertFalse(HostFiles.start(UnixPath.of(directory + "/fifo"), 4).isPresent());
    assertFalse(HostFiles.status(UnixPath.of(directory + "/none")).isPresent());
  }

  private static String line(String path, String name) throws IOException {
    return Files.readAllLines(Path.of(path)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).trim())
        .findFirst()
        .orElse("");
  }
}

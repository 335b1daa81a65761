package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostReader;
import dev.caisson.policy.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home with hidden programs, and a system directory that shows. */
class WrapCommandTest {
  @TempDir Path top;
  private Path home;
  private Path system;
  private Path hidden;
  private String path;

  @BeforeEach
  void makeTree() throws IOException {
    home = Files.createDirectories(top.resolve("home/u"));
    system = Files.createDirectories(top.resolve("usr/bin"));
    hidden = Files.createDirectories(home.resolve(".nvm/versions/v20/bin"));
    path = hidden + ":" + system;
    program(system.resolve("node"), "");
    program(system.resolve("env"), "");
    program(system.resolve("sh"), "");
  }

  @Test
  void aProgramThatShowsIsFine() {
    assertDoesNotThrow(() -> check("node", "x.js"));
    assertDoesNotThrow(() -> check(system.resolve("sh").toString()));
  }

  @Test
  void aHiddenProgramIsNeverReplacedByAnotherOfTheSameName() throws IOException {
    program(hidden.resolve("node"), "");

    EngineRefusal refusal = assertThrows(EngineRefusal.class, () -> check("node"));

    assertEquals(127, refusal.exitStatus());
    assertTrue(refusal.why().contains(hidden + "/node is hidden"), refusal.why());
    assertTrue(refusal.why().contains(system + "/node would run"), refusal.why());
    assertEquals("Show it with --ro-bind " + home + "/.nvm", refusal.remedy());
  }

  @Test
  void theSuggestedFlagIsEnough() throws IOException {
    program(hidden.resolve("node"), "");

    assertDoesNotThrow(() -> check(List.of(home.resolve(".nvm")), "node"));
  }

  @Test
  void aLinkThatShowsMayLeadToAProgramThatDoesNot() throws IOException {
    Path target = program(home.resolve(".cargo/bin/tool"), "");
    Files.createSymbolicLink(system.resolve("tool"), target);

    EngineRefusal refusal = assertThrows(EngineRefusal.class, () -> check("tool"));

    assertEquals("Show it with --ro-bind " + home + "/.cargo", refusal.remedy());
  }

  @Test
  void aHiddenLinkIsNamedBesideItsTarget() throws IOException {
    Path target = program(home.resolve(".local/share/pipx/tool/bin/tool"), "");
    Files.createDirectories(home.resolve(".local/bin"));
    Files.createSymbolicLink(home.resolve(".local/bin/tool"), target);
    path = home + "/.local/bin:" + path;

    EngineRefusal refusal = assertThrows(EngineRefusal.class, () -> check("tool"));

    assertEquals(
        "Show it with --ro-bind " + home + "/.local/bin --ro-bind " + home + "/.local/share",
        refusal.remedy());
  }

  @Test
  void theInterpreterOfAScriptCounts() throws IOException {
    Path interpreter = program(home.resolve("opt/python"), "");
    program(system.resolve("script"), "#! " + interpreter + " -u\nprint(1)\n");

    EngineRefusal refusal = assertThrows(EngineRefusal.class, () -> check("script"));

    assertTrue(refusal.why().contains(interpreter + " is hidden"), refusal.why());
  }

  @Test
  void theProgramThatEnvLooksForCounts() throws IOException {
    program(hidden.resolve("node"), "");
    program(system.resolve("npm"), "#!" + system + "/env node\n");

    EngineRefusal byScript = assertThrows(EngineRefusal.class, () -> check("npm"));
    EngineRefusal byCommand =
        assertThrows(EngineRefusal.class, () -> check("env", "-i", "A=b", "node", "-v"));

    assertTrue(byScript.why().contains(hidden + "/node"), byScript.why());
    assertTrue(byCommand.why().contains(hidden + "/node"), byCommand.why());
  }

  @Test
  void whatIsNowhereIsNotFound() throws IOException {
    program(system.resolve("lost"), "#!/nowhere/perl\n");

    assertEquals(127, assertThrows(EngineRefusal.class, () -> check("absent")).exitStatus());
    assertTrue(
        assertThrows(EngineRefusal.class, () -> check("lost")).why().contains("/nowhere/perl"));
    assertTrue(
        assertThrows(EngineRefusal.class, () -> check("/nowhere/x")).why().contains("not exist"));
  }

  @Test
  void aDirectoryIsNoProgram() {
    EngineRefusal refusal = assertThrows(EngineRefusal.class, () -> check(system.toString()));

    assertEquals(126, refusal.exitStatus());
    assertEquals(system + " is a directory", refusal.why());
  }

  @Test
  void aFileThatThePolicyPutsInPlaceOfAnotherIsNotCalledHidden() throws IOException {
    UnixPath tool = UnixPath.of(program(home.resolve("tool"), "").toString());
    Mount own = new Mount.TextFile(tool, "own");

    EngineRefusal refusal =
        assertThrows(EngineRefusal.class, () -> checkIn(List.of(own), tool.toString()));

    assertEquals(127, refusal.exitStatus());
    assertTrue(refusal.why().startsWith(tool + " is another file inside"), refusal.why());
    assertEquals("Show the host's with --ro-bind " + tool, refusal.remedy());
  }

  @Test
  void aFileThatCannotBeExecutedIsPassedOverAlongPath() throws IOException {
    Files.writeString(hidden.resolve("node"), "no program");

    assertDoesNotThrow(() -> check("node"));
  }

  private void check(String... command) {
    check(List.of(), command);
  }

  private void check(List<Path> shown, String... command) {
    List<Mount> mounts = new ArrayList<>();
    mounts.add(bind(system));
    shown.forEach(directory -> mounts.add(bind(directory)));
    checkIn(mounts, command);
  }

  private void checkIn(List<Mount> mounts, String... command) {
    HostTree host = new HostTree();
    ViewTree view = new ViewTree(host, mounts, List.of(), new HostReader(4242));
    Optional<UnixPath> searchPath = Optional.of(UnixPath.of(path));
    UnixPath directory = UnixPath.of(top.toString());
    List<UnixPath> words = new ArrayList<>();
    for (String word : command) {
      words.add(UnixPath.of(word));
    }
    new WrapCommand(view, UnixPath.of(home.toString()))
        .check(
            words,
            new CommandChain(host, directory, searchPath),
            new CommandChain(view, directory, searchPath));
  }

  private static Mount bind(Path directory) {
    UnixPath path = UnixPath.of(directory.toString());
    return new Mount.Bind(path, path, Mount.Access.READ_ONLY, true, false, List.of(), true);
  }

  private static Path program(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}

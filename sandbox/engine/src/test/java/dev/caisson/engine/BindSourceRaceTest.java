package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.launch.Executable.Streams;
import dev.caisson.launch.HostProbe;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.RunningSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Someone exchanges the source of a bind for a link while a launch looks at it (the class of
 * CVE-2024-42472): what was judged is what is shown, or nothing starts.
 */
class BindSourceRaceTest {
  private static final int MOST = 3000;
  private static final int REFUSED = 125;
  private static final int OTHER = 3;

  @TempDir private Path directory;
  private Path mine;
  private Path link;
  private Path source;
  private volatile boolean ended;

  @BeforeEach
  void places() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path shown = Files.createDirectory(directory.resolve("shown"));
    source = shown.resolve("source");
    mine = shown.resolve("mine");
    link = shown.resolve("link");
    Files.writeString(Files.createDirectory(source).resolve("f"), "mine\n");
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("f"), "other\n");
    Files.createSymbolicLink(link, other);
    policy("policy.json", source);
    policy("ceiling.json", shown);
  }

  private void policy(String name, Path shown) throws IOException {
    Path policy =
        Files.writeString(
            directory.resolve(name),
            "{\"apiVersion\": \"caisson/1\", \"extends\": [\"untrusted\"], \"filesystem\":"
                + " {\"/tmp/x\": {\"bind\": \""
                + shown
                + "\"}}}");
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void whatIsShownIsWhatTheCeilingAllows() throws Exception {
    Set<Integer> seen = race(List.of(UnixPath.of(directory.resolve("ceiling.json").toString())));
    assertEquals(Set.of(0, REFUSED), seen);
  }

  /** Who follows the link without a ceiling gets what it leads to. */
  @Test
  void withoutACeilingTheLinkLeadsElsewhere() throws Exception {
    assertTrue(race(List.of()).contains(OTHER));
  }

  /** Launches until each of the two outcomes came, and for a hundred rounds in any case. */
  private Set<Integer> race(List<UnixPath> ceilings) throws Exception {
    Thread swapper = new Thread(this::swap);
    swapper.start();
    Set<Integer> seen = new TreeSet<>();
    try {
      for (int i = 0; i < MOST && (i < 100 || seen.size() < 2); i++) {
        seen.add(launch(ceilings));
      }
    } finally {
      ended = true;
      swapper.join();
    }
    return seen;
  }

  private void swap() {
    try {
      while (!ended) {
        move(source, mine);
        move(link, source);
        move(source, link);
        move(mine, source);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private int launch(List<UnixPath> ceilings) {
    EngineDirectories directories =
        new EngineDirectories(at("data"), at("configuration"), at("run"));
    List<UnixPath> command =
        List.of("/bin/sh", "-c", "read x < /tmp/x/f || exit 4; [ $x = mine ] || exit 3").stream()
            .map(UnixPath::of)
            .toList();
    Order order =
        new Order(
            new Workload.HostCommand(command, false, new Workload.Home.OfPolicy()),
            at("policy.json"),
            Adjustments.NONE,
            ceilings,
            Optional.empty());
    Engine engine =
        Engine.open(
            directories,
            new Installation(Optional.empty()),
            HostProbe.probe().withCurrentDirectory(UnixPath.of("/usr")));
    try (PreparedLaunch launch = engine.prepare(order, Mode.SPAWNED);
        RunningSandbox sandbox = launch.spawn(Streams.INHERITED)) {
      return sandbox.waitFor();
    } catch (Refusal refused) {
      return REFUSED;
    }
  }

  private UnixPath at(String name) {
    return UnixPath.of(directory.resolve(name).toString());
  }
}

package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first run of an image, killed at some point or beside another one. */
class StoreCrashTest {
  private static final int FILES = 1000;

  @TempDir private Path scratch;
  private Signing signing = new Signing(Caisson.withHome(Path.of("")), Path.of(""));
  private Path layout = Path.of("");
  private Store store = new Store(Path.of(""));

  @BeforeEach
  void imageOfManyFiles() throws IOException {
    Caisson caisson = Caisson.withHome(Files.createDirectory(scratch.resolve("home")));
    signing = new Signing(caisson, scratch);
    store = Store.of(caisson);
    layout = Layouts.busybox(scratch);
    Tar many = new Tar().directory("many");
    for (int i = 0; i < FILES; i++) {
      many.file("many/" + i, "content of " + i);
    }
    Path archive = scratch.resolve("many.tar");
    Files.write(archive, many.finish());
    Command.of("umoci", "raw", "add-layer", "--image", layout + ":latest", archive.toString())
        .run()
        .expect(0);
    signing.keygen("team");
    signing.sign("team", layout + ":latest");
  }

  @Test
  void killedBeforeTheFirstLayer() throws IOException {
    killWhen(() -> !store.temporary().isEmpty());
    assertNextRunWorks();
  }

  @Test
  void killedBetweenTwoLayers() throws IOException {
    killWhen(() -> exists("layer-1"));
    assertNextRunWorks();
  }

  @Test
  void killedWithinALayer() throws IOException {
    killWhen(() -> exists("layer-1/d/many/300"));
    assertNextRunWorks();
  }

  @Test
  void killedWhileTheStoreIsFilled() throws IOException {
    killWhen(() -> !store.layers().isEmpty());
    assertNextRunWorks();
  }

  @Test
  void twoFirstRunsAtOnceBothWork() {
    CompletableFuture<Outcome> one = CompletableFuture.supplyAsync(this::count);
    CompletableFuture<Outcome> two = CompletableFuture.supplyAsync(this::count);
    assertEquals(FILES + "\n", one.join().expect(0).text());
    assertEquals(FILES + "\n", two.join().expect(0).text());
    assertComplete();
  }

  /** Starts a run and kills it as soon as the store looks like that. */
  private void killWhen(BooleanSupplier point) {
    Process process = signing.running("team", layout + ":latest", "/bin/true").start();
    while (process.isAlive() && !point.getAsBoolean()) {
      Thread.onSpinWait();
    }
    boolean reached = point.getAsBoolean();
    process.destroyForcibly();
    process.onExit().join();
    assertTrue(reached, "the run ended before it came so far");
  }

  private void assertNextRunWorks() throws IOException {
    // what is under its own name is whole
    for (String layer : store.layers()) {
      assertTrue(
          Files.readString(store.data().resolve("layers/" + layer + "/about")).endsWith("end\n"));
    }
    assertEquals(FILES + "\n", count().expect(0).text());
    assertComplete();
    Outcome skopeo =
        Command.of("skopeo", "inspect", "--raw", "oci:" + store.data()).run().expect(0);
    assertTrue(skopeo.text().contains("layers"), skopeo::text);
  }

  private void assertComplete() {
    assertEquals(2, store.layers().size());
    assertEquals(List.of(), store.temporary());
    assertEquals(4, store.list("blobs/sha256").size());
  }

  private Outcome count() {
    return signing.run("team", layout + ":latest", "/bin/sh", "-c", "ls /many | wc -l");
  }

  /** True if something that is being made has that name. */
  private boolean exists(String name) {
    try (Stream<Path> making = Files.list(store.data().resolve("tmp"))) {
      return making.anyMatch(directory -> Files.exists(directory.resolve(name)));
    } catch (NoSuchFileException notYet) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

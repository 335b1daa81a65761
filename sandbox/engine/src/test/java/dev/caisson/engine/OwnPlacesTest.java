package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.UnixPath;
import dev.caisson.policy.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnPlacesTest {
  @TempDir Path top;

  @Test
  void theStoreIsNeverWritableInsideUnderWhateverName() throws IOException {
    Path store = Files.createDirectories(top.resolve("share/caisson"));
    Files.createDirectories(store.resolve("layers"));
    Files.createDirectories(top.resolve("other"));
    Files.createSymbolicLink(top.resolve("alias"), store);
    OwnPlaces places =
        new OwnPlaces(
            new EngineDirectories(path(store), path(top.resolve("c")), path(top.resolve("r"))),
            new Installation(Optional.empty()));

    for (String name : List.of("share/caisson", "share", "share/caisson/layers", "alias", "")) {
      assertThrows(
          EngineRefusal.class, () -> places.check(List.of(bind(name, Mount.Access.READ_WRITE))));
      assertDoesNotThrow(() -> places.check(List.of(bind(name, Mount.Access.READ_ONLY))));
    }
    assertDoesNotThrow(() -> places.check(List.of(bind("other", Mount.Access.READ_WRITE))));
  }

  private Mount bind(String name, Mount.Access access) {
    return new Mount.Bind(
        UnixPath.of("/inside"), path(top.resolve(name)), access, false, false, List.of(), true);
  }

  private static UnixPath path(Path path) {
    return UnixPath.of(path.toString());
  }
}

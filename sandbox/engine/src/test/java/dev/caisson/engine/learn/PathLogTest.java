package dev.caisson.engine.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.launch.FileType;
import dev.caisson.launch.HostProbe;
import dev.caisson.launch.SandboxView.Link;
import dev.caisson.launch.SandboxView.Place;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.Mount;
import dev.caisson.policy.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PathLogTest {
  private static final UnixPath WORK = UnixPath.of("/work");
  private static final UnixPath OUT = UnixPath.of("/out");
  private static final JsonObject BASE =
      JsonText.object(
          Map.of(
              "/usr",
              JsonText.object(Map.of("bind", JsonText.text("/usr"))),
              "/work",
              JsonText.object(Map.of("bind", JsonText.text("/home/me/work")))));

  private final PathLog log = new PathLog(new Mounts(policy()));

  private static EffectivePolicy policy() {
    JsonObject document = JsonText.object(Map.of("apiVersion", JsonText.text("caisson/1")));
    return new LearnedFile(document)
        .load(HostProbe.probe())
        .resolve(View.WRAP, HostProbe.probe())
        .withFilesystem(
            List.of(
                bind(UnixPath.of("/usr"), "/usr", Mount.Access.READ_ONLY, true),
                bind(WORK, "/home/me/work", Mount.Access.READ_ONLY, false),
                bind(OUT, "/home/me/out", Mount.Access.READ_WRITE, false)));
  }

  private static Mount bind(UnixPath target, String source, Mount.Access access, boolean system) {
    return new Mount.Bind(
        target, UnixPath.of(source), access, system, false, List.of(UnixPath.of("keep/x")), true);
  }

  private void use(String path, FileType type, Use use) {
    log.add(new Place(UnixPath.of(path), Optional.of(type), List.of()), use);
  }

  private Set<String> places() {
    return LearnedPlaces.of(log, BASE, Optional.of(WORK)).places().entrySet().stream()
        .map(each -> each.getKey() + " " + JsonText.line(each.getValue().value()))
        .collect(java.util.stream.Collectors.toCollection(java.util.TreeSet::new));
  }

  @Test
  void aFileIsShownAndItsDirectoryIsNot() {
    use("/work/sub/a", FileType.REGULAR, Use.READ);
    use("/work/sub", FileType.DIRECTORY, Use.LIST);
    use("/work/other", FileType.DIRECTORY, Use.LOOK);
    assertEquals(
        Set.of(
            "/work {\"tmpfs\":\"64KiB\",\"mode\":\"0555\"}",
            "/work/other {\"tmpfs\":\"64KiB\",\"mode\":\"0555\"}",
            "/work/sub/a {\"bind\":\"/home/me/work/sub/a\"}"),
        places());
  }

  @Test
  void linksAreMadeAgain() {
    log.add(
        new Place(
            UnixPath.of("/work/real"),
            Optional.of(FileType.REGULAR),
            List.of(new Link(UnixPath.of("/work/link"), UnixPath.of("re${al")))),
        Use.READ);
    assertTrue(places().contains("/work/link {\"link\":\"re$${al\"}"), places()::toString);
  }

  @Test
  void aReadOnlyPlaceStaysSoWhateverIsTried() {
    use("/work/a", FileType.REGULAR, Use.WRITE);
    log.add(new Place(UnixPath.of("/work/new"), Optional.empty(), List.of()), Use.CREATE);
    assertTrue(places().contains("/work/a {\"bind\":\"/home/me/work/a\"}"), places()::toString);
    assertEquals(2, log.unwritable().size());
    assertEquals(2, places().size(), places()::toString);
  }

  @Test
  void whereNamesWereMadeTheDirectoryIsWritable() {
    use("/out/keep/x/y", FileType.REGULAR, Use.READ);
    log.add(new Place(UnixPath.of("/out/d/new"), Optional.empty(), List.of()), Use.CREATE);
    use("/out/old", FileType.REGULAR, Use.WRITE);
    assertEquals(
        Set.of(
            "/out/d {\"bind\":\"/home/me/out/d\",\"access\":\"rw\"}",
            "/out/keep/x/y {\"bind\":\"/home/me/out/keep/x/y\"}",
            "/out/old {\"bind\":\"/home/me/out/old\",\"access\":\"rw\"}",
            "/work {\"tmpfs\":\"64KiB\",\"mode\":\"0555\"}"),
        places());
    log.add(new Place(UnixPath.of("/out/new"), Optional.empty(), List.of()), Use.CREATE);
    assertTrue(
        places()
            .contains(
                "/out {\"bind\":\"/home/me/out\",\"access\":\"rw\",\"protect\":[\"keep/x\"]}"),
        places()::toString);
  }

  @Test
  void aCrowdIsItsDirectory() {
    for (int i = 0; i <= LearnedPlaces.CROWD; i++) {
      use("/work/many/" + i, FileType.REGULAR, Use.READ);
    }
    use("/work/few/1", FileType.REGULAR, Use.READ);
    assertTrue(
        places().contains("/work/many {\"bind\":\"/home/me/work/many\"}"), places()::toString);
    assertTrue(
        places().contains("/work/few/1 {\"bind\":\"/home/me/work/few/1\"}"), places()::toString);
  }

  @Test
  void whatIsKeptIsBounded() {
    for (int i = 0; i < 3 * PathLog.MOST_FILES; i++) {
      use("/work/" + i, FileType.REGULAR, Use.READ);
      use("/usr/" + i, FileType.REGULAR, Use.READ);
      log.add(new Place(UnixPath.of("/absent/" + i), Optional.empty(), List.of()), Use.LOOK);
    }
    log.used()
        .values()
        .forEach(
            used -> {
              assertEquals(PathLog.MOST_FILES, used.files().size());
              assertTrue(used.tooManyFiles());
            });
    assertTrue(places().contains("/work {\"bind\":\"/home/me/work\"}"), "the directory as a whole");
  }
}

package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.caisson.UnixPath;
import dev.caisson.engine.FileTree.Node;
import dev.caisson.launch.HostReader;
import dev.caisson.policy.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewTreeTest {
  @TempDir Path host;

  @Test
  void theDeepestAndLastMountShows() throws IOException {
    Files.createDirectories(host.resolve("a/inner"));
    Files.writeString(host.resolve("a/file"), "");
    ViewTree view =
        view(
            bind("/shown", "a", false),
            new Mount.Tmpfs(UnixPath.of("/shown/inner"), 4096, 0755, true),
            new Mount.Symlink(UnixPath.of("/bin"), UnixPath.of("shown")));

    assertEquals(new Node.File(source("a/file"), false), view.at(UnixPath.of("/shown/file")));
    assertInstanceOf(Node.Directory.class, view.at(UnixPath.of("/shown/inner")));
    assertInstanceOf(Node.Absent.class, view.at(UnixPath.of("/shown/inner/x")));
    assertInstanceOf(Node.Absent.class, view.at(UnixPath.of("/other")));
    assertEquals(
        UnixPath.of("/shown/file"),
        NameResolution.follow(view, UnixPath.of("/bin/../bin/./file")).path());
  }

  @Test
  void directoriesOnTheWayToAMountExist() {
    ViewTree view = view(new Mount.Tmpfs(UnixPath.of("/a/b/c"), 4096, 0755, true));

    assertInstanceOf(Node.Directory.class, view.at(UnixPath.of("/a/b")));
    assertInstanceOf(Node.Absent.class, view.at(UnixPath.of("/a/x")));
  }

  @Test
  void aLinkInABindIsFollowedInsideAndNotOnTheHost() throws IOException {
    Files.createDirectories(host.resolve("a"));
    Files.writeString(host.resolve("secret"), "");
    Files.createSymbolicLink(host.resolve("a/link"), host.resolve("secret"));
    ViewTree view = view(bind("/shown", "a", false));

    assertInstanceOf(
        Node.Absent.class, NameResolution.follow(view, UnixPath.of("/shown/link")).node());
  }

  @Test
  void whatOnlyAGroupMayReadIsLeftOut() throws IOException {
    Path file = Files.writeString(host.resolve("group-only"), "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---r-----"));
    ViewTree view =
        view(
            bind("/optional", "group-only", true),
            new Mount.Copy(UnixPath.of("/copy"), source("group-only")));

    assertInstanceOf(Node.Absent.class, view.at(UnixPath.of("/optional")));
    assertInstanceOf(Node.Absent.class, view.at(UnixPath.of("/copy")));
  }

  @Test
  void aRingOfLinksEnds() {
    ViewTree view =
        view(
            new Mount.Symlink(UnixPath.of("/a"), UnixPath.of("/b")),
            new Mount.Symlink(UnixPath.of("/b"), UnixPath.of("/a")));

    assertInstanceOf(Node.Absent.class, NameResolution.follow(view, UnixPath.of("/a")).node());
  }

  private ViewTree view(Mount... mounts) {
    return new ViewTree(new HostTree(), List.of(mounts), List.of(), new HostReader(4242));
  }

  private Mount bind(String target, String source, boolean optional) {
    return new Mount.Bind(
        UnixPath.of(target),
        source(source),
        Mount.Access.READ_ONLY,
        false,
        optional,
        List.of(),
        true);
  }

  private UnixPath source(String name) {
    return UnixPath.of(host.resolve(name).toString());
  }
}

package dev.caisson.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** OCI layouts made with skopeo and umoci, each once for all tests; a test works on a copy. */
final class Layouts {
  private static final Path FIXTURES =
      Path.of(System.getProperty("caisson.fixtures", "target/fixtures")).toAbsolutePath();

  private Layouts() {}

  /** A copy in {@code directory} of the image {@code busybox:latest}: one layer, Cmd /bin/sh. */
  static synchronized Path busybox(Path directory) throws IOException {
    Peer.need("busybox", "umoci");
    Path made = FIXTURES.resolve("busybox");
    if (!Files.exists(made)) {
      Path scratch = emptied(FIXTURES.resolve("busybox.part"));
      Path layout = scratch.resolve("layout");
      tool(scratch, "umoci", "init", "--layout", layout.toString());
      tool(scratch, "umoci", "new", "--image", layout + ":latest");
      insert(layout, busyboxRoot(scratch.resolve("root")));
      tool(scratch, "umoci", "config", "--image", layout + ":latest", "--config.cmd", "/bin/sh");
      Files.move(layout, made);
      delete(scratch);
    }
    return copy(made, directory.resolve("busybox"));
  }

  /** A root file system of nothing but busybox and its names in {@code root}. */
  static Path busyboxRoot(Path root) throws IOException {
    Peer.need("busybox");
    for (String directory : List.of("bin", "dev", "etc", "home", "proc", "root", "sys", "tmp")) {
      Files.createDirectories(root.resolve(directory));
    }
    tool(
        root,
        "sh",
        "-c",
        "cp \"$(command -v busybox)\" bin/busybox && for name in $(bin/busybox --list); do"
            + " [ $name = busybox ] || ln -s busybox bin/$name; done");
    Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
    return root;
  }

  /** Adds a layer to {@code layout:latest} that holds what {@code root} does. */
  static void insert(Path layout, Path root) {
    tool(
        root, "umoci", "insert", "--rootless", "--image", layout + ":latest", root.toString(), "/");
  }

  /** Adds {@code layer} to {@code layout:latest}. */
  static void add(Path layout, Tar layer) throws IOException {
    Path archive = Files.write(layout.resolveSibling("layer.tar"), layer.finish());
    tool(layout, "umoci", "raw", "add-layer", "--image", layout + ":latest", archive.toString());
  }

  /** A copy in {@code directory} of {@code debian:latest}, made by debootstrap, with python3. */
  static synchronized Path debian(Path directory) throws IOException {
    Peer.need("skopeo", "umoci");
    Path made = FIXTURES.resolve("debian");
    if (!Files.exists(made)) {
      Path scratch = emptied(FIXTURES.resolve("debian.part"));
      Path layout = scratch.resolve("layout");
      tool(scratch, "skopeo", "copy", "-q", "tarball:" + debianTar(), "oci:" + layout + ":latest");
      tool(scratch, "umoci", "config", "--image", layout + ":latest", "--config.cmd", "/bin/bash");
      Files.move(layout, made);
      delete(scratch);
    }
    return copy(made, directory.resolve("debian"));
  }

  /** The debootstrap Debian unpacked to {@code root}, owned by whoever runs the test. */
  static Path debianRoot(Path root) throws IOException {
    Files.createDirectories(root);
    tool(root, "tar", "--no-same-owner", "-xf", debianTar().toString());
    return root;
  }

  private static Path debianTar() {
    Optional<Path> tar = Optional.ofNullable(System.getenv("CAISSON_DEBIAN_ROOTFS")).map(Path::of);
    Peer.need(
        tar.filter(Files::isReadable).isPresent(),
        "CAISSON_DEBIAN_ROOTFS names no tar file; make one with tests/e2e/debian-rootfs");
    return tar.orElseThrow();
  }

  private static Path copy(Path layout, Path to) {
    tool(layout, "cp", "-a", layout.toString(), to.toString());
    return to;
  }

  private static Path emptied(Path directory) throws IOException {
    delete(directory);
    return Files.createDirectories(directory);
  }

  private static void delete(Path directory) {
    Command.of("rm", "-rf", directory.toString()).run().expect(0);
  }

  private static void tool(Path directory, String... words) {
    Command.of(words).in(directory).run().expect(0);
  }
}

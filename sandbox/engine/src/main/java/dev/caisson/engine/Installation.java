package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import java.util.Optional;

/**
 * Where Caisson itself lies, and what it brings along.
 *
 * @param home the directory of {@code bin} and {@code lib}; absent where Caisson is embedded as a
 *     library, which brings no images
 */
public record Installation(Optional<UnixPath> home) {
  private static final int LONGEST_FILE = 1 << 16;

  /** The installation that this process was started from, as its start script says. */
  public static Installation ofProcess() {
    String home = System.getProperty("caisson.home", "");
    return new Installation(home.isEmpty() ? Optional.empty() : Optional.of(UnixPath.of(home)));
  }

  /** The layout with the images that come with Caisson, each under its name as a tag. */
  Optional<UnixPath> images() {
    return home.map(at -> at.resolve("lib/hello/images"));
  }

  /** The public key that the image {@code name} was signed with when Caisson was built. */
  byte[] keyOf(String name) {
    return content(name, ".pub");
  }

  /** The digest of the image {@code name}, the only one that its key is trusted for. */
  String digestOf(String name) {
    byte[] text = content(name, ".digest");
    return new String(text, java.nio.charset.StandardCharsets.US_ASCII).strip();
  }

  private byte[] content(String name, String ending) {
    UnixPath at =
        home.orElseThrow(
            () ->
                new EngineRefusal(
                    "find the image " + name,
                    "this process was not started from an installation, which brings it",
                    "Name an image in a layout, as oci:PATH:TAG"));
    return HostFiles.content(at.resolve("lib/hello").resolve(name + ending), LONGEST_FILE);
  }
}

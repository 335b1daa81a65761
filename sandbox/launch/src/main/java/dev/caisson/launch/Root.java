package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.util.List;

/** What a sandbox's root file system is made of. */
public sealed interface Root {
  /**
   * The layers of a verified image. Public for the image module; a test lets only its VerifiedImage
   * call the constructor.
   *
   * @param store the directory that the layers' names are relative to
   * @param layers directory names, the lowest first; empty for an image without layers
   */
  record Layers(UnixPath store, List<UnixPath> layers) implements Root {
    public Layers {
      layers = List.copyOf(layers);
    }
  }

  /** A directory that the caller named. */
  record Directory(UnixPath path) implements Root {}

  /** The host's own system directories, bound one by one: the view of {@code wrap}. */
  record HostView() implements Root {}
}

package dev.caisson.image;

import dev.caisson.UnixPath;

/**
 * An unpacked layer in the store.
 *
 * @param directory its name beneath the store's layers
 */
record StoredLayer(UnixPath directory, LayerRecord record) {
  /** The name of a layer's files within its directory. */
  static final UnixPath FILES = UnixPath.of("d");

  static final UnixPath RECORD = UnixPath.of("about");

  UnixPath files() {
    return directory.resolve(FILES);
  }
}

package dev.caisson.image;

import dev.caisson.UnixPath;
import dev.caisson.image.layer.Ownership;
import dev.caisson.launch.Directory;
import dev.caisson.launch.Errno;
import dev.caisson.launch.FileLock;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.OpenFile;
import java.util.Optional;

/**
 * The store's directories: an image layout with two more. {@code layers} holds unpacked layers,
 * {@code tmp} what is being made. Whoever has the store open holds its lock shared.
 */
final class StoreDirectories implements AutoCloseable {
  private static final UnixPath LAYERS = UnixPath.of("layers");
  private static final UnixPath TEMPORARY = UnixPath.of("tmp");
  private static final UnixPath LOCK = UnixPath.of("lock");
  // a launch by root resolves layers with the ids of its range, below a directory that is root's
  private static final int SEARCHABLE = 0711;
  private static final int LARGEST_RECORD = 64 << 20;

  private final UnixPath path;
  private final Directory layers;
  private final Directory temporary;
  private final FileLock lock;

  private StoreDirectories(UnixPath path, Directory layers, Directory temporary, FileLock lock) {
    this.path = path;
    this.layers = layers;
    this.temporary = temporary;
    this.lock = lock;
  }

  static StoreDirectories open(UnixPath path) throws FileProblem {
    Directory.makeAll(path, 0700);
    try (Directory data = Directory.open(path)) {
      FileLock lock = data.lockFile(LOCK);
      try {
        if (data.status(Layout.MARKER).isEmpty()) {
          make(data, TEMPORARY, 0700);
          make(data, LAYERS, SEARCHABLE);
          LayoutWriter.initialize(data);
        }
        StoreDirectories store =
            new StoreDirectories(path, data.directory(LAYERS), data.directory(TEMPORARY), lock);
        store.sweep();
        return store;
      } catch (FileProblem problem) {
        lock.close();
        throw problem;
      }
    }
  }

  private static void make(Directory data, UnixPath name, int permissions) throws FileProblem {
    LayoutWriter.makeDirectory(data, name);
    data.setPermissions(name, permissions);
  }

  /** Removes what a killed process left, if nobody else is at work; then takes the lock shared. */
  private void sweep() throws FileProblem {
    if (lock.tryExclusive()) {
      for (UnixPath left : temporary.list()) {
        temporary.removeTree(left);
      }
    }
    lock.shared();
  }

  UnixPath path() {
    return path;
  }

  UnixPath layersPath() {
    return path.resolve(LAYERS);
  }

  Directory layers() {
    return layers;
  }

  Directory temporary() {
    return temporary;
  }

  /** The unpacked form of a layer, if the store has it. */
  Optional<StoredLayer> find(ImageLayer layer, Ownership ownership) throws FileProblem {
    Optional<StoredLayer> independent = find(LayerKey.independent(layer, ownership));
    return independent.isPresent() ? independent : find(LayerKey.dependent(layer, ownership));
  }

  private Optional<StoredLayer> find(LayerKey key) throws FileProblem {
    UnixPath name = key.directory();
    byte[] bytes;
    try (OpenFile file = layers.read(name.resolve(StoredLayer.RECORD))) {
      bytes = file.readAll(LARGEST_RECORD);
    } catch (FileProblem problem) {
      if (problem.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw problem;
    }
    Optional<LayerRecord> record = LayerRecord.read(bytes);
    if (record.isEmpty() || !record.get().key().equals(key.text())) {
      throw new ImageRefusal(
          "use the unpacked layer " + layersPath().resolve(name),
          "its record is damaged or of another layer",
          "Remove that directory; the layer is unpacked again");
    }
    return Optional.of(new StoredLayer(name, record.get()));
  }

  @Override
  public void close() {
    layers.close();
    temporary.close();
    lock.close();
  }
}

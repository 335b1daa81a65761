package dev.caisson.image;

import dev.caisson.UnixPath;
import dev.caisson.image.layer.LayerContent;
import dev.caisson.image.layer.LayerUnpacker;
import dev.caisson.image.layer.LowerLayer;
import dev.caisson.image.layer.Ownership;
import dev.caisson.image.tar.ArchiveLimits;
import dev.caisson.image.tar.BoundedInput;
import dev.caisson.image.tar.GzipInput;
import dev.caisson.image.tar.TarReader;
import dev.caisson.launch.Directory;
import dev.caisson.launch.Errno;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.OpenFile;
import dev.caisson.signing.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is being added to the store: blobs and unpacked layers in a directory of their own. Nothing
 * of it is in the store before {@link #commit}, and nothing half-made ever is.
 */
final class Staging implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final StoreDirectories store;
  private final UnixPath name = LayoutWriter.temporaryName();
  private final Directory directory;
  private final Set<Digest> blobs = new LinkedHashSet<>();
  private final Map<LayerKey, StoredLayer> layers = new LinkedHashMap<>();

  private Staging(StoreDirectories store) throws FileProblem {
    this.store = store;
    store.temporary().makeDirectory(name, 0700);
    this.directory = store.temporary().directory(name);
  }

  static Staging begin(StoreDirectories store) throws FileProblem {
    return new Staging(store);
  }

  /** True if the blob is staged: an image may have one layer twice. */
  boolean hasBlob(Digest digest) {
    return blobs.contains(digest);
  }

  /** Opens a blob that is staged. */
  OpenFile open(Descriptor descriptor) throws FileProblem {
    return directory.read(UnixPath.of(descriptor.digest().hex()));
  }

  /** The layer, if it was unpacked here before. */
  Optional<StoredLayer> find(ImageLayer layer, Ownership ownership) {
    return Optional.ofNullable(layers.get(LayerKey.independent(layer, ownership)))
        .or(() -> Optional.ofNullable(layers.get(LayerKey.dependent(layer, ownership))));
  }

  /** Copies a blob in, hashing what arrives; the open file is the one that was hashed. */
  OpenFile copy(OpenFile from, Descriptor descriptor) throws IOException {
    OpenFile to = directory.create(UnixPath.of(descriptor.digest().hex()), 0600);
    try {
      MessageDigest hash = Digest.newHash();
      byte[] buffer = new byte[BUFFER];
      long at = 0;
      int read = from.read(at, buffer, 0, buffer.length);
      // one that grows while it is copied has another digest all the same
      while (read > 0 && at <= descriptor.size()) {
        hash.update(buffer, 0, read);
        to.write(buffer, 0, read);
        at += read;
        read = from.read(at, buffer, 0, buffer.length);
      }
      requireDigest(from, descriptor, Digest.of(hash));
      to.setPermissions(0400);
      blobs.add(descriptor.digest());
      return to;
    } catch (IOException | RuntimeException e) {
      to.close();
      throw e;
    }
  }

  /** Hashes a blob that the store has already, through the file that is read again afterwards. */
  static void verify(OpenFile blob, Descriptor descriptor) throws IOException {
    MessageDigest hash = Digest.newHash();
    byte[] buffer = new byte[BUFFER];
    InputStream in = new BlobInput(blob);
    int read = in.read(buffer);
    while (read > 0) {
      hash.update(buffer, 0, read);
      read = in.read(buffer);
    }
    requireDigest(blob, descriptor, Digest.of(hash));
  }

  private static void requireDigest(OpenFile file, Descriptor descriptor, Digest found) {
    if (!found.equals(descriptor.digest())) {
      throw new ImageRefusal(
          "use " + file.path(),
          "its content does not have the digest " + descriptor.digest() + ", so it was changed",
          "Copy the image again from where it came from");
    }
  }

  /** Stages a document. */
  void put(Descriptor descriptor, byte[] content) throws FileProblem {
    try (OpenFile file = directory.create(UnixPath.of(descriptor.digest().hex()), 0600)) {
      file.write(content);
      file.setPermissions(0400);
    }
    blobs.add(descriptor.digest());
  }

  /**
   * Unpacks a layer from a blob whose digest was checked through this very file.
   *
   * @param lower the unpacked layers beneath, the highest first
   */
  StoredLayer unpack(ImageLayer layer, OpenFile blob, List<LowerLayer> lower, Ownership ownership)
      throws IOException {
    UnixPath working = UnixPath.of("layer-" + layers.size());
    directory.makeDirectory(working, 0700);
    try (Directory made = directory.directory(working)) {
      made.makeDirectory(StoredLayer.FILES, 0700);
      LayerContent content;
      try (Directory files = made.directory(StoredLayer.FILES)) {
        content = extract(layer, blob, files, lower, ownership);
      }
      LayerKey key =
          content.dependsOnLower()
              ? LayerKey.dependent(layer, ownership)
              : LayerKey.independent(layer, ownership);
      LayerRecord record = new LayerRecord(key.text(), content);
      try (OpenFile file = made.create(StoredLayer.RECORD, 0600)) {
        file.write(record.bytes());
      }
      made.setPermissions(0711);
      directory.move(working, directory, key.directory());
      StoredLayer stored = new StoredLayer(key.directory(), record);
      layers.put(key, stored);
      return stored;
    }
  }

  private static LayerContent extract(
      ImageLayer layer, OpenFile blob, Directory files, List<LowerLayer> lower, Ownership ownership)
      throws IOException {
    ArchiveLimits limits = ArchiveLimits.DEFAULT;
    MessageDigest hash = Digest.newHash();
    BlobInput compressed = new BlobInput(blob);
    boolean gzip = layer.blob().is(MediaType.Role.TAR_GZIP);
    LayerContent content;
    try (InputStream inflated = gzip ? new GzipInput(compressed) : compressed) {
      InputStream bounded = new BoundedInput(inflated, hash, limits, compressed::position);
      TarReader archive = new TarReader(bounded, limits);
      content = LayerUnpacker.unpack(archive, files, lower, ownership, limits);
    }
    Digest found = Digest.of(hash);
    if (!found.equals(layer.diffId())) {
      throw new ImageRefusal(
          "unpack the layer " + layer.blob().digest(),
          "its archive has the digest " + found + "; the config says " + layer.diffId(),
          "Build the image again");
    }
    return content;
  }

  /** The files of a layer that was unpacked here. */
  Directory files(StoredLayer layer) throws FileProblem {
    return directory.directory(layer.files());
  }

  /**
   * Puts everything into the store: first all content is on the disk, then the names appear, the
   * image's manifest last.
   */
  void commit() throws FileProblem {
    directory.syncFileSystem();
    for (StoredLayer layer : layers.values()) {
      move(layer.directory(), store.layers());
    }
    store.layers().sync();
    try (Directory data = Directory.open(store.path());
        Directory target = data.directory(UnixPath.of("blobs/sha256"))) {
      for (Digest blob : blobs) {
        move(UnixPath.of(blob.hex()), target);
      }
      target.sync();
    }
  }

  /** Another process may have been faster: then its work, which is the same, stays. */
  private void move(UnixPath name, Directory to) throws FileProblem {
    try {
      directory.move(name, to, name);
    } catch (FileProblem problem) {
      if (!problem.is(Errno.EEXIST)) {
        throw problem;
      }
    }
  }

  /** Removes what was not committed. */
  @Override
  public void close() {
    directory.close();
    try {
      store.temporary().removeTree(name);
    } catch (FileProblem problem) {
      // what is left is swept when the store is opened next
      throw ImageRefusal.of("remove the temporary directory " + name, problem);
    }
  }
}

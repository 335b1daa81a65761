package dev.caisson.image;

import dev.caisson.image.layer.LowerLayer;
import dev.caisson.image.layer.Ownership;
import dev.caisson.launch.Directory;
import dev.caisson.launch.OpenFile;
import java.io.IOException;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Adds an image's layers to the store one on top of the other. */
final class LayerAdder {
  private final StoreDirectories store;
  private final Staging staging;
  private final Layout source;
  private final Layout content;
  private final Ownership ownership;

  /**
   * @param source the layout that the image was found in
   * @param content the store's own
   */
  LayerAdder(
      StoreDirectories store, Staging staging, Layout source, Layout content, Ownership ownership) {
    this.store = store;
    this.staging = staging;
    this.source = source;
    this.content = content;
    this.ownership = ownership;
  }

  /**
   * @param known the layer's unpacked form, where the store has it
   * @param lower the layers beneath, the highest first; the new one is put before them
   */
  StoredLayer add(ImageLayer layer, Optional<StoredLayer> known, Deque<LowerLayer> lower)
      throws IOException {
    if (known.isPresent()) {
      keepBlob(layer.blob());
      lower.push(lower(store.layers().directory(known.get().files()), known.get()));
      return known.get();
    }
    Optional<StoredLayer> twin = staging.find(layer, ownership);
    StoredLayer stored = twin.isPresent() ? twin.get() : unpack(layer, List.copyOf(lower));
    lower.push(lower(staging.files(stored), stored));
    return stored;
  }

  private StoredLayer unpack(ImageLayer layer, List<LowerLayer> lower) throws IOException {
    try (OpenFile blob = verified(layer.blob())) {
      return staging.unpack(layer, blob, lower, ownership);
    }
  }

  private void keepBlob(Descriptor blob) throws IOException {
    if (!content.hasBlob(blob.digest()) && !staging.hasBlob(blob.digest())) {
      try (OpenFile from = source.openBlob(blob)) {
        staging.copy(from, blob).close();
      }
    }
  }

  /** The blob, its digest checked through the very file that is returned. */
  private OpenFile verified(Descriptor blob) throws IOException {
    if (!content.hasBlob(blob.digest()) && !staging.hasBlob(blob.digest())) {
      try (OpenFile from = source.openBlob(blob)) {
        return staging.copy(from, blob);
      }
    }
    OpenFile file = staging.hasBlob(blob.digest()) ? staging.open(blob) : content.openBlob(blob);
    try {
      Staging.verify(file, blob);
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static LowerLayer lower(Directory files, StoredLayer stored) {
    return new LowerLayer(files, stored.record().content().opaque());
  }
}

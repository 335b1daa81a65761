package dev.caisson.image;

import dev.caisson.UnixPath;
import dev.caisson.image.layer.LowerLayer;
import dev.caisson.image.layer.Ownership;
import dev.caisson.image.layer.UnpackNote;
import dev.caisson.image.tar.ArchiveProblem;
import dev.caisson.launch.FileProblem;
import dev.caisson.policy.Architecture;
import dev.caisson.signing.ImageReference;
import dev.caisson.signing.TrustPolicy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The store of images and unpacked layers, shared by all of a user's processes. Layers are unpacked
 * once, whichever images have them, and never written again.
 */
public final class ImageStore implements AutoCloseable {
  private final StoreDirectories store;
  private final Optional<UnixPath> embedded;

  private ImageStore(StoreDirectories store, Optional<UnixPath> embedded) {
    this.store = store;
    this.embedded = embedded;
  }

  /** Opens the store in {@code data}, making it where it does not exist. */
  public static ImageStore open(UnixPath data) {
    return open(data, Optional.empty());
  }

  /**
   * Opens the store in {@code data}.
   *
   * @param embedded the layout with the distribution's own images, each under its name as a tag
   */
  public static ImageStore open(UnixPath data, Optional<UnixPath> embedded) {
    try {
      return new ImageStore(StoreDirectories.open(data), embedded);
    } catch (FileProblem problem) {
      throw ImageRefusal.of("open the image store " + data, problem);
    }
  }

  /**
   * Finds an image and has it judged; of a rejected one nothing is stored.
   *
   * @throws ImageRefusal if there is no such image, or it is malformed
   * @throws dev.caisson.signing.TrustRefusal if the policy rejects it
   */
  public VerifiedImage resolve(ImageReference reference, TrustPolicy policy, Architecture host) {
    UnixPath path;
    Optional<String> tag;
    if (reference instanceof ImageReference.Layout layout) {
      path = layout.path();
      tag = layout.tag();
    } else {
      ImageReference.Embedded image = (ImageReference.Embedded) reference;
      path =
          embedded.orElseThrow(
              () ->
                  new ImageRefusal(
                      "find the image " + image,
                      "this installation carries no images",
                      "Name an image in a layout, as oci:PATH:TAG"));
      tag = Optional.of(image.name());
    }
    try (Layout layout = Layout.open(path)) {
      return new ImageResolver(layout, reference, policy, host).resolve(tag);
    }
  }

  /**
   * Makes an image's layers ready to be mounted; quick where the store has them.
   *
   * @throws ImageRefusal if a layer is malformed, hostile or not what the manifest says
   */
  public UnpackedImage unpack(VerifiedImage image, Ownership ownership) {
    try (Layout content = Layout.open(store.path())) {
      List<Optional<StoredLayer>> layers = new ArrayList<>();
      for (ImageLayer layer : image.layers()) {
        layers.add(store.find(layer, ownership));
      }
      boolean complete =
          layers.stream().allMatch(Optional::isPresent)
              && content.hasBlob(image.manifest())
              && isListed(image, content);
      return unpacked(
          image,
          layers,
          complete
              ? layers.stream().map(Optional::get).toList()
              : add(image, ownership, layers, content));
    } catch (ArchiveProblem problem) {
      throw new ImageRefusal(
          "unpack " + image.accepted().reference(),
          String.valueOf(problem.getMessage()),
          "Do not use this image, or have it built again");
    } catch (IOException problem) {
      throw ImageRefusal.of("unpack " + image.accepted().reference(), problem);
    }
  }

  private UnpackedImage unpacked(
      VerifiedImage image, List<Optional<StoredLayer>> known, List<StoredLayer> layers) {
    List<UnixPath> names = new ArrayList<>();
    List<UnpackNote> notes = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      StoredLayer layer = layers.get(i);
      if (layer.record().hidesAllBeneath()) {
        // overlayfs does not look for the mark on a layer's root
        names.clear();
      }
      // overlayfs takes no directory twice, and the upper one hides all that the lower one has
      names.remove(layer.files());
      names.add(layer.files());
      if (known.get(i).isEmpty()) {
        notes.addAll(layer.record().content().notes());
      }
    }
    return new UnpackedImage(image.root(store.layersPath(), names), image.config(), notes);
  }

  private List<StoredLayer> add(
      VerifiedImage image, Ownership ownership, List<Optional<StoredLayer>> known, Layout content)
      throws IOException {
    Deque<LowerLayer> lower = new ArrayDeque<>();
    List<StoredLayer> layers = new ArrayList<>();
    try (Layout source = Layout.open(image.layout());
        Staging staging = Staging.begin(store)) {
      LayerAdder adder = new LayerAdder(store, staging, source, content, ownership);
      for (int i = 0; i < known.size(); i++) {
        layers.add(adder.add(image.layers().get(i), known.get(i), lower));
      }
      putDocuments(image, source, content, staging);
      staging.commit();
    } finally {
      lower.forEach(layer -> layer.root().close());
    }
    list(image, content);
    return layers;
  }

  private static void putDocuments(
      VerifiedImage image, Layout source, Layout content, Staging staging) throws FileProblem {
    if (!content.hasBlob(image.configBlob().digest())) {
      staging.put(image.configBlob(), source.blob(image.configBlob()));
    }
    if (!content.hasBlob(image.manifest())) {
      staging.put(image.document().descriptor(), image.document().bytes());
    }
  }

  /** False after a crash between the last blob and the index. */
  private static boolean isListed(VerifiedImage image, Layout content) {
    for (Descriptor entry : content.index().manifests()) {
      if (entry.digest().equals(image.manifest())) {
        return true;
      }
    }
    return false;
  }

  /** Lists the image in index.json without a name, so that other tools' collection spares it. */
  private static void list(VerifiedImage image, Layout content) throws FileProblem {
    try (LayoutWriter writer = LayoutWriter.open(content)) {
      writer.putEntry(
          image.document().descriptor().annotated(Map.of()),
          entry -> entry.digest().equals(image.manifest()) && entry.annotations().isEmpty());
    }
  }

  @Override
  public void close() {
    store.close();
  }
}

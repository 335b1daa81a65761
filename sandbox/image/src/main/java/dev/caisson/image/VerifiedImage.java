package dev.caisson.image;

import dev.caisson.Printable;
import dev.caisson.UnixPath;
import dev.caisson.launch.OpenFile;
import dev.caisson.launch.Root;
import dev.caisson.policy.Architecture;
import dev.caisson.signing.Accepted;
import dev.caisson.signing.Digest;
import java.io.IOException;
import java.util.List;

/**
 * An image that a trust policy accepted: the one thing that can be unpacked. It is only made by
 * following descriptors from the bytes of an {@link Accepted} document.
 */
public final class VerifiedImage {
  /** Beyond this, overlayfs's options do not fit on their page of memory. */
  private static final int MOST_LAYERS = 127;

  /** Which document carried the signature. */
  public enum Carrier {
    /** The index of all platforms, as cosign signs by default. */
    INDEX("index of all platforms"),
    /** The manifest of this platform. */
    MANIFEST("manifest of this platform");

    private final String description;

    Carrier(String description) {
      this.description = description;
    }

    /** A noun phrase for people. */
    public String description() {
      return description;
    }
  }

  private final Accepted accepted;
  private final Carrier carrier;
  private final UnixPath layout;
  private final UnverifiedManifest manifest;
  private final Descriptor configBlob;
  private final ImageConfig config;
  private final List<ImageLayer> layers;

  private VerifiedImage(
      Accepted accepted,
      Carrier carrier,
      UnixPath layout,
      UnverifiedManifest manifest,
      Descriptor configBlob,
      ImageConfig config,
      List<ImageLayer> layers) {
    this.accepted = accepted;
    this.carrier = carrier;
    this.layout = layout;
    this.manifest = manifest;
    this.configBlob = configBlob;
    this.config = config;
    this.layers = layers;
  }

  /** Follows the accepted {@code document}, whose digest must be the one that was accepted. */
  static VerifiedImage follow(
      Accepted accepted, UnverifiedManifest document, Layout layout, Architecture host) {
    if (!accepted.manifest().equals(Digest.of(document.bytes()))) {
      throw new IllegalStateException("the trust policy accepted another document");
    }
    UnverifiedManifest platform =
        document.isIndex() ? PlatformManifest.find(document, layout, host) : document;
    ImageManifest manifest =
        ImageManifest.read(platform.place(), platform.bytes(), platform.descriptor().mediaType());
    if (!manifest.config().is(MediaType.Role.CONFIG)) {
      throw manifest
          .document()
          .refusal(
              "its config is of the type "
                  + Printable.of(manifest.config().mediaType())
                  + ", so it is no image that runs");
    }
    ImageConfig config =
        ImageConfig.read(
            layout.place(Layout.blobPath(manifest.config().digest())),
            layout.blob(manifest.config()),
            host);
    requireLayers(manifest, config);
    return new VerifiedImage(
        accepted,
        document.isIndex() ? Carrier.INDEX : Carrier.MANIFEST,
        layout.path(),
        platform,
        manifest.config(),
        config,
        ImageLayer.of(manifest.layers(), config.diffIds()));
  }

  private static void requireLayers(ImageManifest manifest, ImageConfig config) {
    int layers = manifest.layers().size();
    if (layers != config.diffIds().size()) {
      throw manifest
          .document()
          .refusal(
              "the manifest has "
                  + layers
                  + " layers and the config "
                  + config.diffIds().size()
                  + " diff_ids");
    }
    if (layers > MOST_LAYERS) {
      throw manifest
          .document()
          .refusal(
              "the image has " + layers + " layers; at most " + MOST_LAYERS + " can be mounted");
    }
    for (Descriptor layer : manifest.layers()) {
      if (!layer.is(MediaType.Role.TAR) && !layer.is(MediaType.Role.TAR_GZIP)) {
        throw manifest
            .document()
            .refusal(
                "a layer is of the type "
                    + Printable.of(layer.mediaType())
                    + "; tar archives, plain or with gzip, are read");
      }
    }
  }

  /**
   * Reads every layer's archive where it lies and compares its digest; nothing is inflated.
   *
   * @throws ImageRefusal if one is missing or is not what the manifest says
   */
  public void checkLayers() {
    try (Layout source = Layout.open(layout)) {
      for (ImageLayer layer : layers) {
        try (OpenFile blob = source.openBlob(layer.blob())) {
          Staging.verify(blob, layer.blob());
        }
      }
    } catch (IOException problem) {
      throw ImageRefusal.of("read the layers of " + accepted.reference(), problem);
    }
  }

  /** The decision that accepted it. */
  public Accepted accepted() {
    return accepted;
  }

  /** Which document carried the signature. */
  public Carrier carrier() {
    return carrier;
  }

  /** The digest of the manifest for this platform. */
  public Digest manifest() {
    return manifest.descriptor().digest();
  }

  public ImageConfig config() {
    return config;
  }

  /** The layout that the blobs come from. */
  UnixPath layout() {
    return layout;
  }

  UnverifiedManifest document() {
    return manifest;
  }

  Descriptor configBlob() {
    return configBlob;
  }

  List<ImageLayer> layers() {
    return layers;
  }

  /** The root file system that the unpacked layers make, the lowest first. */
  Root.Layers root(UnixPath store, List<UnixPath> unpacked) {
    return new Root.Layers(store, unpacked);
  }
}

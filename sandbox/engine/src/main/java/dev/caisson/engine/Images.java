package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.image.ImageStore;
import dev.caisson.image.Layout;
import dev.caisson.image.SignatureWriter;
import dev.caisson.image.UnpackedImage;
import dev.caisson.image.VerifiedImage;
import dev.caisson.image.layer.Ownership;
import dev.caisson.launch.HostFiles;
import dev.caisson.launch.IdMap;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.ImageTrust;
import dev.caisson.signing.Digest;
import dev.caisson.signing.ImageReference;
import dev.caisson.signing.Signer;
import dev.caisson.signing.StoredSignature;
import dev.caisson.signing.TrustDocument;
import dev.caisson.signing.TrustPolicy;
import dev.caisson.signing.VerificationKey;
import java.util.List;
import java.util.Optional;

/** Finds images, has them judged, and unpacks those that were accepted. */
public final class Images {
  private static final int LONGEST_KEY = 1 << 20;

  private final EngineDirectories directories;
  private final Installation installation;
  private final HostFacts host;

  Images(EngineDirectories directories, Installation installation, HostFacts host) {
    this.directories = directories;
    this.installation = installation;
    this.host = host;
  }

  /**
   * Verifies an image and all of its content without storing anything of it.
   *
   * @throws dev.caisson.signing.TrustRefusal if {@code trust} rejects it
   * @throws dev.caisson.image.ImageRefusal if it is malformed or a part is missing or changed
   */
  public VerifiedImage verify(ImageReference reference, TrustPolicy trust) {
    try (ImageStore store = store()) {
      VerifiedImage image = store.resolve(reference, trust, host.architecture());
      image.checkLayers();
      return image;
    }
  }

  /** The digest that a signature of {@code image} is for: of its index or of its manifest. */
  public Digest digest(ImageReference.Layout image) {
    try (Layout layout = Layout.open(image.path())) {
      return layout.find(image.tag(), host.architecture()).wellFormed().descriptor().digest();
    }
  }

  /**
   * Stores a signature in the layout of {@code image}.
   *
   * @param document what {@link #digest} said
   * @param repository the one that the signature names
   * @return false if the layout has the same signature by the same key already
   */
  public boolean sign(
      ImageReference.Layout image, Digest document, Signer signer, String repository) {
    try (Layout layout = Layout.open(image.path())) {
      for (StoredSignature old : layout.signatures().signaturesOf(document)) {
        if (signer.made(old, document, repository)) {
          return false;
        }
      }
      SignatureWriter.add(layout, document, signer.sign(document, repository));
      return true;
    }
  }

  /** Verifies an image and makes its layers ready to be mounted. */
  UnpackedImage unpack(ImageReference reference, TrustPolicy trust, IdMap ids) {
    try (ImageStore store = store()) {
      VerifiedImage image = store.resolve(reference, trust, host.architecture());
      return store.unpack(image, ownership(ids));
    }
  }

  private ImageStore store() {
    return ImageStore.open(directories.data(), installation.images());
  }

  private static Ownership ownership(IdMap ids) {
    return ids instanceof IdMap.Range range
        ? Ownership.range(range.first(), range.count())
        : Ownership.CALLER;
  }

  /**
   * Whom an image must be signed by: the holder of the key that was named, else for an image that
   * Caisson brings along its own key, else whom the policy trusts, else nobody.
   */
  public TrustPolicy trust(
      ImageReference reference, Optional<UnixPath> key, Optional<ImageTrust> policy) {
    if (key.isPresent()) {
      return TrustPolicy.signedBy(List.of(key(key.get())));
    }
    if (reference instanceof ImageReference.Embedded embedded) {
      return ownTrust(embedded.name());
    }
    return trust(policy);
  }

  /**
   * Whom a policy trusts; nobody where it does not say.
   *
   * @throws dev.caisson.signing.TrustRefusal if its trust document is wrong
   * @throws dev.caisson.launch.HostRefusal if a key cannot be read
   */
  public static TrustPolicy trust(Optional<ImageTrust> policy) {
    return policy
        .map(images -> TrustDocument.read(images.source(), images.document(), Images::keyFile))
        .orElseGet(TrustPolicy::rejectAll);
  }

  private TrustPolicy ownTrust(String name) {
    VerificationKey key = VerificationKey.read(name + ".pub", installation.keyOf(name));
    String text = installation.digestOf(name);
    Digest only =
        Digest.parse(text)
            .orElseThrow(
                () ->
                    new EngineRefusal(
                        "trust the image " + name,
                        "its installed digest is damaged",
                        "Install Caisson again"));
    return TrustPolicy.signedBy(List.of(key)).onlyFor(only);
  }

  private VerificationKey key(UnixPath path) {
    return VerificationKey.read(path.toString(), HostFiles.content(path, LONGEST_KEY));
  }

  private static byte[] keyFile(String path) {
    return HostFiles.content(UnixPath.of(path), LONGEST_KEY);
  }
}

package dev.caisson.image;

import dev.caisson.signing.Digest;
import dev.caisson.signing.SignatureSource;
import dev.caisson.signing.SimpleSigning;
import dev.caisson.signing.StoredSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The signatures in a layout, in cosign's form (cosign specs/SIGNATURE_SPEC.md): one manifest with
 * the tag {@code sha256-<hex>.sig}, a layer for each signature.
 */
final class LayoutSignatures implements SignatureSource {
  private static final String KIND = "kind";
  private static final String SAVED_SIGNATURES = "dev.cosignproject.cosign/sigs";
  private static final int MOST = 128;

  private final Layout layout;

  LayoutSignatures(Layout layout) {
    this.layout = layout;
  }

  /** True for an entry that says something about an image and is none. */
  static boolean isAttachment(Descriptor entry) {
    String name = entry.annotations().getOrDefault(Layout.REF_NAME, "");
    String last = name.substring(name.lastIndexOf(':') + 1);
    int dot = last.lastIndexOf('.');
    boolean tagged =
        last.startsWith("sha256-")
            && dot == "sha256-".length() + 64
            && List.of(".sig", ".att", ".sbom").contains(last.substring(dot));
    return tagged || SAVED_SIGNATURES.equals(entry.annotations().get(KIND));
  }

  @Override
  public List<StoredSignature> signaturesOf(Digest manifest) {
    List<StoredSignature> found = new ArrayList<>();
    for (Descriptor entry : layout.index().manifests()) {
      if (holdsSignaturesOf(entry, manifest)) {
        addAll(entry, found);
      }
    }
    return List.copyOf(found);
  }

  /** The tag alone, or after a repository's name; or as cosign save writes it, without a tag. */
  static boolean holdsSignaturesOf(Descriptor entry, Digest manifest) {
    String name = entry.annotations().getOrDefault(Layout.REF_NAME, "");
    String tag = SimpleSigning.tagFor(manifest);
    return entry.is(MediaType.Role.MANIFEST)
        && (name.equals(tag)
            || name.endsWith(":" + tag)
            || SAVED_SIGNATURES.equals(entry.annotations().get(KIND)));
  }

  private void addAll(Descriptor entry, List<StoredSignature> found) {
    UnverifiedManifest document = layout.document(entry);
    ImageManifest manifest =
        ImageManifest.read(document.place(), document.bytes(), entry.mediaType());
    if (manifest.layers().size() + found.size() > MOST) {
      throw new ImageRefusal(
          "read the signatures in " + document.place(),
          "there are more than " + MOST,
          "Remove those that are not needed");
    }
    for (Descriptor layer : manifest.layers()) {
      Optional<String> signature =
          Optional.ofNullable(layer.annotations().get(SimpleSigning.SIGNATURE_ANNOTATION));
      if (layer.is(MediaType.Role.SIGNATURE) && signature.isPresent()) {
        found.add(
            new StoredSignature(
                layout.blob(layer),
                signature.get(),
                layout.place(Layout.blobPath(layer.digest()))));
      }
    }
  }
}

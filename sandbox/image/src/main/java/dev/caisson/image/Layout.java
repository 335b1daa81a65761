package dev.caisson.image;

import dev.caisson.Printable;
import dev.caisson.UnixPath;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.FileStatus;
import dev.caisson.launch.FileType;
import dev.caisson.launch.OpenFile;
import dev.caisson.policy.Architecture;
import dev.caisson.signing.Digest;
import dev.caisson.signing.SignatureSource;
import java.io.IOException;
import java.util.Optional;

/** An OCI image layout (OCI image-spec, image-layout.md), of which nothing is trusted. */
public final class Layout implements AutoCloseable {
  /** The annotation of an index.json entry that holds its tag. */
  static final String REF_NAME = "org.opencontainers.image.ref.name";

  /** The length of the largest document that is read, as container tools limit it. */
  static final int LARGEST_DOCUMENT = 4 << 20;

  static final UnixPath INDEX = UnixPath.of("index.json");
  static final UnixPath MARKER = UnixPath.of("oci-layout");
  private static final UnixPath BLOBS = UnixPath.of("blobs/sha256");

  private final Directory directory;
  private final UnixPath path;

  private Layout(Directory directory, UnixPath path) {
    this.directory = directory;
    this.path = path;
  }

  /** Opens the layout at {@code path} and checks its version. */
  public static Layout open(UnixPath path) {
    Directory directory;
    try {
      directory = Directory.open(path);
    } catch (FileProblem problem) {
      throw new ImageRefusal(
          "open the image layout " + path,
          String.valueOf(problem.getMessage()),
          "Name a directory with an oci-layout file, as skopeo copy or umoci make it");
    }
    Layout layout = new Layout(directory, path);
    try {
      layout.checkVersion();
      return layout;
    } catch (RuntimeException e) {
      layout.close();
      throw e;
    }
  }

  private void checkVersion() {
    String version =
        Document.read(place(MARKER), file(MARKER, LARGEST_DOCUMENT))
            .requiredText("imageLayoutVersion");
    if (!version.equals("1.0.0")) {
      throw new ImageRefusal(
          "read " + place(MARKER),
          "the layout has the version " + Printable.of(version) + "; 1.0.0 is the one known",
          "Copy the image into a layout of that version");
    }
  }

  /** How the layout was named. */
  public UnixPath path() {
    return path;
  }

  /** The document that {@code tag} names, or the only image of the layout; nothing is trusted. */
  public UnverifiedManifest find(Optional<String> tag, Architecture host) {
    return document(new TagLookup(index(), place(INDEX)).find(tag, host));
  }

  /** The signatures that this layout holds in cosign's form. */
  public SignatureSource signatures() {
    return new LayoutSignatures(this);
  }

  ImageIndex index() {
    return ImageIndex.read(place(INDEX), indexBytes(), Optional.empty());
  }

  byte[] indexBytes() {
    return file(INDEX, LARGEST_DOCUMENT);
  }

  UnverifiedManifest document(Descriptor descriptor) {
    return new UnverifiedManifest(
        descriptor, blob(descriptor), place(blobPath(descriptor.digest())));
  }

  /** The content of a small blob, its size and digest checked. */
  byte[] blob(Descriptor descriptor) {
    UnixPath blob = blobPath(descriptor.digest());
    if (descriptor.size() > LARGEST_DOCUMENT) {
      throw new ImageRefusal(
          "read " + place(blob),
          "it has " + descriptor.size() + " bytes; documents of at most 4 MiB are read",
          "Build the image again");
    }
    byte[] bytes = file(blob, LARGEST_DOCUMENT);
    if (bytes.length != descriptor.size()) {
      throw new ImageRefusal(
          "read " + place(blob),
          "it has " + bytes.length + " bytes; its descriptor says " + descriptor.size(),
          "Copy the image again");
    }
    Digest found = Digest.of(bytes);
    if (!found.equals(descriptor.digest())) {
      throw digestMismatch(blob, found);
    }
    return bytes;
  }

  ImageRefusal digestMismatch(UnixPath blob, Digest found) {
    return new ImageRefusal(
        "use " + place(blob),
        "its content has the digest " + found + ", so it was damaged or changed",
        "Copy the image again from where it came from");
  }

  /** Opens a blob of any size, its size checked; the caller checks the digest while reading. */
  OpenFile openBlob(Descriptor descriptor) {
    UnixPath blob = blobPath(descriptor.digest());
    OpenFile file = openRegular(blob);
    try {
      long size = file.status().size();
      if (size != descriptor.size()) {
        throw new ImageRefusal(
            "read " + place(blob),
            "it has " + size + " bytes; its descriptor says " + descriptor.size(),
            "Copy the image again");
      }
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e instanceof RuntimeException refusal
          ? refusal
          : ImageRefusal.of("read " + place(blob), (IOException) e);
    }
  }

  boolean hasBlob(Digest digest) throws FileProblem {
    return directory.status(blobPath(digest)).isPresent();
  }

  Directory directory() {
    return directory;
  }

  static UnixPath blobPath(Digest digest) {
    return BLOBS.resolve(digest.hex());
  }

  String place(UnixPath relative) {
    return path.resolve(relative).toString();
  }

  private byte[] file(UnixPath relative, int limit) {
    try (OpenFile file = openRegular(relative)) {
      long size = file.status().size();
      if (size > limit) {
        throw new ImageRefusal(
            "read " + place(relative),
            "it has " + size + " bytes; documents of at most 4 MiB are read",
            "Build the image again");
      }
      return file.readAll(limit);
    } catch (IOException e) {
      throw ImageRefusal.of("read " + place(relative), e);
    }
  }

  private OpenFile openRegular(UnixPath relative) {
    try {
      OpenFile file = directory.read(relative);
      FileStatus status = file.status();
      if (status.type() != FileType.REGULAR) {
        file.close();
        throw new ImageRefusal(
            "read " + place(relative),
            "it is " + status.type().description() + " and no regular file",
            "Copy the image again");
      }
      return file;
    } catch (FileProblem problem) {
      if (ImageRefusal.isMissing(problem)) {
        throw new ImageRefusal(
            "read " + place(relative),
            "the layout does not have it",
            "Copy the whole image again, for example with skopeo copy");
      }
      throw ImageRefusal.of("read " + place(relative), problem);
    }
  }

  @Override
  public void close() {
    directory.close();
  }
}

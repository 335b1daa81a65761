package dev.caisson.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.image.layer.Ownership;
import dev.caisson.policy.Architecture;
import dev.caisson.signing.Digest;
import dev.caisson.signing.ImageReference;
import dev.caisson.signing.TrustPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layouts that are broken rather than hostile: one message each, and nothing is left. */
class BadLayoutTest {
  private static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  @TempDir private Path scratch;
  private Path layout = Path.of("");

  @BeforeEach
  void image() {
    layout = scratch.resolve("layout");
    image(new LayoutBuilder(Architecture.current()));
  }

  private void image(LayoutBuilder builder) {
    builder.file("a", 0644, new byte[] {1}).write(UnixPath.of(layout.toString()), "v1");
  }

  @Test
  void aMissingLayer() throws IOException {
    Files.delete(layout.resolve("blobs/sha256").resolve(hex("layers\":[{")));
    refused("the layout does not have it. Copy the whole image again");
  }

  @Test
  void aMissingConfig() throws IOException {
    Files.delete(layout.resolve("blobs/sha256").resolve(hex("config\":{")));
    refused("the layout does not have it. Copy the whole image again");
  }

  @Test
  void aMissingManifest() throws IOException {
    Files.delete(layout.resolve("blobs/sha256").resolve(manifestHex()));
    refused("the layout does not have it");
  }

  @Test
  void aManifestOfTenMegabytes() throws IOException {
    String big =
        manifest()
            .replace(
                "{\"schemaVersion\"",
                "{\"x\":\"" + "x".repeat(10_000_000) + "\",\"schemaVersion\"");
    index(OCI_MANIFEST, put(big), big.length());
    refused("documents of at most 4 MiB are read");
  }

  @Test
  void aManifestThatIsLargerThanItsDescriptorSays() throws IOException {
    String big = "x".repeat(10_000_000);
    index(OCI_MANIFEST, put(big), 100);
    refused("documents of at most 4 MiB are read");
  }

  @Test
  void aConfigThatIsAList() throws IOException {
    config("[]");
    refused(":1:1: expected an object, found an array");
  }

  @Test
  void aConfigWithoutLayers() throws IOException {
    config("{\"os\":\"linux\",\"architecture\":\"" + Architecture.current().ociName() + "\"}");
    refused("rootfs is missing");
  }

  @Test
  void anIndexThatIsAnArray() throws IOException {
    Files.writeString(layout.resolve("index.json"), "[]");
    refused("index.json:1:1: expected an object, found an array");
  }

  @Test
  void anIndexThatIsNoJson() throws IOException {
    Files.writeString(layout.resolve("index.json"), "{\"schemaVersion\":2,");
    refused("index.json:1:20");
  }

  @Test
  void anIndexWhoseManifestsAreNone() throws IOException {
    Files.writeString(layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[7]}");
    refused("index.json:1:33: expected manifests to be an object, found a number");
  }

  @Test
  void aTagThatIsMisspelt() {
    new LayoutBuilder(Architecture.current()).write(UnixPath.of(layout.toString()), "release");
    Refusal refusal = assertThrows(Refusal.class, () -> unpack("relaese"));
    assertEquals(
        "cannot find the tag relaese in "
            + layout
            + "/index.json: no entry has it. The layout has these tags: release, v1; did you mean release?",
        refusal.getMessage());
  }

  @Test
  void noLayoutAtAll() {
    layout = scratch.resolve("nothing");
    refused("(openat2, ENOENT). Name a directory with an oci-layout file");
  }

  @Test
  void aDirectoryThatIsNoLayout() throws IOException {
    layout = Files.createDirectory(scratch.resolve("empty"));
    refused("oci-layout");
  }

  @Test
  void anIndexThatHoldsItself() throws IOException {
    // no digest can hold itself, so a cycle is a file that says what it is not
    String digest = "sha256:" + "7".repeat(64);
    String entry = entry(OCI_INDEX, digest, 300);
    String text = "{\"schemaVersion\":2,\"manifests\":[" + entry + "]}";
    String padded = text + " ".repeat(300 - text.length());
    Files.writeString(layout.resolve("blobs/sha256").resolve("7".repeat(64)), padded);
    index(OCI_INDEX, digest, 300);
    refused("its content has the digest");
  }

  @Test
  void indexesWithoutEnd() throws IOException {
    String type = OCI_MANIFEST;
    String digest = "sha256:" + manifestHex();
    long size = manifest().length();
    for (int depth = 0; depth < 5; depth++) {
      String index = "{\"schemaVersion\":2,\"manifests\":[" + entry(type, digest, size) + "]}";
      digest = put(index);
      size = index.length();
      type = OCI_INDEX;
    }
    index(type, digest, size);
    refused("indexes are nested deeper than 3 levels");
  }

  @Test
  void aWrongMediaType() throws IOException {
    index("application/json", "sha256:" + manifestHex(), manifest().length());
    refused("it is of the type application/json and no image");
  }

  @Test
  void aWrongMediaTypeOfALayer() throws IOException {
    String changed = manifest().replace("layer.v1.tar+gzip", "layer.v1.tar+zstd");
    index(OCI_MANIFEST, put(changed), changed.length());
    refused("application/vnd.oci.image.layer.v1.tar+zstd; tar archives, plain or with gzip");
  }

  @Test
  void aWrongSize() throws IOException {
    index(OCI_MANIFEST, "sha256:" + manifestHex(), manifest().length() + 1);
    refused("bytes; its descriptor says");
  }

  @Test
  void anotherArchitecture() throws IOException {
    String other = Architecture.current() == Architecture.X86_64 ? "arm64" : "amd64";
    config(
        "{\"os\":\"linux\",\"architecture\":\"" + other + "\",\"rootfs\":{\"type\":\"layers\"}}");
    refused("it is for linux/" + other);
  }

  @Test
  void aBlobThatIsALinkToAFileOfTheHost() throws IOException {
    Path blob = layout.resolve("blobs/sha256").resolve(hex("config\":{"));
    Path elsewhere = scratch.resolve("elsewhere");
    Files.move(blob, elsewhere);
    Files.createSymbolicLink(blob, elsewhere);
    assertThrows(Refusal.class, () -> unpack("v1"));
  }

  private void refused(String reason) {
    Refusal refusal = assertThrows(Refusal.class, () -> unpack("v1"));
    assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal::getMessage);
    assertEquals(125, refusal.exitStatus());
    try {
      StoreContent.assertEmpty(scratch);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void unpack(String tag) {
    ImageReference reference =
        new ImageReference.Layout(UnixPath.of(layout.toString()), Optional.of(tag));
    try (ImageStore store = ImageStore.open(UnixPath.of(scratch.resolve("store").toString()))) {
      store.unpack(
          store.resolve(reference, TrustPolicy.insecureAcceptAnything(), Architecture.current()),
          Ownership.CALLER);
    }
  }

  /** Puts another config into the image. */
  private void config(String config) throws IOException {
    String manifest = manifest();
    int from = manifest.indexOf("\"config\":{");
    int to = manifest.indexOf('}', from);
    String changed =
        manifest.substring(0, from)
            + "\"config\":"
            + entry("application/vnd.oci.image.config.v1+json", put(config), config.length())
            + manifest.substring(to + 1);
    index(OCI_MANIFEST, put(changed), changed.length());
  }

  private void index(String type, String digest, long size) throws IOException {
    String named =
        entry(type, digest, size)
            .replaceFirst("}$", ",\"annotations\":{\"" + Layout.REF_NAME + "\":\"v1\"}}");
    Files.writeString(
        layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + named + "]}");
  }

  private static String entry(String type, String digest, long size) {
    return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
  }

  private String put(String content) throws IOException {
    Digest digest = Digest.of(content.getBytes(StandardCharsets.UTF_8));
    Files.writeString(layout.resolve("blobs/sha256").resolve(digest.hex()), content);
    return digest.toString();
  }

  private String manifest() throws IOException {
    return Files.readString(layout.resolve("blobs/sha256").resolve(manifestHex()));
  }

  private String manifestHex() throws IOException {
    return hexAfter(Files.readString(layout.resolve("index.json")), "manifests\":[{");
  }

  private String hex(String before) throws IOException {
    return hexAfter(manifest(), before);
  }

  private static String hexAfter(String text, String before) {
    int at = text.indexOf("sha256:", text.indexOf(before)) + "sha256:".length();
    return text.substring(at, at + 64);
  }
}

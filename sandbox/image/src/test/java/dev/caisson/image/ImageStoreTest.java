package dev.caisson.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.image.layer.Ownership;
import dev.caisson.image.tar.RawTar;
import dev.caisson.policy.Architecture;
import dev.caisson.signing.Digest;
import dev.caisson.signing.ImageReference;
import dev.caisson.signing.Signer;
import dev.caisson.signing.SigningKey;
import dev.caisson.signing.TrustPolicy;
import dev.caisson.signing.TrustRefusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store keeps, shares, and never keeps. */
class ImageStoreTest {
  private static final TrustPolicy ALL = TrustPolicy.insecureAcceptAnything();

  @TempDir private Path scratch;

  @Test
  void imagesShareTheirLayers() throws IOException {
    byte[] base = new RawTar().directory("d", 0755).file("d/a", "a").finish();
    builder().layer(base).layer(new RawTar().file("one", "1").finish()).write(layout(), "one");
    builder().layer(base).layer(new RawTar().file("two", "2").finish()).write(layout(), "two");
    List<UnixPath> one = unpack("one", ALL).root().layers();
    List<UnixPath> two = unpack("two", ALL).root().layers();
    assertEquals(one.get(0), two.get(0));
    assertEquals(3, StoreContent.layers(scratch).size());
  }

  @Test
  void aLayerThatDependsOnThoseBeneathIsSharedOnlyAboveTheSame() throws IOException {
    byte[] upper = new RawTar().file("tmp/x", "x").finish();
    builder()
        .layer(new RawTar().directory("tmp", 01777).finish())
        .layer(upper)
        .write(layout(), "a");
    builder().layer(new RawTar().directory("tmp", 0700).finish()).layer(upper).write(layout(), "b");
    unpack("a", ALL);
    unpack("b", ALL);
    assertEquals(4, StoreContent.layers(scratch).size());
    Set<String> modes = new TreeSet<>();
    for (String layer : StoreContent.layers(scratch)) {
      Path tmp = scratch.resolve("store/layers").resolve(layer).resolve("d/tmp");
      modes.add(Integer.toOctalString((int) Files.getAttribute(tmp, "unix:mode") & 07777));
    }
    assertEquals(Set.of("1777", "700"), modes);
  }

  @Test
  void theNamesOf127LayersFitIntoAPage() throws IOException {
    LayoutBuilder image = builder();
    for (int i = 0; i < 127; i++) {
      image.layer(new RawTar().file("f" + i, "x").finish());
    }
    image.write(layout(), "v1");
    List<UnixPath> layers = unpack("v1", ALL).root().layers();
    assertEquals(127, layers.size());
    int length = layers.stream().mapToInt(layer -> layer.bytes().length + 1).sum();
    assertTrue(length < 3500, "their names take " + length + " bytes");
  }

  @Test
  void aLayerThatAnImageHasTwiceIsMountedOnceWhereItIsHighest() throws IOException {
    byte[] twice = new RawTar().file("f", "x").finish();
    byte[] between = new RawTar().file("f", "y").finish();
    builder().layer(twice).layer(between).layer(twice).write(layout(), "v1");
    List<UnixPath> layers = unpack("v1", ALL).root().layers();
    assertEquals(2, layers.size());
    Path top = scratch.resolve("store/layers").resolve(layers.get(1).toString());
    assertEquals("x", Files.readString(top.resolve("f")));
  }

  @Test
  void moreLayersAreRefused() throws IOException {
    LayoutBuilder image = builder();
    for (int i = 0; i < 128; i++) {
      image.layer(new RawTar().finish());
    }
    image.write(layout(), "v1");
    assertThrows(ImageRefusal.class, () -> unpack("v1", ALL));
    StoreContent.assertEmpty(scratch);
  }

  @Test
  void aRejectedImageLeavesNothing() throws IOException {
    builder().layer(new RawTar().file("f", "x").finish()).write(layout(), "v1");
    TrustPolicy trust = TrustPolicy.signedBy(List.of(SigningKey.generate().publicKey()));
    assertThrows(TrustRefusal.class, () -> unpack("v1", trust));
    StoreContent.assertEmpty(scratch);
  }

  @Test
  void aHostileLayerLeavesNothingOfTheImage() throws IOException {
    builder()
        .layer(new RawTar().file("f", "x").finish())
        .layer(new RawTar().file("../escape", "x").finish())
        .write(layout(), "v1");
    assertThrows(ImageRefusal.class, () -> unpack("v1", ALL));
    StoreContent.assertEmpty(scratch);
  }

  @Test
  void theIndexOfAllPlatformsMayCarryTheSignature() throws IOException {
    SigningKey key = SigningKey.generate();
    TrustPolicy trust = TrustPolicy.signedBy(List.of(key.publicKey()));
    Digest manifest =
        builder().layer(new RawTar().file("f", "x").finish()).write(layout(), "single");
    Digest index = platforms(manifest);
    sign(key, index);
    try (ImageStore store = store()) {
      VerifiedImage image = store.resolve(reference("multi"), trust, Architecture.current());
      assertEquals(VerifiedImage.Carrier.INDEX, image.carrier());
      assertEquals(index, image.accepted().manifest());
      assertEquals(manifest, image.manifest());
    }
    assertThrows(TrustRefusal.class, () -> unpack("single", trust));
    sign(key, manifest);
    try (ImageStore store = store()) {
      VerifiedImage image = store.resolve(reference("single"), trust, Architecture.current());
      assertEquals(VerifiedImage.Carrier.MANIFEST, image.carrier());
    }
  }

  @Test
  void ofAnUnsignedImageTheIndexIsToBeSigned() throws IOException {
    Digest manifest = builder().file("f", 0644, new byte[] {1}).write(layout(), "v1");
    Digest index = platforms(manifest);
    TrustPolicy trust = TrustPolicy.signedBy(List.of(SigningKey.generate().publicKey()));
    TrustRefusal refusal = assertThrows(TrustRefusal.class, () -> unpack("multi", trust));
    assertTrue(refusal.why().contains(index.toString()), refusal.why());
    sign(SigningKey.generate(), manifest);
    TrustRefusal other = assertThrows(TrustRefusal.class, () -> unpack("multi", trust));
    assertTrue(other.why().contains(manifest.toString()), other.why());
  }

  @Test
  void whatAKilledProcessLeftIsSweptAndTheImageStillUnpacks() throws IOException {
    builder().layer(new RawTar().file("f", "x").finish()).write(layout(), "v1");
    store().close();
    Path left = scratch.resolve("store/tmp/.caisson-1-left/layer-0/d");
    Files.createDirectories(left);
    Files.writeString(left.resolve("half"), "x");
    assertEquals(1, unpack("v1", ALL).root().layers().size());
    assertEquals(List.of(), StoreContent.list(scratch.resolve("store/tmp")));
  }

  @Test
  void whatWasStoredButNotListedIsListedByTheNextRun() throws IOException {
    builder().layer(new RawTar().file("f", "x").finish()).write(layout(), "v1");
    unpack("v1", ALL);
    Path index = scratch.resolve("store/index.json");
    String listed = Files.readString(index);
    Files.writeString(index, "{\"schemaVersion\":2,\"manifests\":[]}");
    unpack("v1", ALL);
    assertEquals(listed, Files.readString(index));
  }

  @Test
  void whatOthersAreMakingIsNotSwept() throws IOException {
    try (ImageStore other = store()) {
      Path work = Files.createDirectory(scratch.resolve("store/tmp/work"));
      store().close();
      assertTrue(Files.exists(work), other::toString);
    }
  }

  @Test
  void severalMayAddTheSameImageAtOnce() throws Exception {
    LayoutBuilder image = builder();
    for (int i = 0; i < 5; i++) {
      image.layer(new RawTar().directory("d", 0755).file("d/f" + i, "x").finish());
    }
    image.write(layout(), "v1");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<UnixPath>>> runs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        runs.add(threads.submit(() -> unpack("v1", ALL).root().layers()));
      }
      Set<List<UnixPath>> results = new java.util.HashSet<>();
      for (Future<List<UnixPath>> run : runs) {
        results.add(run.get());
      }
      assertEquals(1, results.size());
    } finally {
      threads.shutdown();
    }
    assertEquals(5, StoreContent.layers(scratch).size());
    assertEquals(List.of(), StoreContent.list(scratch.resolve("store/tmp")));
    assertEquals(
        1, Files.readString(scratch.resolve("store/index.json")).split("digest", -1).length - 1);
  }

  @Test
  void aDamagedRecordIsNamed() throws IOException {
    builder().layer(new RawTar().file("f", "x").finish()).write(layout(), "v1");
    unpack("v1", ALL);
    String layer = StoreContent.layers(scratch).get(0);
    Path record = scratch.resolve("store/layers").resolve(layer).resolve("about");
    Files.writeString(record, "caisson-layer 1\nkey diff:0\nend\n");
    ImageRefusal refusal = assertThrows(ImageRefusal.class, () -> unpack("v1", ALL));
    assertTrue(String.valueOf(refusal.getMessage()).contains("its record is damaged"));
  }

  @Test
  void aBlobOfTheStoreThatWasChangedIsNotUnpacked() throws IOException {
    builder().layer(new RawTar().file("f", "x").finish()).write(layout(), "v1");
    unpack("v1", ALL);
    String layer = StoreContent.layers(scratch).get(0);
    Path layers = scratch.resolve("store/layers");
    Files.move(layers.resolve(layer), scratch.resolve("aside"));
    for (String blob : StoreContent.blobs(scratch)) {
      Path path = scratch.resolve("store/blobs/sha256").resolve(blob);
      byte[] bytes = Files.readAllBytes(path);
      if (bytes[0] == 0x1f) {
        bytes[bytes.length - 1] ^= 1;
        Files.delete(path);
        Files.write(path, bytes);
      }
    }
    assertThrows(ImageRefusal.class, () -> unpack("v1", ALL));
    assertEquals(List.of(), StoreContent.layers(scratch));
  }

  private Digest platforms(Digest manifest) throws IOException {
    String entry =
        "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"%s\",\"size\":%d,"
            + "\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}}";
    long size = Files.size(scratch.resolve("layout/blobs/sha256").resolve(manifest.hex()));
    String other = Architecture.current() == Architecture.X86_64 ? "arm64" : "amd64";
    String index =
        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":["
            + entry.formatted(manifest, size, Architecture.current().ociName())
            + ","
            + entry.formatted("sha256:" + "1".repeat(64), 1, other)
            + "]}";
    Digest digest = Digest.of(index.getBytes());
    Files.writeString(scratch.resolve("layout/blobs/sha256").resolve(digest.hex()), index);
    Path json = scratch.resolve("layout/index.json");
    Files.writeString(
        json,
        Files.readString(json)
            .replace(
                "\"manifests\":[",
                "\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\""
                    + digest
                    + "\",\"size\":"
                    + index.length()
                    + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"multi\"}},"));
    return digest;
  }

  private void sign(SigningKey key, Digest document) {
    try (Layout layout = Layout.open(layout())) {
      SignatureWriter.add(layout, document, new Signer(key).sign(document, "localhost/app"));
    }
  }

  private UnpackedImage unpack(String tag, TrustPolicy trust) {
    try (ImageStore store = store()) {
      return store.unpack(
          store.resolve(reference(tag), trust, Architecture.current()), Ownership.CALLER);
    }
  }

  private ImageReference reference(String tag) {
    return new ImageReference.Layout(layout(), Optional.of(tag));
  }

  private ImageStore store() {
    return ImageStore.open(UnixPath.of(scratch.resolve("store").toString()));
  }

  private UnixPath layout() {
    return UnixPath.of(scratch.resolve("layout").toString());
  }

  private static LayoutBuilder builder() {
    return new LayoutBuilder(Architecture.current());
  }
}

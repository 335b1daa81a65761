package dev.caisson.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.policy.Architecture;
import dev.caisson.signing.Digest;
import dev.caisson.signing.Signer;
import dev.caisson.signing.SigningKey;
import dev.caisson.signing.StoredSignature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stored form is the one that cosign writes and reads (cosign specs/SIGNATURE_SPEC.md). */
class SignatureWriterTest {
  @TempDir private Path layout;
  private Digest manifest = Digest.of(new byte[0]);

  @BeforeEach
  void image() {
    manifest =
        new LayoutBuilder(Architecture.X86_64)
            .file("a", 0644, new byte[] {1})
            .write(UnixPath.of(layout.toString()), "v1");
  }

  @Test
  void everyByteIsCosigns() throws IOException {
    StoredSignature signature = sign(SigningKey.generate());
    String payload =
        "{\"critical\":{\"identity\":{\"docker-reference\":\"localhost/app\"},\"image\":"
            + "{\"docker-manifest-digest\":\""
            + manifest
            + "\"},\"type\":\"cosign container image signature\"},\"optional\":null}";
    Digest payloadDigest = digest(payload);
    assertEquals(payload, blob(payloadDigest));
    String config =
        "{\"architecture\":\"\",\"created\":\"0001-01-01T00:00:00Z\",\"os\":\"\",\"rootfs\":"
            + "{\"type\":\"layers\",\"diff_ids\":[\""
            + payloadDigest
            + "\"]},\"config\":{}}";
    assertEquals(config, blob(digest(config)));
    String stored =
        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
            + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
            + digest(config)
            + "\",\"size\":"
            + config.length()
            + "},\"layers\":[{\"mediaType\":"
            + "\"application/vnd.dev.cosign.simplesigning.v1+json\",\"digest\":\""
            + payloadDigest
            + "\",\"size\":"
            + payload.length()
            + ",\"annotations\":{\"dev.cosignproject.cosign/signature\":\""
            + signature.signature()
            + "\"}}]}";
    assertEquals(stored, blob(digest(stored)));
    String entry =
        "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
            + digest(stored)
            + "\",\"size\":"
            + stored.length()
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"sha256-"
            + manifest.hex()
            + ".sig\"}}]}";
    assertTrue(index().endsWith(entry), this::index);
  }

  @Test
  void aSecondSignatureStandsBesideTheFirst() {
    StoredSignature first = sign(SigningKey.generate());
    StoredSignature second = sign(SigningKey.generate());
    try (Layout opened = Layout.open(UnixPath.of(layout.toString()))) {
      List<String> found =
          opened.signatures().signaturesOf(manifest).stream()
              .map(StoredSignature::signature)
              .toList();
      assertEquals(List.of(first.signature(), second.signature()), found);
    }
    assertEquals(1, index().split("\\.sig\"", -1).length - 1);
  }

  @Test
  void whatElseStandsInTheIndexStays() throws IOException {
    Path index = layout.resolve("index.json");
    String other =
        "{\"mediaType\":\"text/x\",\"digest\":\"sha256:"
            + "0".repeat(64)
            + "\",\"size\":12345678901,\"x\":[1.5,1e3,null,true,\"\\u001b\"]}";
    Files.writeString(
        index,
        Files.readString(index)
            .replace(
                "\"manifests\":[", "\"annotations\":{\"a\":\"b\"},\"manifests\":[" + other + ","));
    sign(SigningKey.generate());
    assertTrue(index().contains("\"annotations\":{\"a\":\"b\"}"), this::index);
    assertTrue(
        index().contains("\"size\":12345678901,\"x\":[1.5,1E+3,null,true,\"\\u001B\"]"),
        this::index);
  }

  private StoredSignature sign(SigningKey key) {
    StoredSignature signature = new Signer(key).sign(manifest, "localhost/app");
    try (Layout opened = Layout.open(UnixPath.of(layout.toString()))) {
      SignatureWriter.add(opened, manifest, signature);
    }
    return signature;
  }

  private String blob(Digest digest) throws IOException {
    return Files.readString(layout.resolve("blobs/sha256").resolve(digest.hex()));
  }

  private String index() {
    try {
      return Files.readString(layout.resolve("index.json"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}

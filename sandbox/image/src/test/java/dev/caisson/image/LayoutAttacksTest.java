package dev.caisson.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.image.layer.Ownership;
import dev.caisson.policy.Architecture;
import dev.caisson.signing.ImageReference;
import dev.caisson.signing.TrustPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layouts of vectors/oci-attacks, all of them trusted: what is refused for its form. */
class LayoutAttacksTest {
  private static final Path VECTORS = Path.of("src/test/resources/vectors/oci-attacks");

  @TempDir private Path scratch;

  @Test
  void theHonestOneUnpacks() throws IOException {
    UnpackedImage image = unpack("00-good");
    assertEquals(1, image.root().layers().size());
    assertEquals(1, StoreContent.layers(scratch).size());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          01-layer-bytes-tampered       | so it was changed
          02-layer-truncated            | bytes; its descriptor says
          03-layer-size-lies-small      | bytes; its descriptor says
          04-layer-size-lies-big        | bytes; its descriptor says
          05-diffid-mismatch            | its archive has the digest
          06-diffid-count-mismatch      | layers and the config
          07-config-tampered            | its content has the digest
          08-manifest-tampered          | bytes; its descriptor says
          09-manifest-and-index-confusion | a manifest and an index at once
          10-mediatype-mismatch-body    | the document calls itself
          11-dup-json-keys-layers       | layers
          12-case-variant-keys          | are the same name to some tools
          13-digest-path-traversal      | is no digest
          14-digest-uppercase           | is no digest
          15-digest-weak-algo           | is no digest
          """)
  void isRefusedAndLeavesNothing(String layout, String reason) throws IOException {
    Refusal refusal = assertThrows(Refusal.class, () -> unpack(layout));
    assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal::getMessage);
    StoreContent.assertEmpty(scratch);
  }

  private UnpackedImage unpack(String layout) {
    ImageReference reference =
        new ImageReference.Layout(
            UnixPath.of(VECTORS.resolve(layout).toString()), Optional.of("v1"));
    try (ImageStore store = ImageStore.open(UnixPath.of(scratch.resolve("store").toString()))) {
      VerifiedImage image =
          store.resolve(reference, TrustPolicy.insecureAcceptAnything(), Architecture.current());
      return store.unpack(image, Ownership.CALLER);
    }
  }
}

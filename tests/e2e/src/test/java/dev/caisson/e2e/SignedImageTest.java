package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Debian image, signed, and what is refused of it when something of it is not as signed. */
class SignedImageTest {
  @TempDir private static Path shared;
  private static Path image = Path.of("");

  @TempDir private Path scratch;
  private Signing signing = new Signing(Caisson.withHome(Path.of("")), Path.of(""));
  private Store store = new Store(Path.of(""));
  private byte[] index = {};

  @BeforeEach
  void signedDebian() throws IOException {
    Caisson caisson = Caisson.withHome(Files.createDirectory(scratch.resolve("home")));
    signing = new Signing(caisson, scratch);
    store = Store.of(caisson);
    if (image.toString().isEmpty()) {
      image = Layouts.debian(shared);
    }
    index = Files.readAllBytes(image.resolve("index.json"));
    signing.keygen("team");
  }

  @AfterEach
  void asItWas() throws IOException {
    Files.write(image.resolve("index.json"), index);
    // JUnit warns of every link that it deletes
    Command.of("rm", "-rf", signing.caisson().home().toString()).run().expect(0);
  }

  @Test
  void aSignedImageRuns() {
    signing.sign("team", image + ":latest");
    Outcome outcome =
        signing
            .run(
                "team",
                image + ":latest",
                "python3",
                "-c",
                "import sys; print(sum(range(10)), sys.version_info[0])")
            .expect(0);
    assertEquals("45 3\n", outcome.text());
    assertEquals(1, store.layers().size());
  }

  @Test
  void verifySaysWhoSignedWhat() throws IOException {
    signing.sign("team", image + ":latest");
    Outcome outcome = signing.verify("team", image + ":latest").expect(0);
    String digest = digest(Files.readString(image.resolve("index.json")), "\"latest\"");
    assertTrue(outcome.text().contains("Digest:     sha256:" + digest + "\n"), outcome::text);
    assertTrue(outcome.text().contains("(team.pub)\nSigned is:  the manifest of this platform\n"));
    assertTrue(outcome.text().contains("Repository: localhost/debian\n"), outcome::text);
    store.assertEmpty();
  }

  @Test
  void opensslVerifiesTheSignature() throws IOException {
    Peer.need("openssl");
    signing.sign("team", image + ":latest");
    String text = Files.readString(image.resolve("index.json"));
    String signed = digest(text, "\"latest\"");
    String manifest = blob(digest(text, "\"sha256-" + signed + ".sig\""));
    String payload = digestAfter(manifest, "simplesigning.v1+json");
    assertEquals(
        "{\"critical\":{\"identity\":{\"docker-reference\":\"localhost/debian\"},\"image\":"
            + "{\"docker-manifest-digest\":\"sha256:"
            + signed
            + "\"},\"type\":\"cosign container image signature\"},\"optional\":null}",
        blob(payload));
    Matcher signature =
        Pattern.compile("\"dev.cosignproject.cosign/signature\":\"([^\"]+)\"").matcher(manifest);
    assertTrue(signature.find(), manifest);
    Path der = scratch.resolve("signature");
    Files.write(der, Base64.getDecoder().decode(signature.group(1)));
    Outcome openssl =
        Command.of(
                "openssl",
                "dgst",
                "-sha256",
                "-verify",
                scratch.resolve("team.pub").toString(),
                "-signature",
                der.toString(),
                image.resolve("blobs/sha256/" + payload).toString())
            .run();
    assertEquals("Verified OK\n", openssl.expect(0).text());
  }

  @Test
  void skopeoCarriesTheSignatureAlong() throws IOException {
    Peer.need("skopeo");
    Path original = Layouts.busybox(scratch);
    signing.sign("team", original + ":latest");
    String signed = digest(Files.readString(original.resolve("index.json")), "\"latest\"");
    Path copy = scratch.resolve("copy");
    for (String tag : new String[] {"latest", "sha256-" + signed + ".sig"}) {
      Command.of("skopeo", "copy", "-q", "oci:" + original + ":" + tag, "oci:" + copy + ":" + tag)
          .run()
          .expect(0);
    }
    signing.verify("team", copy + ":latest").expect(0);
  }

  @Test
  void ofSeveralPlatformsTheIndexIsSigned() throws IOException {
    Path layout = Layouts.busybox(scratch);
    Path json = layout.resolve("index.json");
    String manifest = digest(Files.readString(json), "\"latest\"");
    long size = Files.size(layout.resolve("blobs/sha256").resolve(manifest));
    String here = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    String platforms =
        "{\"schemaVersion\":2,\"manifests\":["
            + entry(manifest, size, here)
            + ","
            + entry("1".repeat(64), 1, "riscv64")
            + "]}";
    String index = Sha256.hex(platforms);
    Files.writeString(layout.resolve("blobs/sha256").resolve(index), platforms);
    Files.writeString(
        json,
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":"
            + "\"application/vnd.oci.image.index.v1+json\",\"digest\":\"sha256:"
            + index
            + "\",\"size\":"
            + platforms.length()
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}}]}");
    signing.sign("team", layout + ":latest");
    String verified = signing.verify("team", layout + ":latest").expect(0).text();
    assertTrue(verified.contains("Digest:     sha256:" + index + "\n"), verified);
    assertTrue(verified.contains("Signed is:  the index of all platforms\n"), verified);
    assertTrue(verified.contains("Manifest:   sha256:" + manifest + "\n"), verified);
    signing.run("team", layout + ":latest", "/bin/true").expect(0);
  }

  private static String entry(String hex, long size, String architecture) {
    return ("{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"sha256:%s\","
            + "\"size\":%d,\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}}")
        .formatted(hex, size, architecture);
  }

  @Test
  void signingTwiceStoresOneSignature() throws IOException {
    signing.sign("team", image + ":latest");
    byte[] once = Files.readAllBytes(image.resolve("index.json"));
    signing.sign("team", image + ":latest");
    assertArrayEquals(once, Files.readAllBytes(image.resolve("index.json")));
  }

  @Test
  void aWrongPasswordSignsNothing() throws IOException {
    Outcome outcome =
        signing
            .command("sign", "--key", "team.key", "--password-stdin", "oci:" + image + ":latest")
            .input("not it\n")
            .run()
            .expect(125);
    assertTrue(outcome.error().contains("the password does not open it"), outcome::error);
    assertArrayEquals(index, Files.readAllBytes(image.resolve("index.json")));
  }

  @Test
  void anUnsignedImageIsRefused() {
    refused("no signature for its digest sha256:", "sign it with caisson sign --key NAME.key");
  }

  @Test
  void anImageThatAnotherKeySignedIsRefused() {
    signing.keygen("other");
    signing.sign("other", image + ":latest");
    refused("it was not made by a trusted key: sha256:", "(team.pub)");
  }

  @Test
  void aFlippedByteInALayerIsRefused() throws IOException {
    signing.sign("team", image + ":latest");
    String manifest = blob(digest(Files.readString(image.resolve("index.json")), "\"latest\""));
    flipped(
        digestAfter(manifest, "layer.v1.tar+gzip"), "its content does not have the digest sha256:");
  }

  @Test
  void aFlippedByteInTheConfigIsRefused() throws IOException {
    signing.sign("team", image + ":latest");
    String manifest = blob(digest(Files.readString(image.resolve("index.json")), "\"latest\""));
    flipped(digestAfter(manifest, "image.config.v1+json"), "its content has the digest sha256:");
  }

  @Test
  void aTagThatWasMovedIsRefused() throws IOException {
    signing.sign("team", image + ":latest");
    Path other = Layouts.busybox(scratch);
    Command.of("skopeo", "copy", "-q", "oci:" + other + ":latest", "oci:" + image + ":latest")
        .run()
        .expect(0);
    assertFalse(
        digest(Files.readString(image.resolve("index.json")), "\"latest\"")
            .equals(digest(new String(index, StandardCharsets.UTF_8), "\"latest\"")));
    refused("no signature for its digest sha256:");
  }

  private void flipped(String blob, String reason) throws IOException {
    Path path = image.resolve("blobs/sha256").resolve(blob);
    byte[] content = Files.readAllBytes(path);
    byte[] changed = content.clone();
    changed[changed.length / 2] ^= 1;
    Files.write(path, changed);
    try {
      refused(reason);
      Outcome verified = signing.verify("team", image + ":latest").expect(125);
      assertTrue(verified.error().contains(reason), verified::error);
    } finally {
      Files.write(path, content);
    }
  }

  private void refused(String... reasons) {
    Outcome outcome =
        signing.run("team", image + ":latest", "python3", "-c", "print(1)").expect(125);
    for (String reason : reasons) {
      assertTrue(outcome.error().contains(reason), outcome::error);
    }
    assertEquals("", outcome.text());
    assertEquals(1, outcome.error().lines().count(), outcome::error);
    store.assertEmpty();
  }

  private String blob(String hex) throws IOException {
    return Files.readString(image.resolve("blobs/sha256").resolve(hex));
  }

  /** The digest of the index's entry that has {@code name} among its annotations. */
  private static String digest(String index, String name) {
    int at = index.indexOf(name);
    return digestAfter(index.substring(index.lastIndexOf("\"mediaType\"", at)), "");
  }

  private static String digestAfter(String json, String what) {
    Matcher digest = Pattern.compile("sha256:([0-9a-f]{64})").matcher(json);
    assertTrue(digest.find(json.indexOf(what)), json);
    return digest.group(1);
  }
}

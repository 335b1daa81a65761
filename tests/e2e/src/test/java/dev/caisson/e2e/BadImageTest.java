package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broken images: one line with place and remedy each, status 125, and nothing in the store. */
class BadImageTest {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  @TempDir private Path scratch;
  private Signing signing = new Signing(Caisson.withHome(Path.of("")), Path.of(""));
  private Path layout = Path.of("");
  private String manifest = "";

  @BeforeEach
  void image() throws IOException {
    signing =
        new Signing(Caisson.withHome(Files.createDirectory(scratch.resolve("home"))), scratch);
    signing.keygen("team");
    layout = Layouts.busybox(scratch);
    manifest = Files.readString(blob(digest(Files.readString(layout.resolve("index.json")), "{")));
  }

  @Test
  void aBlobIsMissing() throws IOException {
    signing.sign("team", layout + ":latest");
    String layer = digest(manifest, "\"layers\"");
    Files.delete(blob(layer));
    refused(layer + ": the layout does not have it. Copy the whole image again");
  }

  @Test
  void theManifestHasTenMegabytes() throws IOException {
    put(MANIFEST, manifest.replaceFirst("\\{", "{\"x\":\"" + "x".repeat(10_000_000) + "\","));
    refused("bytes; documents of at most 4 MiB are read. Build the image again");
  }

  @Test
  void theConfigIsAList() throws IOException {
    String list = write("[]");
    String config = digest(manifest, "\"config\"");
    put(
        MANIFEST,
        manifest.replace(config, list).replaceFirst("(\"config\":\\{[^}]*\"size\":)\\d+", "$12"));
    signing.sign("team", layout + ":latest");
    refused(list + ":1:1: expected an object, found an array. Build or copy the image again");
  }

  @Test
  void theIndexIsAnArray() throws IOException {
    Files.writeString(layout.resolve("index.json"), "[]");
    refused("index.json:1:1: expected an object, found an array");
  }

  @Test
  void theIndexNeverEnds() throws IOException {
    // a cycle cannot have right digests; a chain can be as long as one likes
    String type = MANIFEST;
    String document = manifest;
    for (int i = 0; i < 6; i++) {
      document =
          "{\"schemaVersion\":2,\"manifests\":["
              + entry(type, write(document), document.length(), "")
              + "]}";
      type = INDEX;
    }
    put(INDEX, document);
    refused("indexes are nested deeper than 3 levels");
  }

  @Test
  void theIndexHoldsItself() throws IOException {
    String own = "5".repeat(64);
    String text = "{\"schemaVersion\":2,\"manifests\":[" + entry(INDEX, own, 400, "") + "]}";
    Files.writeString(blob(own), text + " ".repeat(400 - text.length()));
    Files.writeString(
        layout.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[" + entry(INDEX, own, 400, "latest") + "]}");
    refused("its content has the digest");
  }

  @Test
  void theTagIsAbsent() {
    Outcome outcome = signing.run("team", layout + ":latets", "/bin/true").expect(125);
    assertTrue(
        outcome
            .error()
            .contains(": no entry has it. The layout has these tags: latest; did you mean latest?"),
        outcome::error);
    Store.of(signing.caisson()).assertEmpty();
  }

  @Test
  void theMediaTypeIsWrong() throws IOException {
    put("application/json", manifest);
    refused("it is of the type application/json and no image. Name an image");
  }

  @Test
  void theSizeIsWrong() throws IOException {
    String hex = write(manifest);
    Files.writeString(
        layout.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":["
            + entry(MANIFEST, hex, manifest.length() + 1, "latest")
            + "]}");
    refused("bytes; its descriptor says " + (manifest.length() + 1) + ". Copy the image again");
  }

  private void refused(String reason) {
    Outcome outcome = signing.run("team", layout + ":latest", "/bin/true").expect(125);
    assertTrue(outcome.error().contains(reason), outcome::error);
    assertTrue(outcome.error().length() < 2000, outcome::error);
    assertEquals(1, outcome.error().lines().count(), outcome::error);
    Store.of(signing.caisson()).assertEmpty();
  }

  /** Writes a document and has the tag name it. */
  private void put(String type, String document) throws IOException {
    Files.writeString(
        layout.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":["
            + entry(type, write(document), document.length(), "latest")
            + "]}");
  }

  private String write(String document) throws IOException {
    String hex = Sha256.hex(document);
    Files.writeString(blob(hex), document);
    return hex;
  }

  private static String entry(String type, String hex, long size, String tag) {
    String annotations =
        tag.isEmpty()
            ? ""
            : ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + tag + "\"}";
    return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d%s}"
        .formatted(type, hex, size, annotations);
  }

  private Path blob(String hex) {
    return layout.resolve("blobs/sha256").resolve(hex);
  }

  private static String digest(String json, String behind) {
    Matcher digest = Pattern.compile("sha256:([0-9a-f]{64})").matcher(json);
    assertTrue(digest.find(json.indexOf(behind)), json);
    return digest.group(1);
  }
}

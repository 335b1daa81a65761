package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.image.Layout;
import dev.caisson.image.LayoutBuilder;
import dev.caisson.image.SignatureWriter;
import dev.caisson.launch.Directory;
import dev.caisson.launch.Elf;
import dev.caisson.policy.Architecture;
import dev.caisson.signing.Digest;
import dev.caisson.signing.ImageReference;
import dev.caisson.signing.Signer;
import dev.caisson.signing.SigningKey;
import dev.caisson.signing.SimpleSigning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the {@code hello} image when Caisson is built: a layout with the image, signed by a key
 * that is thrown away, the key's public half, and the digest that it is trusted for.
 */
final class HelloImage {
  private static final String NAME = "hello";

  private HelloImage() {}

  /** Writes everything into the directory {@code args[0]}. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Files.createDirectories(directory);
    removeOld(directory);
    UnixPath images = UnixPath.of(directory.resolve("images").toString());
    Architecture architecture = Architecture.current();
    Digest digest =
        new LayoutBuilder(architecture)
            .directory("bin", 0755)
            .file("bin/hello", 0755, Elf.write(HelloProgram.of(architecture)))
            .entrypoint("/bin/hello")
            .write(images, NAME);
    SigningKey key = SigningKey.generate();
    String repository = SimpleSigning.localRepository(new ImageReference.Embedded(NAME));
    try (Layout layout = Layout.open(images)) {
      SignatureWriter.add(layout, digest, new Signer(key).sign(digest, repository));
    }
    Files.write(directory.resolve(NAME + ".pub"), key.publicKey().toPem());
    Files.write(
        directory.resolve(NAME + ".digest"), digest.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** A layout of an earlier build would keep its signature, by a key that is gone. */
  private static void removeOld(Path path) throws IOException {
    try (Directory directory = Directory.open(UnixPath.of(path.toString()))) {
      directory.removeTree(UnixPath.of("images"));
    }
  }
}

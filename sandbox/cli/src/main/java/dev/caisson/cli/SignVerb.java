package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.engine.Images;
import dev.caisson.launch.HostFiles;
import dev.caisson.signing.CosignKeyFile;
import dev.caisson.signing.Digest;
import dev.caisson.signing.ImageReference;
import dev.caisson.signing.Password;
import dev.caisson.signing.RepositoryName;
import dev.caisson.signing.Signer;
import dev.caisson.signing.SigningKey;
import dev.caisson.signing.SimpleSigning;
import java.util.List;

/** {@code caisson sign}: a signature beside an image in a layout. */
final class SignVerb implements Verb {
  private static final Flag KEY =
      Flag.value("--key", "KEY", "The private key, NAME.key of keygen or cosign's cosign.key.");
  private static final Flag REPOSITORY =
      Flag.value(
          "--repository",
          "NAME",
          "The repository that the signature is for, such as registry.example.com/team/app;"
              + " localhost/ and the layout's name where it is not given.");
  private static final int LONGEST_KEY = 1 << 20;

  private static final Syntax SYNTAX =
      new Syntax(
          "sign",
          List.of("--key NAME.key [--repository NAME] [--password-stdin] IMAGE"),
          "Signs an image in an OCI image layout.",
          List.of(
              "IMAGE is oci:PATH[:TAG]. What is signed is the digest of what the tag names: the"
                  + " manifest, or where the image has several platforms their index, so that one"
                  + " signature holds for all of them.",
              "The signature is stored in the layout as cosign stores it, under the tag"
                  + " sha256-DIGEST.sig. A copy of the image needs a copy of that tag. Copied to a"
                  + " registry with the image, cosign verify --key accepts it, from cosign 2 on with"
                  + " --insecure-ignore-tlog=true.",
              "What signs is an ECDSA key on P-256 in cosign's form; openssl's private keys do"
                  + " not."),
          List.of(KEY, REPOSITORY, PasswordSource.OF_A_KEY),
          List.of(
              new Syntax.Example(
                  "caisson sign --key team.key oci:./app:v2",
                  "Asks for the password of team.key and signs."),
              new Syntax.Example(
                  "caisson sign --key team.key --repository registry.example.com/app oci:./app:v2",
                  "For an image that is going to be pushed there.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    ImageReference.Layout image = layout(arguments.onlyOperand("an image"));
    String repository =
        arguments.text(REPOSITORY).orElseGet(() -> SimpleSigning.localRepository(image));
    RepositoryName.require(repository);
    UnixPath keyPath = arguments.required(KEY);
    CosignKeyFile keyFile =
        CosignKeyFile.read(keyPath.toString(), HostFiles.content(keyPath, LONGEST_KEY));
    Images images = session.engine().images();
    Digest document = images.digest(image);
    SigningKey key;
    try (Password password = new PasswordSource(arguments, session).existing(keyPath)) {
      key = keyFile.open(password);
    }
    boolean added = images.sign(image, document, new Signer(key), repository);
    session.out().println("Signed:     " + image + (added ? "" : " (it was already)"));
    session.out().println("Digest:     " + document);
    session.out().println("Repository: " + repository);
    session.out().println("Signer:     " + key.publicKey().fingerprint());
    return 0;
  }

  private static ImageReference.Layout layout(UnixPath name) {
    ImageReference reference = ImageName.parse(name);
    if (reference instanceof ImageReference.Layout layout) {
      return layout;
    }
    throw new ImageName.Unknown(
        name,
        "what Caisson brings along is signed already",
        "Name an image in a layout, as oci:PATH[:TAG]");
  }
}

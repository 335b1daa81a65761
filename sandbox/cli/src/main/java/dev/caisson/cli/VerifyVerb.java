package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.engine.Images;
import dev.caisson.image.VerifiedImage;
import dev.caisson.signing.Accepted;
import dev.caisson.signing.ImageReference;
import dev.caisson.signing.TrustPolicy;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** {@code caisson verify}: whether an image is signed and whole. */
final class VerifyVerb implements Verb {
  private static final Flag KEY =
      Flag.value("--key", "PUB", "The public key of who must have signed the image.");

  private static final Syntax SYNTAX =
      new Syntax(
          "verify",
          List.of("--key NAME.pub IMAGE"),
          "Checks an image's signature and all of its content.",
          List.of(
              "IMAGE is oci:PATH[:TAG], or hello, for which no key is needed. Nothing is unpacked"
                  + " and nothing is stored. The signature may be of the manifest for this host's"
                  + " platform or of the index of all platforms; then every blob of the image must"
                  + " have the digest that the signed document leads to.",
              "The repository is what the signer wrote into the signature; a layout has none that"
                  + " it could be compared with. Exit status 0, or 125 if the image is rejected."),
          List.of(KEY),
          List.of(
              new Syntax.Example(
                  "caisson verify --key team.pub oci:./app:v2", "Is this what team has signed?"),
              new Syntax.Example("caisson verify hello", "The image that Caisson brings along.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    ImageReference reference = ImageName.parse(arguments.onlyOperand("an image"));
    Optional<UnixPath> key = arguments.value(KEY);
    boolean own = reference instanceof ImageReference.Embedded;
    if (key.isEmpty() && !own) {
      arguments.required(KEY);
    }
    Images images = session.engine().images();
    TrustPolicy trust = images.trust(reference, key, Optional.empty());
    VerifiedImage image = images.verify(reference, trust);
    print(image, session.out());
    image.accepted().passedOver().forEach(text -> session.note("passed over " + text));
    return 0;
  }

  private static void print(VerifiedImage image, PrintStream out) {
    Accepted accepted = image.accepted();
    out.println("Verified:   " + accepted.reference());
    out.println("Digest:     " + accepted.manifest());
    out.println("Signer:     " + accepted.signer());
    out.println("Signed is:  the " + image.carrier().description());
    if (!image.manifest().equals(accepted.manifest())) {
      out.println("Manifest:   " + image.manifest());
    }
    out.println("Repository: " + accepted.claimedRepository().orElse("none is named"));
    out.println("Layers:     " + image.config().diffIds().size());
  }
}

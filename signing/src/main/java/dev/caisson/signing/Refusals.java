package dev.caisson.signing;

import java.util.Optional;

/** Refusals that several trust policies share, and the commands that they advise. */
final class Refusals {
  private static final String PLAIN = "%+,-./:=@_";

  private Refusals() {}

  static TrustRefusal unsigned(ImageReference reference, Digest digest) {
    return new TrustRefusal(
        "trust " + reference,
        "no signature for its digest " + digest + " is stored",
        reference instanceof ImageReference.Layout layout
            ? signatureOf(layout, SimpleSigning.tagFor(digest))
            : "Install Caisson again");
  }

  /** How an image in a layout comes to the signature that is to have {@code tag}. */
  private static String signatureOf(ImageReference.Layout image, String tag) {
    ImageReference signature = new ImageReference.Layout(image.path(), Optional.of(tag));
    return "If it is signed where it comes from, copy its signature too: skopeo copy SOURCE:"
        + (tag + " " + quoted(signature.toString()))
        + ("; if you made it, sign it with caisson sign --key NAME.key " + quoted(image.toString()))
        + (" and run " + runCommand("NAME.pub", image));
  }

  /** The command that trusts a key for one run. */
  static String runCommand(String key, ImageReference reference) {
    return "caisson run --key " + quoted(key) + " " + quoted(reference.toString());
  }

  /** One word for a shell. */
  static String quoted(String word) {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean alphanumeric = c < 0x80 && Character.isLetterOrDigit(c);
      if (!alphanumeric && PLAIN.indexOf(c) < 0) {
        return "'" + word.replace("'", "'\\''") + "'";
      }
    }
    return word.isEmpty() ? "''" : word;
  }
}

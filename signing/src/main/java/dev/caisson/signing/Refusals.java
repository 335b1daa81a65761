package dev.caisson.signing;

/** Refusals that several trust policies share, and the commands that they advise. */
final class Refusals {
  private static final String PLAIN = "%+,-./:=@_";

  private Refusals() {}

  static TrustRefusal unsigned(ImageReference reference, Digest digest) {
    return new TrustRefusal(
        "trust " + reference,
        "no signature for its digest " + digest + " is stored",
        "Get a signed copy from who made it; if you made it, sign it with caisson sign --key"
            + (" NAME.key " + quoted(reference.toString()))
            + (" and run " + runCommand("NAME.pub", reference)));
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

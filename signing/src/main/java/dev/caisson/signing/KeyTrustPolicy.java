package dev.caisson.signing;

import dev.caisson.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Trusts some keys. Every signature is tried, as an attacker may put bad ones beside a good one;
 * one good signature is enough. Nothing of a payload is read before its signature is verified.
 */
final class KeyTrustPolicy implements TrustPolicy {
  static final int MOST_SIGNATURES = 128;
  static final int LONGEST_DOCUMENT = 4 << 20;
  private static final int LONGEST_SIGNATURE = 1 << 10;

  private final List<VerificationKey> keys;

  KeyTrustPolicy(List<VerificationKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /** A signature's outcome: the key and the payload that it verified, or why it is no good. */
  private record Verdict(Optional<VerificationKey> key, Optional<String> repository, String why) {
    static Verdict bad(String why) {
      return new Verdict(Optional.empty(), Optional.empty(), why);
    }
  }

  @Override
  public TrustDecision check(
      ImageReference reference, byte[] manifest, SignatureSource signatures) {
    if (manifest.length > LONGEST_DOCUMENT) {
      return rejected(reference, "its manifest is longer than 4 MiB", "Use another image");
    }
    Digest digest = Digest.of(manifest);
    List<StoredSignature> stored = signatures.signaturesOf(digest);
    if (stored.isEmpty()) {
      return new Rejected(Refusals.unsigned(reference, digest));
    }
    if (stored.size() > MOST_SIGNATURES) {
      return rejected(
          reference,
          "more than " + MOST_SIGNATURES + " signatures are stored for " + digest,
          "Remove those that nobody needs");
    }
    Optional<Verdict> good = Optional.empty();
    List<String> bad = new ArrayList<>();
    for (StoredSignature signature : stored) {
      Verdict verdict = judge(digest, signature);
      if (verdict.key.isEmpty()) {
        bad.add(Printable.of(signature.where()) + ": " + verdict.why);
      } else if (good.isEmpty()) {
        good = Optional.of(verdict);
      }
    }
    return good.isPresent()
        ? accepted(reference, digest, good.get(), bad)
        : rejected(
            reference,
            "no signature for its digest " + digest + " is acceptable: " + String.join("; ", bad),
            "Check that the image and the key come from the same signer; another key is trusted by "
                + Refusals.runCommand("SIGNER.pub", reference));
  }

  private Verdict judge(Digest digest, StoredSignature signature) {
    if (signature.payload().length > LONGEST_DOCUMENT) {
      return Verdict.bad("the payload is longer than 4 MiB");
    }
    if (signature.signature().length() > LONGEST_SIGNATURE) {
      return Verdict.bad("the signature is longer than any ECDSA signature");
    }
    Optional<byte[]> bytes = StrictBase64.decode(signature.signature());
    if (bytes.isEmpty() || !P256.isSignature(bytes.get())) {
      return Verdict.bad("it is no ECDSA signature on P-256 in base64 and DER");
    }
    for (VerificationKey key : keys) {
      if (key.verifies(signature.payload(), bytes.get())) {
        return claim(digest, key, signature.payload());
      }
    }
    return Verdict.bad("it was not made by a trusted key" + fingerprints());
  }

  /** What is said by a payload that a trusted key signed. */
  private static Verdict claim(Digest digest, VerificationKey key, byte[] payload) {
    try {
      SimpleSigning claim = SimpleSigning.parse(payload);
      if (!claim.manifest().hex().equals(digest.hex())) {
        return Verdict.bad("the trusted key signed another digest, " + claim.manifest());
      }
      String repository = Printable.of(claim.dockerReference());
      return new Verdict(Optional.of(key), Optional.of(repository), "");
    } catch (Members.Unexpected unexpected) {
      return Verdict.bad(
          "a trusted key signed it, but as something else: " + Printable.of(unexpected.reason()));
    }
  }

  private String fingerprints() {
    StringBuilder text = new StringBuilder(keys.isEmpty() ? " (there are none)" : ": ");
    for (VerificationKey key : keys) {
      text.append(text.length() > 2 ? ", " : "").append(key);
    }
    return text.toString();
  }

  private static Accepted accepted(
      ImageReference reference, Digest digest, Verdict good, List<String> bad) {
    return new Accepted(reference, digest, good.key.get().toString(), good.repository, bad);
  }

  private static Rejected rejected(ImageReference reference, String why, String remedy) {
    return new Rejected(new TrustRefusal("trust " + reference, why, remedy));
  }
}

package dev.caisson.signing;

import java.util.List;

/** Where the signatures of a manifest are found: a layout, a registry, a look-aside directory. */
@FunctionalInterface
public interface SignatureSource {
  /**
   * The signatures stored for the manifest of that digest, at most 128 (a bound on work that a
   * hostile source can cause); an empty list where there is none.
   */
  List<StoredSignature> signaturesOf(Digest manifest);
}

package dev.caisson.policy.seccomp;

/** Proofs that were made before; only whoever may start a launch may add to them. */
public interface ProofStore {
  boolean holds(ProofKey key);

  void keep(ProofKey key);

  /** One that remembers nothing: every filter is proved each time. */
  static ProofStore none() {
    return new ProofStore() {
      @Override
      public boolean holds(ProofKey key) {
        return false;
      }

      @Override
      public void keep(ProofKey key) {
        // the next launch proves again
      }
    };
  }
}

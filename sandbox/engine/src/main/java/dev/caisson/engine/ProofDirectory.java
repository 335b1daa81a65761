package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.OpenFile;
import dev.caisson.policy.seccomp.ProofKey;
import dev.caisson.policy.seccomp.ProofStore;

/**
 * Proofs of seccomp filters, each an empty file named by what was proved, in the data directory.
 */
final class ProofDirectory implements ProofStore {
  private static final int OWNER_ONLY = 0700;
  private static final int READABLE = 0400;

  private final UnixPath path;

  ProofDirectory(EngineDirectories directories) {
    path = directories.data().resolve("proofs");
  }

  @Override
  public boolean holds(ProofKey key) {
    try (Directory proofs = Directory.open(path)) {
      return proofs.status(UnixPath.of(key.digest())).isPresent();
    } catch (FileProblem missingOrUnreadable) {
      // proving again costs milliseconds and loses nothing
      return false;
    }
  }

  @Override
  public void keep(ProofKey key) {
    try {
      Directory.makeAll(path, OWNER_ONLY);
      try (Directory proofs = Directory.open(path);
          OpenFile proof = proofs.create(UnixPath.of(key.digest()), READABLE)) {
        proof.write(new byte[0]);
      }
    } catch (FileProblem fullOrReadOnlyOrMadeMeanwhile) {
      // the next launch proves again
    }
  }
}

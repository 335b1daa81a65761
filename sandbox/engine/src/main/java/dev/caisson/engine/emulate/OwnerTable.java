package dev.caisson.engine.emulate;

import dev.caisson.launch.CallerFile.Identity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose the files are whose owners were changed; files and not names: these move and are linked.
 */
final class OwnerTable {
  /** Some 50 MB; a program that wants more is told that memory is short. */
  private static final int MOST = 300_000;

  private final Map<Identity, Owner> owners = new HashMap<>();

  boolean isEmpty() {
    return owners.isEmpty();
  }

  Optional<Owner> of(Identity file) {
    return Optional.ofNullable(owners.get(file));
  }

  /** False where there is no room. */
  boolean put(Identity file, Owner owner) {
    if (owners.size() >= MOST && !owners.containsKey(file)) {
      return false;
    }
    owners.put(file, owner);
    return true;
  }

  /** It is again what it really is. */
  void forget(Identity file) {
    owners.remove(file);
  }
}

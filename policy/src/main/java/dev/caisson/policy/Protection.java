package dev.caisson.policy;

/**
 * A protection that some hosts cannot give. Required unless the policy lists it in {@code
 * bestEffort}: then a launch without it goes on and says so.
 */
public enum Protection {
  /** Landlock file, TCP and scope rules (landlock(7)). */
  LANDLOCK,
  /** A session keyring of its own (keyctl(2)); a user's quota of keys can be used up. */
  SESSION_KEYRING,
  /** max_user_namespaces set to 0 inside. */
  NO_NESTED_NAMESPACES,
  /** A limit of memory by a control group. */
  MEMORY_LIMIT,
  /** A limit of processors by a control group. */
  CPU_LIMIT,
  /** A limit of swap by a control group. */
  SWAP_LIMIT,
  /** A limit of what is read from and written to disks, by a control group. */
  IO_LIMIT;

  /** As policies write it. */
  public String word() {
    return Words.of(this);
  }
}

package dev.caisson.policy;

/** Something that a host has or lacks, which a policy may depend on. */
public enum HostFeature {
  /** Landlock, of whatever ABI. */
  LANDLOCK(1),
  /** Landlock rules for TCP ports: ABI 4, Linux 6.7. */
  LANDLOCK_TCP(4),
  /** Landlock scopes for signals and abstract sockets: ABI 6, Linux 6.12. */
  LANDLOCK_SCOPES(6),
  /** Attributes on tmpfs, so that a writable root lies in memory: Linux 6.6. */
  TMPFS_XATTR(0);

  private final int landlockAbi;

  HostFeature(int landlockAbi) {
    this.landlockAbi = landlockAbi;
  }

  /** The Landlock ABI from which on it is there; 0 where it is no feature of Landlock. */
  int landlockAbi() {
    return landlockAbi;
  }

  /** Whether {@code host} has it. */
  boolean isOf(HostFacts host) {
    return this == TMPFS_XATTR ? host.tmpfsUserXattrs() : host.landlockAbi() >= landlockAbi;
  }
}

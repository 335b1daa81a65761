package dev.caisson.policy;

/** What the payload's root is made of; parts of a policy may hold for one of them only. */
public enum View {
  /** An image's layers, or a directory given with --rootfs. */
  IMAGE,
  /** The host's own system directories, as {@code wrap} shows them. */
  WRAP
}

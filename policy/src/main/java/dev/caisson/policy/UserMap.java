package dev.caisson.policy;

/** Which ids of the host are known inside (user_namespaces(7)). */
public enum UserMap {
  /** One: the caller's. */
  SINGLE,
  /** What the rest of the policy and the caller need: a range where one id is not enough. */
  AUTO,
  /** A subordinate range (subuid(5)). */
  RANGE
}

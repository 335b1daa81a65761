package dev.caisson.engine;

import dev.caisson.policy.UserMap;
import java.util.Optional;

/**
 * What flags say of ids, each in place of the policy's.
 *
 * @param map which ids of the host are known inside
 * @param user as whom the program runs: {@code caller}, or a name or number, and behind a colon a
 *     group's
 */
public record IdentityFlags(Optional<UserMap> map, Optional<String> user) {
  /** No flag was given. */
  public static final IdentityFlags NONE = new IdentityFlags(Optional.empty(), Optional.empty());
}

package dev.caisson.engine.learn;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import dev.caisson.policy.Mount;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the policy of a run places inside, looked up by paths below it. */
final class Mounts {
  private static final UnixPath ROOT = UnixPath.of("/");

  private final Map<UnixPath, Mount> byTarget = new HashMap<>();
  private final boolean rootIsWritable;

  Mounts(EffectivePolicy policy) {
    // of two at one place the later one shows
    policy.filesystem().forEach(mount -> byTarget.put(mount.target(), mount));
    rootIsWritable = policy.root() == RootAccess.WRITABLE;
  }

  /** What shows at {@code path}, which has no links; empty for the root's own. */
  Optional<Mount> covering(UnixPath path) {
    List<UnixPath> parts = path.components();
    Optional<Mount> found = Optional.empty();
    UnixPath at = ROOT;
    for (UnixPath part : parts) {
      at = at.resolve(part);
      Mount mount = byTarget.get(at);
      if (mount != null) {
        found = Optional.of(mount);
      }
    }
    return found;
  }

  /** Whether something may be changed at {@code path}, as far as the policy says. */
  boolean isWritable(Optional<Mount> mount, UnixPath path) {
    if (mount.isEmpty()) {
      return rootIsWritable;
    }
    return mount.get() instanceof Mount.Tmpfs
        || (mount.get() instanceof Mount.Bind bind
            && bind.access() != Mount.Access.READ_ONLY
            && bind.protect().stream()
                .noneMatch(kept -> path.startsWith(bind.target().resolve(kept))));
  }
}

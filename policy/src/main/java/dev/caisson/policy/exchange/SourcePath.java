package dev.caisson.policy.exchange;

import java.util.List;
import java.util.Optional;

/** Files of the host that no import makes a bind of. */
final class SourcePath {
  private static final List<String> KERNEL = List.of("/proc", "/sys", "/dev");

  /** Where daemons keep their sockets and engines their state. */
  private static final List<String> DAEMONS =
      List.of(
          "/run",
          "/var/run",
          "/var/lib/docker",
          "/var/lib/containerd",
          "/var/lib/kubelet",
          "/var/lib/containers");

  private SourcePath() {}

  /** Why {@code path} is not bound; empty where it may be. */
  static Optional<String> refusal(String path) {
    String plain = plain(path);
    if (plain.isEmpty()) {
      return Optional.of("a bind of the whole host");
    }
    if (plain.endsWith(".sock") || plain.endsWith(".socket")) {
      return Optional.of("a bind of a socket, which lets the sandbox command a daemon");
    }
    if (isBeneath(plain, KERNEL)) {
      return Optional.of("a bind of the host's " + path);
    }
    return isBeneath(plain, DAEMONS)
        ? Optional.of("a bind of " + path + ", where daemons have their sockets and state")
        : Optional.empty();
  }

  private static boolean isBeneath(String path, List<String> directories) {
    for (String directory : directories) {
      // what holds one of them shows it too
      if (path.equals(directory)
          || path.startsWith(directory + "/")
          || directory.startsWith(path + "/")) {
        return true;
      }
    }
    return false;
  }

  /** Without doubled and trailing slashes and without dots; the reader refuses double dots. */
  private static String plain(String path) {
    StringBuilder plain = new StringBuilder();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty() && !part.equals(".")) {
        plain.append('/').append(part);
      }
    }
    return plain.toString();
  }
}

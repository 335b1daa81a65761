package dev.caisson.bench;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The bubblewrap command lines that are compared. */
final class Bubblewrap {
  static final String PROGRAM = "/usr/bin/bwrap";

  private Bubblewrap() {}

  /** The same namespaces, mounts, devices, identity and filter as Caisson's default policy. */
  static List<String> plain(Path root, String... command) {
    List<String> words = flags(root);
    words.addAll(List.of("--seccomp", "10"));
    words.addAll(List.of(command));
    return words;
  }

  /** The same, with nested user namespaces refused and what {@code policy} hides in /proc. */
  static List<String> equal(Path root, EffectivePolicy policy, String... command) {
    List<String> words = flags(root);
    words.addAll(List.of("--unshare-user", "--disable-userns"));
    for (UnixPath path : policy.maskedPaths()) {
      File file = new File(path.toString());
      if (file.isDirectory()) {
        words.addAll(List.of("--tmpfs", path.toString()));
      } else if (file.exists()) {
        words.addAll(List.of("--ro-bind", "/dev/null", path.toString()));
      }
    }
    for (UnixPath path : policy.readOnlyPaths()) {
      if (new File(path.toString()).exists()) {
        words.addAll(List.of("--ro-bind", path.toString(), path.toString()));
      }
    }
    words.addAll(List.of("--seccomp", "10"));
    words.addAll(List.of(command));
    return words;
  }

  private static List<String> flags(Path root) {
    return new ArrayList<>(
        List.of(
            PROGRAM,
            "--unshare-all",
            "--uid",
            "0",
            "--gid",
            "0",
            "--hostname",
            "caisson",
            "--new-session",
            "--die-with-parent",
            "--cap-drop",
            "ALL",
            "--clearenv",
            "--ro-bind",
            root.toString(),
            "/",
            "--proc",
            "/proc",
            "--dev",
            "/dev",
            "--perms",
            "1777",
            "--tmpfs",
            "/dev/shm",
            "--mqueue",
            "/dev/mqueue",
            "--tmpfs",
            "/tmp",
            "--tmpfs",
            "/run",
            "--chdir",
            "/"));
  }
}

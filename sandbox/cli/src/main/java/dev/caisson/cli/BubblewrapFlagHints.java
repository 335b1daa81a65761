package dev.caisson.cli;

import static dev.caisson.cli.ForeignFlags.none;
import static dev.caisson.cli.ForeignFlags.ofPolicy;
import static dev.caisson.cli.ForeignFlags.write;

/** For flags of bwrap; docs/bubblewrap.md has the same. */
final class BubblewrapFlagHints {
  private BubblewrapFlagHints() {}

  static String hint(String flag) {
    return switch (flag) {
      case "--bind-try", "--ro-bind-try" -> ofPolicy("filesystem, a bind that is optional");
      case "--dev", "--dev-bind", "--dev-bind-try" -> ForeignFlags.NO_DEVICES;
      case "--dir" -> write("--tmpfs DIR");
      case "--size" -> write("--tmpfs DIR:SIZE");
      case "--perms", "--chmod" -> ofPolicy("filesystem, as the mode of a tmpfs");
      case "--remount-ro" -> ofPolicy("filesystem, as readOnly");
      case "--overlay", "--overlay-src", "--tmp-overlay", "--ro-overlay" ->
          ofPolicy("filesystem, a bind whose access is overlay");
      case "--file", "--bind-data", "--ro-bind-data" ->
          ofPolicy("secrets, or as a text of filesystem");
      case "--bind-fd", "--ro-bind-fd" -> none("name the path with --bind or --ro-bind");
      case "--unsetenv" ->
          "Leave it out: only harmless variables pass; a policy's environment.remove takes those"
              + " away";
      case "--uid", "--gid" -> write("--user UID:GID");
      case "--share-net" -> write("--network host");
      case "--as-pid-1" -> write("--init none");
      case "--seccomp", "--add-seccomp-fd" -> ofPolicy("seccomp");
      case "--json-status-fd", "--info-fd" -> write("--result FILE");
      case "--args" -> write("--policy FILE, which says what many flags say");
      case "--lock-file", "--sync-fd", "--block-fd", "--userns-block-fd" ->
          none("lock or wait with a shell around the command");
      case "--userns2", "--pidns" -> none("a sandbox joins no namespaces that are there");
      case "--exec-label", "--file-label" -> none("labels of SELinux are the caller's");
      case "--assert-userns-disabled",
          "--clearenv",
          "--die-with-parent",
          "--disable-userns",
          "--mqueue",
          "--new-session",
          "--proc" ->
          ForeignFlags.ALWAYS;
      default -> flag.startsWith("--unshare-") ? ForeignFlags.ALWAYS : "";
    };
  }
}

package dev.caisson.cli;

/** What to write in place of a flag of Docker, Podman or bubblewrap that Caisson does not have. */
final class ForeignFlags {
  private ForeignFlags() {}

  /** A remedy for {@code flag} of {@code verb}; empty where it is none of theirs. */
  static String hint(String verb, String flag) {
    return verb.equals("policy import") ? "Write -- before the flags of docker run" : hint(flag);
  }

  private static String hint(String flag) {
    return switch (flag) {
      case "--cap-add", "--privileged" -> ofPolicy("capabilities.keep");
      case "--read-only" -> ofPolicy("root");
      case "--security-opt", "--seccomp" -> ofPolicy("seccomp");
      case "--mount" -> ofPolicy("filesystem");
      case "--file", "--bind-data", "--ro-bind-data" ->
          ofPolicy("secrets, or as a text of filesystem");
      case "--dir" -> "Write --tmpfs DIR";
      case "--ulimit" -> ofPolicy("limits");
      case "--uid", "--gid" -> "Write --user UID:GID";
      case "--bind-try", "--ro-bind-try" -> ofPolicy("filesystem, a bind that is optional");
      case "--net", "--share-net" -> "Write --network none, private or host";
      case "--cap-drop",
          "--clearenv",
          "--die-with-parent",
          "--init",
          "--new-session",
          "--proc",
          "--unshare-all",
          "--unshare-ipc",
          "--unshare-net",
          "--unshare-pid",
          "--unshare-user",
          "--unshare-uts" ->
          "Leave it out, since it is always so";
      case "--dev", "--dev-bind", "--device" ->
          "Leave it out: of the host's devices there are only those that a policy's devices names";
      case "-d", "--detach", "--name", "--restart" -> "This version has nothing like it";
      default -> "";
    };
  }

  private static String ofPolicy(String field) {
    return "A policy says that, in its field " + field;
  }
}

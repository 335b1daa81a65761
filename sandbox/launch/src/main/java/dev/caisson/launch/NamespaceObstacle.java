package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.HostFacts;
import java.nio.charset.StandardCharsets;

/** Why a host does not let this process make namespaces, and what to do about it. */
record NamespaceObstacle(String cause, String remedy) {
  /** Looks for the cause of {@code errno}, which clone(2) gave, in the order of likelihood. */
  static NamespaceObstacle find(HostFacts host, int errno) {
    String error = describe(errno);
    if (Doctor.setting("/proc/sys/user/max_user_namespaces") == 0) {
      return new NamespaceObstacle(
          error + "; user.max_user_namespaces is 0",
          "As root: sysctl -w user.max_user_namespaces=15000. Inside another sandbox its policy"
              + " refuses nested namespaces");
    }
    if (host.uid() != 0 && Doctor.setting("/proc/sys/kernel/unprivileged_userns_clone") == 0) {
      return new NamespaceObstacle(
          error + "; kernel.unprivileged_userns_clone is 0",
          "As root: sysctl -w kernel.unprivileged_userns_clone=1");
    }
    if (host.uid() != 0
        && Doctor.setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1) {
      return new NamespaceObstacle(
          error
              + "; AppArmor restricts user namespaces"
              + " (kernel.apparmor_restrict_unprivileged_userns is 1, as in Ubuntu 23.10 and newer)",
          "As root, either allow it to the java that runs Caisson alone: write 'abi <abi/4.0>,"
              + " profile caisson "
              + ownProgram()
              + " flags=(unconfined) { userns, }' to /etc/apparmor.d/caisson and call"
              + " 'apparmor_parser -r /etc/apparmor.d/caisson'; or to everyone: sysctl -w"
              + " kernel.apparmor_restrict_unprivileged_userns=0");
    }
    if (isChroot()) {
      return new NamespaceObstacle(
          error + "; this process is in a chroot, where the kernel allows no user namespaces",
          "Run Caisson outside of the chroot, or enter it with pivot_root(8) or systemd-nspawn");
    }
    if (isFiltered()) {
      return new NamespaceObstacle(
          error
              + "; a seccomp filter is in force, as Docker's default one, which refuses user"
              + " namespaces",
          "Start the outer container with --security-opt seccomp=unconfined, or run on the host");
    }
    return new NamespaceObstacle(
        error,
        switch (errno) {
          case 11 -> "The limit of processes is used up (ulimit -u)";
          case 22 -> "The kernel was built without one of the kinds of namespaces";
          case 28 -> "The limit of namespaces is used up (/proc/sys/user)";
          case 87 -> "User namespaces are nested too deeply";
          default ->
              "A security module of this host refuses it; its log says which (journalctl -k)";
        });
  }

  static String describe(int errno) {
    return Errno.of(errno)
        .map(each -> each.name() + " (" + each.meaning() + ")")
        .orElse("ended by a signal");
  }

  private static String ownProgram() {
    return ProcessHandle.current().info().command().orElse("/usr/bin/java");
  }

  /** The root directory of a process that is in no chroot is the root of a mount. */
  private static boolean isChroot() {
    return !HostFiles.isMountRoot(UnixPath.of("/"));
  }

  private static boolean isFiltered() {
    return HostFiles.start(UnixPath.of("/proc/self/status"), 1 << 14)
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
        .filter(status -> status.contains("\nSeccomp:\t2"))
        .isPresent();
  }
}

package dev.caisson.engine.learn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What no policy is given for having been used once: each has led out of sandboxes, or acts on the
 * whole host. Whoever needs one writes it by hand.
 */
final class NeverLearned {
  /** Why, and the calls, by their names. */
  private static final String[][] CALLS = {
    {
      "it changes what is mounted",
      "mount umount umount2 pivot_root open_tree open_tree_attr move_mount fsopen fsconfig fsmount"
          + " fspick mount_setattr chroot"
    },
    {"it loads programs into the kernel", "bpf"},
    {
      "it looks into other processes",
      "ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp process_madvise"
    },
    {"it reaches keyrings, which are no namespace's", "add_key request_key keyctl"},
    {"it makes calls that no filter sees", "io_uring_setup io_uring_enter io_uring_register"},
    {"it stops the kernel in the middle of a call", "userfaultfd"},
    {"it watches the host", "perf_event_open syslog fanotify_init fanotify_mark lookup_dcookie"},
    {
      "it changes the kernel itself",
      "init_module finit_module delete_module create_module kexec_load kexec_file_load reboot"
          + " swapon swapoff acct quotactl quotactl_fd iopl ioperm nfsservctl vhangup"
    },
    {"it enters other namespaces", "setns"},
    {"it opens files past every directory", "open_by_handle_at name_to_handle_at"},
    {"it sets the host's clock", "settimeofday clock_settime stime"},
    {"it changes segment descriptors", "modify_ldt"},
    {"it changes the names of the host", "sethostname setdomainname"},
  };

  /** CLONE_NEW* of sched.h, of clone and of unshare. */
  private static final long NEW_NAMESPACES = 0x7e020080L;

  private static final long CLONE_NEWTIME = 0x80;
  private static final long TIOCSTI = 0x5412;
  private static final long TIOCLINUX = 0x541c;
  private static final long SOCK_RAW = 3;
  private static final long SOCKET_TYPE = 0xf;

  /** Address families that no network namespace holds, or that see or forge packets. */
  private static final Map<Long, String> FAMILIES =
      Map.of(
          17L, "AF_PACKET sees and forges packets",
          38L, "AF_ALG reaches the kernel's ciphers",
          40L, "AF_VSOCK reaches the hypervisor",
          44L, "AF_XDP sees and forges packets",
          15L, "AF_KEY reaches the kernel's keys",
          30L, "AF_TIPC has led out of sandboxes",
          21L, "AF_RDS has led out of sandboxes",
          29L, "AF_CAN reaches buses");

  /** Sockets of daemons that do for their clients what the clients may not do, by their ends. */
  private static final List<String> DAEMONS =
      List.of(
          "docker.sock",
          "podman.sock",
          "containerd.sock",
          "crio.sock",
          "buildkitd.sock",
          "system_bus_socket",
          "dbus/user_bus_socket",
          "/bus",
          "systemd/private",
          "systemd/notify",
          "/systemd/io.systemd.Manager",
          "libvirt-sock",
          "snapd.socket",
          "lxd/unix.socket",
          "incus/unix.socket",
          "polkit",
          "gpg-agent",
          "S.gpg-agent",
          "ssh-agent",
          "agent.sock",
          "wayland-0",
          ".X11-unix/X0",
          "pulse/native",
          "pipewire-0");

  private static final Map<String, String> WHY = new LinkedHashMap<>();

  static {
    for (String[] row : CALLS) {
      for (String call : row[1].split(" ", -1)) {
        WHY.put(call, row[0]);
      }
    }
  }

  private NeverLearned() {}

  /** Why the call is never learned, with these arguments; empty where it may be. */
  static Optional<String> why(String call, List<Long> arguments) {
    if (WHY.containsKey(call)) {
      return Optional.of(WHY.get(call));
    }
    return switch (call) {
      // its low byte is the signal of the child's end, which has the bit of CLONE_NEWTIME
      case "clone" -> namespaces(arguments.get(0) & ~CLONE_NEWTIME);
      case "unshare" -> namespaces(arguments.get(0));
      case "ioctl" -> terminal(arguments.get(1) & 0xffffffffL);
      case "socket", "socketpair" -> socket(arguments);
      default -> Optional.empty();
    };
  }

  private static Optional<String> namespaces(long flags) {
    return (flags & NEW_NAMESPACES) == 0
        ? Optional.empty()
        : Optional.of("it makes namespaces, in which more of the kernel can be reached");
  }

  private static Optional<String> terminal(long command) {
    return command == TIOCSTI || command == TIOCLINUX
        ? Optional.of("it types into a terminal")
        : Optional.empty();
  }

  private static Optional<String> socket(List<Long> arguments) {
    if ((arguments.get(1) & SOCKET_TYPE) == SOCK_RAW && arguments.get(0) != 16) {
      return Optional.of("a raw socket sees and forges packets");
    }
    return Optional.ofNullable(FAMILIES.get(arguments.get(0) & 0xffffffffL));
  }

  /** Whether a Unix socket is one of a daemon that acts for its clients. */
  static boolean isDaemon(String socket) {
    for (String end : DAEMONS) {
      if (socket.endsWith(end)) {
        return true;
      }
    }
    return false;
  }

  /** The calls that are never learned, whatever their arguments. */
  static List<String> calls() {
    return List.copyOf(WHY.keySet());
  }
}

package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.policy.Network;

/**
 * The sandbox's own network: loopback alone. To make it takes as long as all the mounts together,
 * so the payload's process does, at the same time.
 */
final class NetworkSteps {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Handshake handshake;

  NetworkSteps(LaunchContext context, Handshake handshake) {
    c = context;
    b = context.b;
    this.handshake = handshake;
  }

  /** In the payload's process: makes the network and brings loopback up. */
  void make() {
    if (!(c.policy.network() instanceof Network.None)) {
      return;
    }
    b.call("create the sandbox's network", Syscall.UNSHARE, n(Linux.CLONE_NEWNET))
        .advise(
            Errno.ENOSPC,
            "The limit of network namespaces is used up; as root: sysctl -w"
                + " user.max_net_namespaces=15000")
        .advise(Errno.EINVAL, "The kernel was built without network namespaces");
    byte[] request = new byte[40];
    request[0] = 'l';
    request[1] = 'o';
    request[16] = 1; // IFF_UP
    b.call("open a socket", Syscall.SOCKET, n(2), n(2 | Linux.O_CLOEXEC), n(0)).into(c.scratch);
    b.call("bring loopback up", Syscall.IOCTL, c.scratch, n(Linux.SIOCSIFFLAGS), b.bytes(request));
    b.call(Syscall.CLOSE, c.scratch);
    handshake.networkReady();
  }

  /** In the first process: leaves the host's network for the sandbox's. */
  void join() {
    if (!(c.policy.network() instanceof Network.None)) {
      return;
    }
    handshake.awaitNetwork();
    String meaning = "join the sandbox's network";
    b.call(meaning, Syscall.PIDFD_OPEN, handshake.payload, n(0)).into(c.scratch);
    b.call(meaning, Syscall.SETNS, c.scratch, n(Linux.CLONE_NEWNET));
    b.call(Syscall.CLOSE, c.scratch);
  }
}

package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.policy.Egress;
import dev.caisson.policy.Network;

/**
 * The sandbox's own network: loopback, and the filter of what a private one may reach. To make it
 * takes as long as all the mounts together, so the payload's process does, at the same time.
 */
final class NetworkSteps {
  private static final int MOST_BATCH_BYTES = 128 << 10;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Handshake handshake;

  NetworkSteps(LaunchContext context, Handshake handshake) {
    c = context;
    b = context.b;
    this.handshake = handshake;
  }

  /** In the payload's process: makes the network, brings loopback up, and filters. */
  void make() {
    if (c.policy.network() instanceof Network.Host) {
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
    if (c.policy.network() instanceof Network.Private wanted) {
      filter(wanted);
    }
    handshake.networkReady();
  }

  /** Nothing is connected before this is done, and the payload cannot change it. */
  private void filter(Network.Private wanted) {
    PacketFilter filter =
        PacketFilter.of(
            wanted.egress() instanceof Egress.Anywhere,
            c.request.connection().destinations(),
            wanted.dns(),
            wanted.published());
    if (filter.batch().length > MOST_BATCH_BYTES) {
      throw new PlanRefusal(
          "carry out the policy " + c.policy.name(),
          "its egress comes to "
              + c.request.connection().destinations().size()
              + " rules, more than the kernel takes at once",
          "List a block of addresses in place of many");
    }
    new PacketFilterSteps(b).install(filter);
  }

  /** In the first process: leaves the host's network for the sandbox's. */
  void join() {
    if (c.policy.network() instanceof Network.Host) {
      return;
    }
    handshake.awaitNetwork();
    String meaning = "join the sandbox's network";
    b.call(meaning, Syscall.PIDFD_OPEN, handshake.payload, n(0)).into(c.scratch);
    b.call(meaning, Syscall.SETNS, c.scratch, n(Linux.CLONE_NEWNET));
    b.call(Syscall.CLOSE, c.scratch);
  }
}

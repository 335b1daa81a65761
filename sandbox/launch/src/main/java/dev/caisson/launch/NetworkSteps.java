package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Egress;
import dev.caisson.policy.Network;

/**
 * The sandbox's own network: loopback, and the filter of what a private one may reach. To make it
 * takes as long as all the mounts together, so the payload's process does, at the same time.
 */
final class NetworkSteps {
  private static final int MOST_BATCH_BYTES = 128 << 10;
  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Handshake handshake;

  /** The directory /proc/sys. */
  private final Operand.Slot settings;

  NetworkSteps(LaunchContext context, Handshake handshake) {
    c = context;
    b = context.b;
    this.handshake = handshake;
    settings = b.slot();
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
      openLowPorts();
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

  /**
   * In the first process, while the host's /proc is there: what {@link #openLowPorts} starts from.
   * The directory is looked up here, and what is below it in the network of whoever asks.
   */
  void findSettings() {
    if (servesLowPorts()) {
      b.call(
              "find the network's settings",
              Syscall.OPENAT,
              Linux.AT_FDCWD,
              b.text("/proc/sys"),
              n(Linux.O_PATH | Linux.O_CLOEXEC))
          .into(settings);
    }
  }

  /**
   * Lets a program without a capability serve a published port below 1024 (ip(7)), as images
   * expect. Where /proc/sys is read-only, as in a container, it takes CAP_NET_BIND_SERVICE.
   */
  private void openLowPorts() {
    if (!servesLowPorts()) {
      return;
    }
    String meaning = "let any program serve ports below 1024";
    Label closed = b.label();
    b.call(
            meaning,
            Syscall.OPENAT,
            settings,
            b.text("net/ipv4/ip_unprivileged_port_start"),
            n(Linux.O_WRONLY | Linux.O_CLOEXEC))
        .into(c.scratch)
        .otherwise(closed);
    b.call(meaning, Syscall.WRITE, c.scratch, b.text("0"), n(1)).tolerateAll();
    b.call(Syscall.CLOSE, c.scratch);
    b.place(closed);
    b.call(Syscall.CLOSE, settings);
  }

  private boolean servesLowPorts() {
    return c.policy.network() instanceof Network.Private wanted
        && wanted.published().stream()
            .anyMatch(port -> port.insidePort() < FIRST_UNPRIVILEGED_PORT);
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
    if (servesLowPorts()) {
      b.call(Syscall.CLOSE, settings);
    }
  }
}

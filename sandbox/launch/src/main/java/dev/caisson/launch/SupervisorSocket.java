package dev.caisson.launch;

import dev.caisson.launch.SystemCalls.Memory;
import java.util.Optional;

/** The socket on which a payload says that its calls wait for this process. */
final class SupervisorSocket implements AutoCloseable {
  private static final long AF_UNIX = 1;
  private static final long SOCK_SEQPACKET_CLOEXEC = 5 | 0x80000;
  private static final long SOL_SOCKET = 1;
  private static final long SO_PASSCRED = 16;
  private static final long MSG_NOSIGNAL = 0x4000;
  private static final int SCM_CREDENTIALS = 2;
  private static final int MESSAGE_HEADER = 56;
  private static final int CONTROL = 64;

  /** Offsets in struct cmsghdr, and of the pid in struct ucred behind it. */
  private static final int CMSG_LEVEL = 8;

  private static final int CMSG_TYPE = 12;
  private static final int CMSG_PID = 16;

  private final int own;
  private int peers;

  /**
   * What the payload said.
   *
   * @param process its number outside, as the kernel tells
   * @param socketsReachable whether it got the filter without Unix sockets
   * @param listener the listener's descriptor in that process
   */
  record Ready(int process, boolean socketsReachable, int listener) {}

  private SupervisorSocket(int own, int peers) {
    this.own = own;
    this.peers = peers;
  }

  static SupervisorSocket open() {
    String attempted = "make a socket to the sandbox";
    try (Memory pair = SystemCalls.allocate(8);
        Memory on = SystemCalls.allocate(4)) {
      long result =
          SystemCalls.call(Syscall.SOCKETPAIR, AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair.address());
      if (result < 0) {
        throw new Launcher.StartRefusal(attempted, result, "");
      }
      SupervisorSocket socket = new SupervisorSocket(pair.getInt(0), pair.getInt(4));
      on.putInt(0, 1);
      result =
          SystemCalls.call(
              Syscall.SETSOCKOPT, socket.own, SOL_SOCKET, SO_PASSCRED, on.address(), 4);
      if (result < 0) {
        socket.close();
        throw new Launcher.StartRefusal(attempted, result, "");
      }
      return socket;
    }
  }

  int descriptor() {
    return own;
  }

  /** What the sandbox is started with. */
  int peers() {
    return peers;
  }

  /** The sandbox has its copy. */
  void started() {
    if (peers >= 0) {
      Executable.close(peers);
      peers = -1;
    }
  }

  /** Receives the payload's message; empty where every process that had the other end is gone. */
  Optional<Ready> receive() {
    try (Memory header = SystemCalls.allocate(MESSAGE_HEADER);
        Memory vector = SystemCalls.allocate(16);
        Memory content = SystemCalls.allocate(NotificationSteps.READY_BYTES);
        Memory control = SystemCalls.allocate(CONTROL)) {
      vector.putLong(0, content.address());
      vector.putLong(8, content.size());
      header.putLong(16, vector.address());
      header.putLong(24, 1);
      header.putLong(32, control.address());
      header.putLong(40, control.size());
      long count = SystemCalls.call(Syscall.RECVMSG, own, header.address(), 0);
      while (count == -Errno.EINTR.number()) {
        count = SystemCalls.call(Syscall.RECVMSG, own, header.address(), 0);
      }
      boolean named =
          control.getInt(CMSG_LEVEL) == SOL_SOCKET && control.getInt(CMSG_TYPE) == SCM_CREDENTIALS;
      if (count != NotificationSteps.READY_BYTES || !named) {
        return Optional.empty();
      }
      return Optional.of(
          new Ready(control.getInt(CMSG_PID), content.getInt(0) != 0, content.getInt(4)));
    }
  }

  /** Lets the payload go on; one that waits for nothing never reads it. */
  void acknowledge() {
    try (Memory content = SystemCalls.allocate(1)) {
      SystemCalls.call(Syscall.SENDTO, own, content.address(), content.size(), MSG_NOSIGNAL, 0, 0);
    }
  }

  @Override
  public void close() {
    started();
    Executable.close(own);
  }
}

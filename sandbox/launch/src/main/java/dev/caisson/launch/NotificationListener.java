package dev.caisson.launch;

import dev.caisson.launch.SystemCalls.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The other end of a filter that asks its supervisor (seccomp_unotify(2)). */
final class NotificationListener implements AutoCloseable {
  private static final long SECCOMP_GET_NOTIF_SIZES = 3;
  private static final long NOTIF_RECV = 0xc0502100L;
  private static final long NOTIF_SEND = 0xc0182101L;
  private static final long NOTIF_ID_VALID = 0x40082102L;
  private static final long NOTIF_SET_FLAGS = 0x40082104L;
  private static final long SYNC_WAKE_UP = 1;

  /** Offsets and sizes of struct seccomp_notif and seccomp_notif_resp (linux/seccomp.h). */
  private static final int NOTIF = 80;

  private static final int THREAD = 8;
  private static final int NUMBER = 16;
  private static final int AUDIT_ARCH = 20;
  private static final int ARGUMENTS = 32;
  private static final int RESPONSE = 24;
  private static final int VALUE = 8;
  private static final int ERROR = 16;
  private static final int FLAGS = 20;
  private static final int CONTINUE = 1;

  /** Of a thread that makes one call, in bytes. */
  private static final long STACK = 256 << 10;

  private final int descriptor;
  private final Memory notification;
  private final Memory response;
  private final Memory id = SystemCalls.allocate(8);
  private boolean open = true;

  /** Takes the listener's descriptor over. */
  NotificationListener(int descriptor) {
    this.descriptor = descriptor;
    // a newer kernel's structures may be longer, and it writes all of them
    try (Memory sizes = SystemCalls.allocate(6)) {
      SystemCalls.call(Syscall.SECCOMP, SECCOMP_GET_NOTIF_SIZES, 0, sizes.address());
      notification = SystemCalls.allocate(Math.max(NOTIF, sizes.getShort(0) & 0xffff));
      response = SystemCalls.allocate(Math.max(RESPONSE, sizes.getShort(2) & 0xffff));
    }
    // since Linux 6.6, and only faster: the two take turns on one processor
    SystemCalls.call(Syscall.IOCTL, descriptor, NOTIF_SET_FLAGS, SYNC_WAKE_UP);
  }

  int descriptor() {
    return descriptor;
  }

  /** The next call that waits; empty where the one that did has ended. */
  Optional<NotifiedCall> receive() {
    notification.put(0, new byte[notification.size()]);
    long result = SystemCalls.call(Syscall.IOCTL, descriptor, NOTIF_RECV, notification.address());
    if (result < 0) {
      if (result == -Errno.ENOENT.number() || result == -Errno.EINTR.number()) {
        return Optional.empty();
      }
      throw new Launcher.StartRefusal("receive a call of the sandbox", result, "");
    }
    List<Long> arguments = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      arguments.add(notification.getLong(ARGUMENTS + 8 * i));
    }
    long cookie = notification.getLong(0);
    return Optional.of(
        new NotifiedCall(
            cookie,
            notification.getInt(THREAD),
            notification.getInt(NUMBER),
            notification.getInt(AUDIT_ARCH),
            arguments,
            () -> waits(cookie)));
  }

  private synchronized boolean waits(long cookie) {
    if (!open) {
      // its memory is gone with it
      return false;
    }
    id.putLong(0, cookie);
    return SystemCalls.call(Syscall.IOCTL, descriptor, NOTIF_ID_VALID, id.address()) == 0;
  }

  /** Answers a call; one that has ended meanwhile needs no answer. */
  void answer(NotifiedCall call, CallAnswer answer) {
    if (answer instanceof CallAnswer.Later later) {
      Thread thread = new Thread(null, () -> send(call, later.work().get()), "call", STACK);
      thread.setDaemon(true);
      thread.start();
    } else {
      send(call, answer);
    }
  }

  private synchronized void send(NotifiedCall call, CallAnswer answer) {
    if (!open) {
      return;
    }
    if (answer instanceof CallAnswer.Kill) {
      // it waits, so its number is no other's; to kill a thread is to kill its process
      if (call.waiting().stillWaits()) {
        SystemCalls.call(Syscall.KILL, call.thread(), Linux.SIGKILL);
      }
      return;
    }
    boolean proceeds = answer instanceof CallAnswer.Proceed;
    response.put(0, new byte[response.size()]);
    response.putLong(0, call.id());
    response.putLong(VALUE, answer instanceof CallAnswer.Succeed success ? success.value() : 0);
    response.putInt(ERROR, answer instanceof CallAnswer.Fail fail ? -fail.errno() : 0);
    response.putInt(FLAGS, proceeds ? CONTINUE : 0);
    long result = SystemCalls.call(Syscall.IOCTL, descriptor, NOTIF_SEND, response.address());
    if (result < 0 && result != -Errno.ENOENT.number()) {
      throw new Launcher.StartRefusal("answer a call of the sandbox", result, "");
    }
  }

  @Override
  public synchronized void close() {
    open = false;
    Executable.close(descriptor);
    notification.close();
    response.close();
    id.close();
  }
}

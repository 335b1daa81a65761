package dev.caisson.engine.learn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which arguments a learned policy tells apart: those that choose what a call does. */
final class TrackedArguments {
  /**
   * An argument that is kept.
   *
   * @param index from 0 to 5
   * @param mask the bits that are kept; 0 where it is only kept whether it is 0
   */
  record Argument(int index, long mask) {
    private long value(long argument) {
      if (mask == 0) {
        return argument == 0 ? 0 : 1;
      }
      return argument & mask;
    }
  }

  /** All bits of an int. */
  static final long INT = 0xffffffffL;

  /** Without SOCK_CLOEXEC and SOCK_NONBLOCK. */
  private static final long SOCKET_TYPE = 0xf;

  private static final Map<String, List<Argument>> BY_CALL = new HashMap<>();

  static {
    List<Argument> socket =
        List.of(new Argument(0, INT), new Argument(1, SOCKET_TYPE), new Argument(2, INT));
    BY_CALL.put("socket", socket);
    BY_CALL.put("socketpair", socket);
    for (String call : List.of("fcntl", "ioctl")) {
      BY_CALL.put(call, List.of(new Argument(1, INT)));
    }
    for (String call : List.of("arch_prctl", "clone", "personality", "prctl", "unshare")) {
      BY_CALL.put(call, List.of(new Argument(0, INT)));
    }
    // these act on other processes too, which policies tell apart
    for (String call : List.of("ioprio_set", "setpriority")) {
      BY_CALL.put(call, List.of(new Argument(0, INT), new Argument(1, INT)));
    }
    for (String call :
        List.of("sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler")) {
      BY_CALL.put(call, List.of(new Argument(0, INT)));
    }
    BY_CALL.put(
        "prlimit64", List.of(new Argument(0, INT), new Argument(1, INT), new Argument(2, 0)));
    BY_CALL.put("setsockopt", List.of(new Argument(1, INT), new Argument(2, INT)));
  }

  private TrackedArguments() {}

  static List<Argument> of(String call) {
    return BY_CALL.getOrDefault(call, List.of());
  }

  /** The kept arguments' values, in their order. */
  static List<Long> values(List<Argument> kept, List<Long> arguments) {
    List<Long> values = new ArrayList<>();
    for (Argument argument : kept) {
      values.add(argument.value(arguments.get(argument.index())));
    }
    return values;
  }
}

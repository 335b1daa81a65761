package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.policy.seccomp.ConditionValue;
import java.util.Map;
import java.util.Optional;

/**
 * What a policy says of itself in {@code expect}, so that a change which breaks it is noticed;
 * {@code caisson policy test} answers it by simulation.
 */
public sealed interface Expectation
    permits Expectation.Call, Expectation.Connection, Expectation.FileAccess {
  /** What is attempted, as people read it. */
  String attempt();

  Outcome expected();

  Origin origin();

  /** What an attempt is expected to meet. */
  enum Outcome {
    ALLOW,
    DENY,
    /** Nothing is there to be reached. */
    ABSENT
  }

  /**
   * A system call.
   *
   * @param arguments their values, by name or by number; those that are absent may be any
   */
  record Call(String name, Map<String, ConditionValue> arguments, Outcome expected, Origin origin)
      implements Expectation {
    public Call {
      arguments = Map.copyOf(arguments);
    }

    @Override
    public String attempt() {
      StringBuilder text = new StringBuilder("syscall ").append(name);
      String joint = " with ";
      for (String argument : arguments.keySet().stream().sorted().toList()) {
        text.append(joint).append(argument).append(' ').append(arguments.get(argument));
        joint = ", ";
      }
      return text.toString();
    }
  }

  /**
   * A TCP connection.
   *
   * @param host a name, or an address
   * @param address of the host, where it is one
   */
  record Connection(
      String host, Optional<Address> address, int port, Outcome expected, Origin origin)
      implements Expectation {
    @Override
    public String attempt() {
      boolean brackets = address.filter(Address::isIpv6).isPresent();
      return "connect " + (brackets ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** A use of a file or directory; {@code path} is absolute, without {@code .} and {@code ..}. */
  record FileAccess(Use use, Side side, UnixPath path, Outcome expected, Origin origin)
      implements Expectation {
    @Override
    public String attempt() {
      return Words.of(use) + " " + Words.of(side) + ":" + path;
    }
  }

  /** How a file is used. */
  enum Use {
    READ,
    WRITE,
    EXEC
  }

  /** Whose path it is. */
  enum Side {
    /** What stands at the path inside. */
    INSIDE,
    /** The host's file, wherever it may be shown inside. */
    HOST
  }
}

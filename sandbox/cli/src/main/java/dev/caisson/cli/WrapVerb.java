package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.engine.Order;
import dev.caisson.engine.Workload;
import dev.caisson.launch.LaunchRequest.Mode;
import java.util.ArrayList;
import java.util.List;

/** {@code caisson wrap}: a command of the host, in a view of the host. */
final class WrapVerb implements Verb {
  private static final Flag WRITABLE =
      Flag.on("--rw", "Let the command write to the current directory.").opening();
  private static final Flag REPOSITORY =
      Flag.on(
              "--git",
              "Show the git repository that the current directory belongs to, a linked worktree's too;"
                  + " with --rw what this worktree writes of it is writable.")
          .opening();
  private static final Flag HOME =
      Flag.value(
              "--home",
              "tmpfs|ro|DIR",
              "The home directory inside: an empty one (the default), the real one to read, with every"
                  + " secret in it, or DIR, which keeps what is written.")
          .opening();

  private static final Syntax SYNTAX =
      new Syntax(
          "wrap",
          List.of("[--policy P] [--rw] [--] CMD ARG..."),
          "Runs a command of this host in a view of this host.",
          List.of(
              "The command sees the system's directories and the current directory, both"
                  + " read-only, and an empty home, /tmp and /run. It sees no other process, no"
                  + " network, no device but null, zero, full, random, urandom and tty, and of"
                  + " the environment only what is harmless. It keeps the caller's user id and has"
                  + " no capability.",
              "What is hidden and needed can be shown with --ro-bind; 'caisson explain --why PATH"
                  + " wrap CMD' says why a path is not there. Where a program that the shell would"
                  + " start is hidden, wrap says so and ends with 127; it never starts another of"
                  + " the same name."),
          flags(),
          List.of(
              new Syntax.Example("caisson wrap -- make test", "Build and test untrusted sources."),
              new Syntax.Example(
                  "caisson wrap --rw --ro-bind ~/.m2 -- mvn -o verify",
                  "Write to the current directory, and read a local repository."),
              new Syntax.Example(
                  "caisson wrap --network host -e TOKEN -- ./deploy.sh",
                  "With the host's network, and one variable of this shell.")),
          true);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    return session.start(
        () -> session.engine().prepare(order(SYNTAX, arguments), Mode.FOREGROUND),
        WorkloadFlags.result(arguments));
  }

  static List<Flag> flags() {
    List<Flag> flags = new ArrayList<>(List.of(WorkloadFlags.POLICY, WRITABLE, REPOSITORY, HOME));
    for (Flag flag : WorkloadFlags.ALL) {
      if (!flags.contains(flag)) {
        flags.add(flag);
      }
    }
    return flags;
  }

  static Order order(Syntax syntax, Arguments arguments) {
    if (arguments.operands().isEmpty()) {
      throw UsageRefusal.of(syntax, "a command is missing", "");
    }
    arguments.requireNamed("a command", arguments.operands().get(0));
    WorkloadFlags shared = new WorkloadFlags(syntax, arguments);
    return new Order(
        new Workload.HostCommand(
            arguments.operands(),
            arguments.has(WRITABLE),
            arguments.has(REPOSITORY),
            home(arguments)),
        shared.policy(),
        shared.adjustments(),
        shared.ceilings(),
        WorkloadFlags.result(arguments));
  }

  private static Workload.Home home(Arguments arguments) {
    if (!arguments.has(HOME)) {
      return new Workload.Home.OfPolicy();
    }
    UnixPath wanted = arguments.required(HOME);
    return switch (wanted.toString()) {
      case "tmpfs" -> new Workload.Home.Empty();
      case "ro" -> new Workload.Home.ReadOnly();
      default -> new Workload.Home.Kept(wanted);
    };
  }
}

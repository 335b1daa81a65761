package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.engine.Order;
import dev.caisson.engine.PreparedLaunch;
import dev.caisson.launch.Listing;
import java.util.List;

/** {@code caisson explain}: what a run would do, step by step, without doing it. */
final class ExplainVerb implements Verb {
  private static final Flag WHY =
      Flag.value("--why", "PATH", "Say what the command would find at this path, and why.");

  private static final Syntax SYNTAX =
      new Syntax(
          "explain",
          List.of("[--why PATH] (run|wrap) ..."),
          "Prints what a run would do, without doing it.",
          List.of(
              "A run is a list of system calls, and this prints all of them in their order: who"
                  + " makes the call, which call with which arguments, and what it is for."),
          List.of(WHY),
          List.of(
              new Syntax.Example(
                  "caisson explain wrap -- true", "Every step of a wrapped command."),
              new Syntax.Example(
                  "caisson explain --why /etc/shadow wrap -- true", "Why a file is not there.")),
          true);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    List<UnixPath> words = arguments.operands();
    if (words.isEmpty()) {
      throw UsageRefusal.of(SYNTAX, "run or wrap is missing", "");
    }
    PreparedLaunch launch =
        session.engine().explain(order(words.get(0), words.subList(1, words.size())));
    launch.notes().forEach(session::note);
    if (arguments.has(WHY)) {
      session.out().println(launch.why(arguments.required(WHY)));
    } else {
      session.out().print(Listing.of(launch.plan().program()));
    }
    return 0;
  }

  private static Order order(UnixPath verb, List<UnixPath> words) {
    return switch (verb.toString()) {
      case "run" -> {
        Syntax run = new RunVerb().syntax();
        yield RunVerb.order(run, Arguments.parse(run, words));
      }
      case "wrap" -> {
        Syntax wrap = new WrapVerb().syntax();
        yield WrapVerb.order(wrap, Arguments.parse(wrap, words));
      }
      default ->
          throw UsageRefusal.of(
              SYNTAX,
              "run or wrap was expected, not " + Spelling.shown(verb),
              Spelling.hint(verb.toString(), List.of("run", "wrap")));
    };
  }
}

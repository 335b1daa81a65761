package dev.caisson.cli;

import dev.caisson.engine.Engine;
import dev.caisson.engine.Order;
import dev.caisson.engine.PreparedLaunch;
import dev.caisson.engine.learn.LearnedPolicy;
import dev.caisson.engine.learn.Learning;
import dev.caisson.launch.Notification;
import dev.caisson.policy.Resolution;
import dev.caisson.policy.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code caisson policy learn}: the smallest policy that would have let a run pass. */
final class PolicyLearnVerb implements Verb {
  private static final Flag OUTPUT =
      Flag.value(
          "-o --output", "FILE", "Where the policy is written; else standard output, at the end.");

  private static final Syntax SYNTAX =
      new Syntax(
          "policy learn",
          List.of("[FLAG...] [--] CMD ARG..."),
          "Runs a command as wrap does, and writes a policy of what it used.",
          List.of(
              "The command runs in the sandbox, under --policy and every ceiling, and can do no"
                  + " more than wrap would let it. The policy that is written extends nothing and"
                  + " allows what was seen: system calls with the arguments that choose what they"
                  + " do, files, devices, network. Standard error says what each entry rests on,"
                  + " which of them show more than was used, and what was refused.",
              "What leads out of sandboxes is never learned: mounting, bpf, ptrace, keyrings,"
                  + " io_uring, namespaces, raw sockets, sockets of daemons.",
              "One run shows one way through a program. Read the policy, and run the command under"
                  + " it: caisson wrap --policy ./FILE CMD. The exit status is the command's."),
          flags(),
          List.of(
              new Syntax.Example(
                  "caisson policy learn -o learned.json -- python3 report.py",
                  "What a script needs.")),
          true);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    Order order = WrapVerb.order(SYNTAX, arguments);
    Optional<NewFile> file = arguments.value(OUTPUT).map(NewFile::new);
    file.ifPresent(NewFile::requireFree);
    Resolution resolution =
        PolicyArgument.load(order.policy(), session).resolution(View.WRAP, session.host());
    Engine engine = session.engine();
    try (PreparedLaunch launch = engine.prepareSupervised(order, new Notification.EveryCall())) {
      launch.notes().forEach(session::note);
      session.out().flush();
      Learning learning = new Learning(launch.request(), resolution, order.adjustments());
      int status = StayingRun.of(launch, sandbox -> sandbox.observe(learning.observation()));
      LearnedPolicy learned = learning.learned();
      learned.report().forEach(session::note);
      learning.check(learned, engine, order).forEach(session::note);
      write(learned, file, session);
      return status;
    }
  }

  private static void write(LearnedPolicy learned, Optional<NewFile> file, Session session) {
    if (file.isPresent()) {
      file.get().create(learned.text().getBytes(StandardCharsets.UTF_8), 0644);
    } else {
      session.out().print(learned.text());
    }
  }

  private static List<Flag> flags() {
    List<Flag> flags = new ArrayList<>();
    flags.add(OUTPUT);
    flags.addAll(WrapVerb.flags());
    return flags;
  }
}

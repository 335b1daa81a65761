package dev.caisson.cli;

import dev.caisson.Printable;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Origin;
import dev.caisson.policy.Policy;
import dev.caisson.policy.StatedValue;
import dev.caisson.policy.View;
import java.io.PrintStream;
import java.util.List;

/** {@code caisson policy show}: what a policy says, or what it comes to on this host. */
final class PolicyShowVerb implements Verb {
  private static final Flag EFFECTIVE =
      Flag.on(
          "--effective",
          "What the policy comes to here: parents merged, variables replaced, every field there.");
  private static final int COLUMN = 30;

  private static final Syntax SYNTAX =
      new Syntax(
          "policy show",
          List.of("[--effective] [--view V] [--format json] POLICY"),
          "Prints a policy, or what it comes to on this host.",
          List.of(
              "Each line is a field, its value, and where the value was written. Without"
                  + " --effective it is what the author wrote; with it, what a launch would use"
                  + " before its flags. In JSON it is a policy that means the same when it is read"
                  + " again."),
          List.of(EFFECTIVE, PolicyArgument.VIEW, OutputFormat.FLAG),
          List.of(
              new Syntax.Example(
                  "caisson policy show --effective untrusted", "What wrap would do by default."),
              new Syntax.Example(
                  "caisson policy show --effective --view image --format json ./ci.json",
                  "What run would do, as one policy without parents.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    OutputFormat format = OutputFormat.of(arguments);
    View view = PolicyArgument.view(arguments);
    Policy policy = PolicyArgument.load(arguments, session);
    // a policy with mistakes shows nothing: half of it would mislead
    List<StatedValue> effective = policy.resolution(view, session.host()).values();
    List<StatedValue> shown = arguments.has(EFFECTIVE) ? effective : policy.values();
    if (format == OutputFormat.JSON) {
      JsonValue document =
          arguments.has(EFFECTIVE) ? StatedValue.document(effective) : policy.written();
      session.out().println(JsonText.indented(document));
    } else {
      shown.forEach(value -> print(value, session.out()));
    }
    return 0;
  }

  private static void print(StatedValue stated, PrintStream out) {
    String path = Printable.of(String.join(".", stated.path()));
    String value =
        stated.value() instanceof JsonString text
            ? Printable.of(text.value())
            : JsonText.line(stated.value());
    out.println(
        path
            + " ".repeat(Math.max(2, COLUMN - path.length()))
            + (value.isEmpty() ? "\"\"" : value)
            + "  ("
            + stated.origin().map(Origin::toString).orElse("default")
            + ")");
  }
}

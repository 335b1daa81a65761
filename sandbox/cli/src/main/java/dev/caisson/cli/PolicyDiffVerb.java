package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.PermissionOrder;
import dev.caisson.policy.PermissionOrder.Excess;
import dev.caisson.policy.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code caisson policy diff}: what one policy allows and another does not. */
final class PolicyDiffVerb implements Verb {
  private static final Syntax SYNTAX =
      new Syntax(
          "policy diff",
          List.of("[--view wrap|image] [--format json] A B"),
          "Says what B allows that A does not.",
          List.of(
              "Both are resolved on this host and compared field by field; what stands elsewhere or"
                  + " is called otherwise is no difference. Lines with + are what B allows and A"
                  + " does not, lines with - the reverse. Where it cannot be told, more is taken to"
                  + " be allowed.",
              "Exit status 0 if B allows no more than A, 1 if it allows more."),
          List.of(PolicyArgument.VIEW, OutputFormat.FLAG),
          List.of(
              new Syntax.Example(
                  "caisson policy diff untrusted developer", "What developer opens up."),
              new Syntax.Example(
                  "caisson policy diff ./main.json ./branch.json", "Review a change.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    List<UnixPath> names = arguments.operands();
    if (names.size() != 2) {
      throw UsageRefusal.of(SYNTAX, "two policies are compared, not " + names.size(), "");
    }
    OutputFormat format = OutputFormat.of(arguments);
    View view = PolicyArgument.view(arguments);
    EffectivePolicy a = PolicyArgument.load(names.get(0), session).resolve(view, session.host());
    EffectivePolicy b = PolicyArgument.load(names.get(1), session).resolve(view, session.host());
    List<Excess> more = PermissionOrder.excess(b, a);
    List<Excess> less = PermissionOrder.excess(a, b);
    if (format == OutputFormat.JSON) {
      Map<String, JsonValue> report = new LinkedHashMap<>();
      report.put("more", json(more));
      report.put("less", json(less));
      session.out().println(JsonText.indented(JsonText.object(report)));
    } else if (more.isEmpty() && less.isEmpty()) {
      session.out().println(names.get(0) + " and " + names.get(1) + " allow the same");
    } else {
      print(names.get(1) + " allows what " + names.get(0) + " does not:", "+ ", more, session);
      print(names.get(0) + " allows what " + names.get(1) + " does not:", "- ", less, session);
    }
    return more.isEmpty() ? 0 : 1;
  }

  private static void print(String head, String sign, List<Excess> found, Session session) {
    if (!found.isEmpty()) {
      session.out().println(head);
      found.forEach(excess -> session.out().println(sign + excess));
    }
  }

  private static JsonValue json(List<Excess> found) {
    return JsonText.array(found.stream().map(PolicyDiffVerb::json).toList());
  }

  private static JsonValue json(Excess excess) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("field", JsonText.text(excess.field()));
    members.put("allows", JsonText.text(excess.witness()));
    return JsonText.object(members);
  }
}

package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.engine.PolicyTest;
import dev.caisson.engine.PolicyTest.Answer;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Finding.Verdict;
import dev.caisson.policy.Policy;
import dev.caisson.policy.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code caisson policy test}: whether what a policy expects of itself holds. */
final class PolicyTestVerb implements Verb {
  private static final int COLUMN = 9;

  private static final Syntax SYNTAX =
      new Syntax(
          "policy test",
          List.of("[--view wrap|image] [--format json] POLICY"),
          "Says whether what a policy expects of itself holds.",
          List.of(
              "Each expectation is answered by simulation, nothing is started: holds, fails, or"
                  + " depends on what no policy decides, an image's files or the permissions of a"
                  + " file. Paths are looked up on this host as a launch from here would find them;"
                  + " inside: is a path that programs see, host: a file of the host wherever it may"
                  + " be shown.",
              "Exit status 0 if none fails, else 1."),
          List.of(PolicyArgument.VIEW, OutputFormat.FLAG),
          List.of(
              new Syntax.Example("caisson policy test ./ci.json", "For a command of the host."),
              new Syntax.Example(
                  "caisson policy test --view image ./ci.json", "For a program of an image.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    OutputFormat format = OutputFormat.of(arguments);
    View view = PolicyArgument.view(arguments);
    UnixPath name = arguments.onlyOperand("a policy");
    Policy policy = PolicyArgument.load(name, session);
    List<Answer> answers =
        PolicyTest.of(policy.resolution(view, session.host()), name, session.host());
    if (format == OutputFormat.JSON) {
      session
          .out()
          .println(
              JsonText.indented(
                  JsonText.array(answers.stream().map(PolicyTestVerb::json).toList())));
    } else {
      answers.forEach(answer -> session.out().println(line(answer)));
      session.note(summary(policy, answers));
    }
    return count(answers, Verdict.FAILS) == 0 ? 0 : 1;
  }

  private static String line(Answer answer) {
    String verdict = word(answer.verdict());
    return verdict
        + " ".repeat(COLUMN - verdict.length())
        + answer.expectation().attempt()
        + " -> "
        + word(answer.expectation().expected())
        + ": "
        + answer.finding().reason()
        + "  ("
        + answer.expectation().origin()
        + ")";
  }

  private static String summary(Policy policy, List<Answer> answers) {
    if (answers.isEmpty()) {
      return policy.source() + " expects nothing; write what it should hold in \"expect\"";
    }
    List<String> parts = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      long count = count(answers, verdict);
      if (count > 0) {
        parts.add(count + " " + word(verdict));
      }
    }
    return String.join(", ", parts);
  }

  private static long count(List<Answer> answers, Verdict verdict) {
    return answers.stream().filter(answer -> answer.verdict() == verdict).count();
  }

  private static JsonValue json(Answer answer) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("attempt", JsonText.text(answer.expectation().attempt()));
    members.put("expected", JsonText.text(word(answer.expectation().expected())));
    members.put("verdict", JsonText.text(word(answer.verdict())));
    members.put("reason", JsonText.text(answer.finding().reason()));
    members.put("origin", JsonText.text(answer.expectation().origin().toString()));
    return JsonText.object(members);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

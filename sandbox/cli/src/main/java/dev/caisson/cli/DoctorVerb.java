package dev.caisson.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caisson.engine.CallerFindings;
import dev.caisson.launch.Doctor;
import dev.caisson.launch.Doctor.Finding;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** {@code caisson doctor}: what this host can and cannot do. */
final class DoctorVerb implements Verb {
  private static final int NAME_COLUMN = 26;

  private static final Syntax SYNTAX =
      new Syntax(
          "doctor",
          List.of("[--format json]"),
          "Says what this host can and cannot do, with remedies.",
          List.of(
              "Each line is ok, missing or note. Exit status 0 if a sandbox can start here, else 1."),
          List.of(OutputFormat.FLAG),
          List.of(
              new Syntax.Example("caisson doctor", "All findings."),
              new Syntax.Example("caisson doctor --format json", "The same for a program.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    arguments.noOperands();
    List<Finding> findings = new ArrayList<>(Doctor.examine(session.host()));
    findings.addAll(CallerFindings.of(session.host()));
    boolean able = findings.stream().noneMatch(Finding::prevents);
    if (OutputFormat.of(arguments) == OutputFormat.JSON) {
      session.out().println(json(findings, able));
    } else {
      print(findings, able, session.out());
    }
    return able ? 0 : 1;
  }

  private static void print(List<Finding> findings, boolean able, PrintStream out) {
    for (Finding finding : findings) {
      String state = finding.state().word();
      out.println(
          state
              + " ".repeat(9 - state.length())
              + finding.name()
              + " ".repeat(Math.max(1, NAME_COLUMN - finding.name().length()))
              + finding.detail());
      if (!finding.remedy().isEmpty()) {
        for (String line : HelpText.wrap(finding.remedy(), 70)) {
          out.println(" ".repeat(9) + line);
        }
      }
    }
    out.println();
    out.println(able ? "A sandbox can start here." : "No sandbox can start here.");
  }

  private static String json(List<Finding> findings, boolean able) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("able", able);
    ArrayNode list = document.putArray("findings");
    for (Finding finding : findings) {
      list.addObject()
          .put("name", finding.name())
          .put("state", finding.state().word())
          .put("required", finding.required())
          .put("detail", finding.detail())
          .put("remedy", finding.remedy());
    }
    return JsonOutput.text(document);
  }
}

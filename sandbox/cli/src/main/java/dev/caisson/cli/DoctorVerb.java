package dev.caisson.cli;

import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.launch.Doctor;
import dev.caisson.launch.Doctor.Finding;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    OutputFormat format = OutputFormat.of(SYNTAX, arguments);
    List<Finding> findings = Doctor.examine(session.host());
    boolean able = findings.stream().noneMatch(Finding::prevents);
    if (format == OutputFormat.JSON) {
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
    Map<String, JsonValue> report = new LinkedHashMap<>();
    report.put("able", JsonText.flag(able));
    report.put("findings", JsonText.array(findings.stream().map(DoctorVerb::json).toList()));
    return JsonText.indented(JsonText.object(report));
  }

  private static JsonValue json(Finding finding) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("name", JsonText.text(finding.name()));
    members.put("state", JsonText.text(finding.state().word()));
    members.put("required", JsonText.flag(finding.required()));
    members.put("detail", JsonText.text(finding.detail()));
    members.put("remedy", JsonText.text(finding.remedy()));
    return JsonText.object(members);
  }
}

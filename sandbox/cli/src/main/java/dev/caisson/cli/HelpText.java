package dev.caisson.cli;

import java.util.ArrayList;
import java.util.List;

/** Renders the help of a verb for a terminal of 80 columns. */
final class HelpText {
  private static final int WIDTH = 80;
  private static final int FLAG_COLUMN = 28;

  private HelpText() {}

  static String of(Syntax syntax) {
    StringBuilder out = new StringBuilder();
    String lead = "Usage: ";
    for (String synopsis : syntax.synopses()) {
      out.append(lead)
          .append("caisson ")
          .append(syntax.verb())
          .append(' ')
          .append(synopsis.strip());
      trim(out).append('\n');
      lead = "       ";
    }
    out.append('\n');
    paragraph(out, syntax.summary(), 0);
    for (String paragraph : syntax.paragraphs()) {
      out.append('\n');
      paragraph(out, paragraph, 0);
    }
    out.append("\nFlags:\n");
    for (Flag flag : syntax.flags()) {
      flag(out, flag);
    }
    if (!syntax.examples().isEmpty()) {
      out.append("\nExamples:\n");
    }
    for (Syntax.Example example : syntax.examples()) {
      out.append("  $ ").append(example.command()).append('\n');
      paragraph(out, example.meaning(), 6);
    }
    return out.toString();
  }

  private static void flag(StringBuilder out, Flag flag) {
    String form = "  " + String.join(", ", flag.names());
    if (!flag.isSwitch()) {
      form += " " + String.join(" ", flag.parameters());
    }
    out.append(form);
    List<String> lines = wrap(flag.help(), WIDTH - FLAG_COLUMN);
    if (form.length() + 2 > FLAG_COLUMN) {
      out.append('\n').append(" ".repeat(FLAG_COLUMN));
    } else {
      out.append(" ".repeat(FLAG_COLUMN - form.length()));
    }
    out.append(String.join("\n" + " ".repeat(FLAG_COLUMN), lines)).append('\n');
  }

  private static void paragraph(StringBuilder out, String text, int indent) {
    for (String line : wrap(text, WIDTH - indent)) {
      out.append(" ".repeat(indent)).append(line).append('\n');
    }
  }

  static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static StringBuilder trim(StringBuilder out) {
    while (out.charAt(out.length() - 1) == ' ') {
      out.setLength(out.length() - 1);
    }
    return out;
  }
}

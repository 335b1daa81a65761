package dev.caisson.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** Renders the help of a verb for a terminal of 80 columns. */
final class HelpText {
  static final int WIDTH = 80;
  private static final int FLAG_COLUMN = 29;

  private HelpText() {}

  static String of(Syntax syntax) {
    CommandSpec spec = CommandSpec.create();
    spec.parser().separator(" ");
    for (Flag flag : syntax.flags()) {
      spec.addOption(
          SyntaxSpec.option(flag).description(lines(flag.help(), WIDTH - FLAG_COLUMN)).build());
    }
    spec.usageMessage()
        .width(WIDTH)
        .sortOptions(false)
        .customSynopsis(synopses(syntax))
        .descriptionHeading("%n")
        .description(description(syntax))
        .optionListHeading("%nFlags:%n");
    return new CommandLine(spec).getUsageMessage(Ansi.OFF) + examples(syntax);
  }

  private static String[] synopses(Syntax syntax) {
    List<String> lines = new ArrayList<>();
    for (String synopsis : syntax.synopses()) {
      String indent = lines.isEmpty() ? "" : "       ";
      lines.add(literal((indent + "caisson " + syntax.verb() + " " + synopsis).stripTrailing()));
    }
    return lines.toArray(new String[0]);
  }

  private static String[] description(Syntax syntax) {
    List<String> lines = new ArrayList<>(List.of(lines(syntax.summary(), WIDTH)));
    for (String paragraph : syntax.paragraphs()) {
      lines.add("");
      lines.addAll(List.of(lines(paragraph, WIDTH)));
    }
    return lines.toArray(new String[0]);
  }

  /** Not by picocli, which would break a command line that is longer than the terminal is wide. */
  private static String examples(Syntax syntax) {
    if (syntax.examples().isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("\nExamples:\n");
    for (Syntax.Example example : syntax.examples()) {
      out.append("  $ ").append(example.command()).append('\n');
      for (String line : wrap(example.meaning(), WIDTH - 6)) {
        out.append("      ").append(line).append('\n');
      }
    }
    return out.toString();
  }

  /** Text in lines that picocli need not break; it would after a full stop within a word. */
  static String[] lines(String text, int width) {
    return wrap(literal(text), width).toArray(new String[0]);
  }

  /** Text of which picocli, to which it is a format, makes {@code text} again. */
  private static String literal(String text) {
    return text.replace("%", "%%");
  }

  /** The words of {@code text} in lines of at most {@code width} columns. */
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
}

package dev.caisson.cli;

import java.io.File;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The whole command in picocli's terms, for what needs all verbs at once: the shells' completion.
 */
final class VerbTree {
  private static final List<String> FILES = List.of("FILE", "DIR", "PUB", "PATH", "NAME");

  private VerbTree() {}

  static CommandSpec whole() {
    CommandSpec root = CommandSpec.create().name("caisson");
    root.addOption(SyntaxSpec.option(Syntax.HELP).build());
    root.addOption(SyntaxSpec.option(Syntax.VERSION).build());
    for (String name : Verbs.NAMES) {
      CommandSpec parent = root;
      int space = name.indexOf(' ');
      if (space > 0) {
        parent = group(root, name.substring(0, space));
      }
      Syntax syntax = Verbs.named(name).orElseThrow().syntax();
      parent.addSubcommand(name.substring(space + 1), verb(syntax));
    }
    return root;
  }

  private static CommandSpec group(CommandSpec root, String name) {
    CommandLine group = root.subcommands().get(name);
    if (group == null) {
      group = new CommandLine(CommandSpec.create());
      root.addSubcommand(name, group);
    }
    return group.getCommandSpec();
  }

  private static CommandSpec verb(Syntax syntax) {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description(HelpText.lines(syntax.summary(), HelpText.WIDTH));
    for (Flag flag : syntax.flags()) {
      OptionSpec.Builder option = SyntaxSpec.option(flag);
      if (flag.parameters().size() == 1) {
        complete(option, flag);
      }
      spec.addOption(option.description(HelpText.lines(flag.help(), HelpText.WIDTH)).build());
    }
    List<String> first = Suggestions.ofOperand(syntax.verb());
    if (first.isEmpty()) {
      return spec.addPositional(files("0..*"));
    }
    // where none of the words fits, the shell goes on with files
    spec.addPositional(
        PositionalParamSpec.builder().index("0").completionCandidates(first).build());
    return spec.addPositional(files("1..*"));
  }

  private static PositionalParamSpec files(String index) {
    return PositionalParamSpec.builder().index(index).type(File.class).build();
  }

  /** What a value can be is also read from what it is called. */
  private static void complete(OptionSpec.Builder option, Flag flag) {
    List<String> words = Suggestions.of(flag);
    String parameter = flag.parameters().get(0);
    if (!words.isEmpty()) {
      option.completionCandidates(words);
    } else if (FILES.contains(parameter) || parameter.startsWith("SRC")) {
      option.type(File.class);
    }
  }
}

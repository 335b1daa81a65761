package dev.caisson.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A verb's syntax in picocli's terms. By its programmatic model, since reading annotations doubles
 * the time of a cold start.
 */
final class SyntaxSpec {
  private SyntaxSpec() {}

  /** What nothing here asks for; picocli's own looks for Groovy in every jar of the class path. */
  private static final class NoObjects implements IFactory {
    @Override
    public <K> K create(Class<K> type) {
      throw new IllegalStateException("the syntax of a verb names no class: " + type);
    }
  }

  /** What parses the words after the verb; a word is taken as it is, whatever it looks like. */
  static CommandLine parser(Syntax syntax) {
    return new CommandLine(words(syntax), new NoObjects());
  }

  private static CommandSpec words(Syntax syntax) {
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(null, new NoObjects()).name("caisson " + syntax.verb());
    spec.parser()
        .expandAtFiles(false)
        .allowOptionsAsOptionParameters(true)
        .stopAtPositional(syntax.payload());
    for (Flag flag : syntax.flags()) {
      spec.addOption(option(flag).build());
    }
    return spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("0..*")
            .type(String[].class)
            .hidden(true)
            .build());
  }

  static OptionSpec.Builder option(Flag flag) {
    return OptionSpec.builder(flag.names().toArray(new String[0]))
        .arity(Integer.toString(flag.parameters().size()))
        .type(type(flag))
        .paramLabel(String.join(" ", flag.parameters()))
        .hideParamSyntax(true);
  }

  /** An array may be given more than once. */
  private static Class<?> type(Flag flag) {
    if (flag.isSwitch()) {
      return boolean[].class;
    }
    return flag.repeatable() ? String[].class : String.class;
  }
}

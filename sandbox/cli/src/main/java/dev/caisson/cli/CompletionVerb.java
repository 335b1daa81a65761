package dev.caisson.cli;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;

/** {@code caisson completion}: what a shell needs to complete a command line. */
final class CompletionVerb implements Verb {
  static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  private static final Syntax SYNTAX =
      new Syntax(
          "completion",
          List.of("bash|zsh|fish"),
          "Prints a script that lets a shell complete verbs, flags and their values.",
          List.of(),
          List.of(),
          List.of(
              new Syntax.Example(
                  "source <(caisson completion bash)", "In ~/.bashrc; with zsh in ~/.zshrc."),
              new Syntax.Example(
                  "caisson completion fish > ~/.config/fish/completions/caisson.fish",
                  "Where fish looks for it.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    String shell = arguments.onlyOperand("a shell").toString();
    session
        .out()
        .print(
            switch (shell) {
              // picocli's script loads zsh's emulation of bash by itself
              case "bash", "zsh" -> AutoComplete.bash("caisson", new CommandLine(VerbTree.whole()));
              case "fish" -> FishCompletion.script();
              default ->
                  throw UsageRefusal.of(
                      SYNTAX, "there is no completion for " + shell, Spelling.hint(shell, SHELLS));
            });
    return 0;
  }
}

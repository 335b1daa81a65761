package dev.caisson.cli;

import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.launch.OwnProcess;
import java.util.List;

/** The command {@code caisson}. */
public final class Main {
  private static final String TRAIN = "--train";

  /** As of a program that SIGPIPE ended. */
  private static final int READER_LEFT = 128 + 13;

  private Main() {}

  /** Does what the process's arguments say; those of {@code args} only tell how many there are. */
  public static void main(String[] args) {
    if (args.length == 1 && args[0].equals(TRAIN)) {
      // returns, since a class-data archive is written at an orderly end only
      Training.run();
      return;
    }
    StandardOutput output = new StandardOutput();
    Session session = Session.ofProcess(output);
    int status = run(args.length, session);
    session.out().flush();
    if (output.readerLeft()) {
      status = READER_LEFT;
    } else if (session.out().checkError()) {
      session.note("cannot write to standard output");
      status = Refusal.STATUS;
    }
    Runtime.getRuntime().halt(status);
  }

  private static int run(int count, Session session) {
    try {
      return run(OwnProcess.lastArguments(count), session);
    } catch (Refusal refusal) {
      return refused(refusal, session);
    }
  }

  /** Does what {@code words} say and returns the exit status. */
  static int run(List<UnixPath> words, Session session) {
    try {
      return dispatch(words, session);
    } catch (Refusal refusal) {
      return refused(refusal, session);
    } catch (RuntimeException | Error defect) {
      session.note("a defect of Caisson itself; please report it with these lines");
      defect.printStackTrace(session.err());
      return Refusal.STATUS;
    }
  }

  private static int refused(Refusal refusal, Session session) {
    String message = String.valueOf(refusal.getMessage());
    session.note(message.endsWith(".") || message.endsWith("?") ? message : message + ".");
    return refusal.exitStatus();
  }

  private static int dispatch(List<UnixPath> words, Session session) {
    if (words.isEmpty()) {
      session.err().print(Overview.text());
      return Refusal.STATUS;
    }
    String first = words.get(0).toString();
    if (Syntax.VERSION.names().contains(first) || first.equals("version")) {
      session.out().println(Overview.version());
      return 0;
    }
    if (isHelp(first)) {
      session.out().print(Overview.text());
      return 0;
    }
    if (first.equals("help")) {
      return help(words.subList(1, words.size()), session);
    }
    if (Verbs.isGroup(first) && words.size() > 1 && isHelp(words.get(1).toString())) {
      return help(words.subList(0, 1), session);
    }
    Verbs.Found found = Verbs.find(words);
    Syntax syntax = found.verb().syntax();
    Arguments arguments = Arguments.parse(syntax, words.subList(found.words(), words.size()));
    if (arguments.has(Syntax.HELP)) {
      session.out().print(HelpText.of(syntax));
      return 0;
    }
    return found.verb().run(arguments, session);
  }

  private static int help(List<UnixPath> words, Session session) {
    if (words.isEmpty()) {
      session.out().print(Overview.text());
    } else if (words.size() == 1 && Verbs.isGroup(words.get(0).toString())) {
      session.out().print(Overview.group(words.get(0).toString()));
    } else {
      session.out().print(HelpText.of(Verbs.find(words).verb().syntax()));
    }
    return 0;
  }

  private static boolean isHelp(String word) {
    return Syntax.HELP.names().contains(word);
  }
}

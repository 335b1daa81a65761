package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.launch.Terminal;
import dev.caisson.signing.Password;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where the password of a private key comes from. */
final class PasswordSource {
  private static final String NAME = "--password-stdin";
  private static final String VARIABLE = "CAISSON_PASSWORD";
  private static final String COSIGNS_VARIABLE = "COSIGN_PASSWORD";

  /** For a key that is made. */
  static final Flag OF_A_NEW_KEY =
      Flag.on(
          NAME,
          "Read the password from the first line of standard input. Without it CAISSON_PASSWORD is"
              + " used, else it is asked for. An empty one leaves the key unprotected.");

  /** For a key that exists, which may be cosign's. */
  static final Flag OF_A_KEY =
      Flag.on(
          NAME,
          "Read the password from the first line of standard input. Without it CAISSON_PASSWORD is"
              + " used, else COSIGN_PASSWORD, else it is asked for.");

  private static final String READ = "read the password";
  private static final int LONGEST = 4096;

  private final Arguments arguments;
  private final Session session;

  PasswordSource(Arguments arguments, Session session) {
    this.arguments = arguments;
    this.session = session;
  }

  /** The password of a key that exists. */
  Password existing(UnixPath key) {
    return given(OF_A_KEY, List.of(VARIABLE, COSIGNS_VARIABLE))
        .orElseGet(() -> Password.of(ask("Password of " + key + ": ")));
  }

  /** The password of a key that is made; typed twice where it is typed. */
  Password fresh(UnixPath key) {
    return given(OF_A_NEW_KEY, List.of(VARIABLE)).orElseGet(() -> askTwice(key));
  }

  private Password askTwice(UnixPath key) {
    char[] first = ask("New password for " + key + ": ");
    char[] second = ask("The same again: ");
    try {
      if (!Arrays.equals(first, second)) {
        throw new FileRefusal("make the key " + key, "the two passwords differ", "Try again");
      }
      return Password.of(first);
    } finally {
      Arrays.fill(first, '\0');
      Arrays.fill(second, '\0');
    }
  }

  private Optional<Password> given(Flag standardInput, List<String> variables) {
    if (arguments.has(standardInput)) {
      return Optional.of(firstLine());
    }
    for (String variable : variables) {
      UnixPath value = session.host().environment().get(variable);
      if (value != null) {
        return Optional.of(Password.of(value.bytes()));
      }
    }
    return Optional.empty();
  }

  /** An empty line is an empty password; no line is none, as where the program before failed. */
  private Password firstLine() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      int b = session.in().read();
      if (b < 0) {
        throw new FileRefusal(
            READ,
            "standard input ended before its first byte",
            "Give a line that holds it; an empty line is the empty password");
      }
      for (; b >= 0 && b != '\n'; b = session.in().read()) {
        line.write(b);
        if (line.size() > LONGEST) {
          throw new FileRefusal(
              READ, "the first line of standard input is longer than " + LONGEST + " bytes", "");
        }
      }
    } catch (IOException unreadable) {
      throw new FileRefusal(READ, String.valueOf(unreadable.getMessage()), "");
    }
    return Password.of(line.toByteArray());
  }

  private static char[] ask(String prompt) {
    Console console = Terminal.isTerminal(0) ? System.console() : null;
    if (console == null) {
      throw new FileRefusal(
          "ask for the password",
          "standard input is no terminal",
          "Give it by " + NAME + ", or in the variable " + VARIABLE);
    }
    char[] typed = console.readPassword("%s", prompt);
    if (typed == null) {
      throw new FileRefusal("ask for the password", "the input ended", "Type it, and Enter");
    }
    return typed;
  }
}

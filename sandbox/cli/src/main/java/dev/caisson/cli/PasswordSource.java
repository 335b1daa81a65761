package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.launch.Terminal;
import dev.caisson.signing.Password;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Where the password of a private key comes from. */
final class PasswordSource {
  static final Flag STANDARD_INPUT =
      Flag.on(
          "--password-stdin",
          "Read the password from the first line of standard input. Without it CAISSON_PASSWORD is"
              + " used, else it is asked for.");
  private static final String VARIABLE = "CAISSON_PASSWORD";
  private static final int LONGEST = 4096;

  private final Arguments arguments;
  private final Session session;

  PasswordSource(Arguments arguments, Session session) {
    this.arguments = arguments;
    this.session = session;
  }

  /** The password of a key that exists. */
  Password existing(UnixPath key) {
    return given().orElseGet(() -> Password.of(ask("Password of " + key + ": ")));
  }

  /** The password of a key that is made; typed twice where it is typed. */
  Password fresh(UnixPath key) {
    return given().orElseGet(() -> askTwice(key));
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

  private Optional<Password> given() {
    if (arguments.has(STANDARD_INPUT)) {
      return Optional.of(firstLine());
    }
    return Optional.ofNullable(session.host().environment().get(VARIABLE))
        .map(value -> Password.of(value.bytes()));
  }

  private Password firstLine() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int b = session.in().read(); b >= 0 && b != '\n'; b = session.in().read()) {
        line.write(b);
        if (line.size() > LONGEST) {
          throw new FileRefusal(
              "read the password",
              "the first line of standard input is longer than 4096 bytes",
              "");
        }
      }
    } catch (IOException unreadable) {
      throw new FileRefusal("read the password", String.valueOf(unreadable.getMessage()), "");
    }
    return Password.of(line.toByteArray());
  }

  private static char[] ask(String prompt) {
    Console console = Terminal.isTerminal(0) ? System.console() : null;
    char[] typed = console == null ? null : console.readPassword("%s", prompt);
    if (typed == null) {
      throw new FileRefusal(
          "ask for the password",
          "standard input is no terminal",
          "Give it by --password-stdin, or in the variable " + VARIABLE);
    }
    return typed;
  }
}

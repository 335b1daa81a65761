package dev.caisson.signing;

import dev.caisson.Printable;

/**
 * The name of a repository: path components as the OCI distribution specification has them
 * ("Pulling manifests"), after the host and port of a registry where one is named.
 */
public final class RepositoryName {
  private static final int LONGEST = 255;

  private RepositoryName() {}

  /**
   * Looks whether {@code name} is one.
   *
   * @throws TrustRefusal saying what of it no repository has
   */
  public static void require(String name) {
    String why = problem(name);
    if (!why.isEmpty()) {
      throw new TrustRefusal(
          "sign for the repository " + Printable.of(name),
          why,
          "Name a repository without a tag, such as registry.example.com/team/app");
    }
  }

  static boolean isOne(String name) {
    return problem(name).isEmpty();
  }

  /** What of it no repository has; empty if it is a repository's name. */
  private static String problem(String name) {
    if (name.length() > LONGEST) {
      return "it is longer than " + LONGEST + " characters";
    }
    String[] parts = name.split("/", -1);
    boolean registry = parts.length > 1 && namesRegistry(parts[0]);
    if (registry && !isRegistry(parts[0])) {
      return Printable.of(parts[0]) + " is no registry's host or host:port";
    }
    for (int i = registry ? 1 : 0; i < parts.length; i++) {
      if (!isComponent(parts[i])) {
        return (parts[i].isEmpty() ? "an empty part" : Printable.of(parts[i]))
            + " is no part of a repository's name: those are lower-case letters and digits, with"
            + " one dot, one or two underscores or some dashes between them";
      }
    }
    return "";
  }

  /** As registries' clients tell a registry from the first part of a path. */
  private static boolean namesRegistry(String first) {
    return first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
  }

  private static boolean isRegistry(String text) {
    int colon = text.indexOf(':');
    return isHost(colon < 0 ? text : text.substring(0, colon))
        && (colon < 0 || isPort(text.substring(colon + 1)));
  }

  private static boolean isHost(String host) {
    for (String label : host.split("\\.", -1)) {
      if (label.isEmpty() || label.startsWith("-") || label.endsWith("-")) {
        return false;
      }
      for (int i = 0; i < label.length(); i++) {
        char c = label.charAt(i);
        if (!isLowerOrDigit(c) && !(c >= 'A' && c <= 'Z') && c != '-') {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isPort(String port) {
    for (int i = 0; i < port.length(); i++) {
      if (port.charAt(i) < '0' || port.charAt(i) > '9') {
        return false;
      }
    }
    return !port.isEmpty() && port.length() <= 5 && Integer.parseInt(port) <= 65535;
  }

  /** Lower-case letters and digits in runs, and between two runs a separator. */
  private static boolean isComponent(String text) {
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      if (!isLowerOrDigit(text.charAt(i))) {
        if (!isSeparator(text.substring(run, i + 1)) || i + 1 == text.length()) {
          return false;
        }
      } else {
        run = i + 1;
      }
    }
    return run > 0 && isLowerOrDigit(text.charAt(0));
  }

  /** True for the start of a separator as well; there is none that has another inside. */
  private static boolean isSeparator(String text) {
    return text.equals(".")
        || text.equals("_")
        || text.equals("__")
        || text.equals("-".repeat(text.length()));
  }

  private static boolean isLowerOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }
}

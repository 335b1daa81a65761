package dev.caisson.policy.seccomp;

import dev.caisson.json.Nearest;
import dev.caisson.policy.Architecture;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names of system calls of any architecture, which a profile may therefore write. */
final class KnownCalls {
  private KnownCalls() {}

  static boolean contains(String name) {
    for (Architecture architecture : Architecture.values()) {
      if (SyscallTable.of(architecture).number(name).isPresent()) {
        return true;
      }
    }
    return Elsewhere.NAMES.contains(name);
  }

  /** The nearest spelling, as a message's tail. */
  static String hint(String name) {
    return Nearest.hint(name, names());
  }

  /** All of them, sorted. */
  static List<String> names() {
    Set<String> all = new TreeSet<>(Elsewhere.NAMES);
    for (Architecture architecture : Architecture.values()) {
      all.addAll(SyscallTable.of(architecture).names());
    }
    return List.copyOf(all);
  }

  /** Read only when a name is on neither of Caisson's own architectures. */
  private static final class Elsewhere {
    static final Set<String> NAMES = read();

    private static Set<String> read() {
      Set<String> names = new TreeSet<>();
      TableLines lines = TableLines.of("elsewhere.tsv");
      while (lines.next()) {
        names.add(lines.text(0));
      }
      return names;
    }
  }
}

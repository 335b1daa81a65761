package dev.caisson.policy.seccomp;

import dev.caisson.json.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Groups of system calls that a policy may name, {@code @mount} for instance. */
public final class CallGroups {
  private static final Map<String, Group> GROUPS = read();

  private record Group(List<String> words, String meaning) {}

  private CallGroups() {}

  /** The calls of the group {@code name}, of any ABI; empty where there is no such group. */
  public static Optional<List<String>> calls(String name) {
    Group group = GROUPS.get(name);
    if (group == null) {
      return Optional.empty();
    }
    Set<String> calls = new LinkedHashSet<>();
    add(group, calls);
    return Optional.of(List.copyOf(calls));
  }

  /** A sentence about the group {@code name}. */
  public static Optional<String> meaning(String name) {
    return Optional.ofNullable(GROUPS.get(name)).map(Group::meaning);
  }

  public static List<String> names() {
    return List.copyOf(GROUPS.keySet());
  }

  /** The nearest spelling, as a message's tail. */
  public static String hint(String name) {
    return Nearest.hint(name, GROUPS.keySet());
  }

  private static void add(Group group, Set<String> calls) {
    for (String word : group.words()) {
      Group inner = GROUPS.get(word);
      if (inner == null) {
        calls.add(word);
      } else {
        add(inner, calls);
      }
    }
  }

  private static Map<String, Group> read() {
    Map<String, Group> groups = new LinkedHashMap<>();
    TableLines lines = TableLines.of("groups.tsv");
    while (lines.next()) {
      List<String> words = new ArrayList<>(List.of(lines.text(1).split(" ", -1)));
      groups.put(lines.text(0), new Group(words, lines.text(2)));
    }
    return groups;
  }
}

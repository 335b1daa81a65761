package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The clauses of every call that rules name, in the order in which they decide. */
final class CallClauses {
  private final String name;
  private final SyscallTable table;
  private final Reading reading;
  private final SeccompAction defaultAction;
  private final Map<Integer, List<Clause>> clauses = new HashMap<>();

  /**
   * @param name of the profile, for messages
   * @param layers a later one decides before an earlier one
   */
  CallClauses(
      String name,
      SyscallTable table,
      Reading reading,
      SeccompAction defaultAction,
      List<List<SyscallRule>> layers) {
    this.name = name;
    this.table = table;
    this.reading = reading;
    this.defaultAction = defaultAction;
    for (int i = layers.size() - 1; i >= 0; i--) {
      // libseccomp knows no layers: only the profile itself is read as it would
      add(layers.get(i), i == 0 ? reading : Reading.STRICT);
    }
  }

  List<Clause> of(int number) {
    List<Clause> known = clauses.get(number);
    return known == null ? List.of() : known;
  }

  /** Lets {@code action} alone decide a call. */
  void replace(int number, SeccompAction action) {
    clauses.put(number, List.of(new Clause(List.of(), action)));
  }

  /** How many low bytes of an argument are looked at. */
  int width(int number, int argument) {
    return reading == Reading.STRICT ? table.width(number, argument) : table.abi().registerBytes();
  }

  private List<Integer> widths(int number) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < SyscallTable.ARGUMENTS; i++) {
      widths.add(width(number, i));
    }
    return widths;
  }

  private void add(List<SyscallRule> layer, Reading order) {
    Map<Integer, List<Clause>> added = new HashMap<>();
    Map<Integer, Clause> withoutConditions = new HashMap<>();
    for (SyscallRule rule : layer) {
      OptionalInt number = table.number(rule.name());
      boolean silent = order == Reading.COMPAT && rule.action().equals(defaultAction);
      if (number.isPresent() && !silent) {
        Optional<Clause> clause =
            Clause.of(rule, rule.when().isEmpty() ? List.of() : widths(number.getAsInt()));
        if (clause.isPresent()) {
          listOf(added, number.getAsInt()).add(clause.get());
          if (rule.when().isEmpty()) {
            withoutConditions.putIfAbsent(number.getAsInt(), clause.get());
          }
        }
      }
    }
    for (Map.Entry<Integer, List<Clause>> entry : added.entrySet()) {
      List<Clause> ordered = entry.getValue();
      if (order == Reading.STRICT) {
        refuseTwoErrnos(entry.getKey(), ordered);
        ordered = strictestFirst(ordered);
        if (ordered.size() > 1) {
          ordered = ClauseUnion.of(ordered, widths(entry.getKey()));
        }
      } else {
        Clause alone = withoutConditions.get(entry.getKey());
        ordered = alone == null ? ordered : List.of(alone);
      }
      listOf(clauses, entry.getKey()).addAll(ordered);
    }
  }

  private static List<Clause> strictestFirst(List<Clause> list) {
    List<Clause> ordered = new ArrayList<>();
    for (int rank = 0; rank <= SeccompAction.MOST_RANK; rank++) {
      for (Clause clause : list) {
        if (clause.action().rank() == rank) {
          ordered.add(clause);
        }
      }
    }
    return ordered;
  }

  private static List<Clause> listOf(Map<Integer, List<Clause>> lists, int number) {
    List<Clause> list = lists.get(number);
    if (list == null) {
      list = new ArrayList<>();
      lists.put(number, list);
    }
    return list;
  }

  private void refuseTwoErrnos(int number, List<Clause> list) {
    for (int i = 0; i < list.size(); i++) {
      for (int j = i + 1; j < list.size(); j++) {
        Clause one = list.get(i);
        Clause two = list.get(j);
        if (one.action().rank() == two.action().rank()
            && one.action().returnValue() != two.action().returnValue()
            && one.mayOverlap(two)) {
          throw new SeccompRefusal(
              "use the seccomp profile " + name,
              "two of its rules for "
                  + table.name(number).orElseThrow()
                  + " match the same arguments, one with "
                  + one.action()
                  + ", the other with "
                  + two.action(),
              "Give both the same action, or arguments that exclude each other");
        }
      }
    }
  }
}

package dev.caisson.policy.seccomp;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.KernelVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A profile resolved for one architecture: a total function from number and arguments to an action.
 *
 * <p>Rules stand in layers. Within a layer the strictest rule that matches wins; a later layer
 * decides the region that its rules match, and what no rule matches gets the default. Calls that
 * are newer than the profile's {@code knownThrough} and that no rule names get ENOSYS, so that
 * programs fall back; without {@code knownThrough} only numbers above every known one do, and only
 * where the default refuses. x32 numbers on x86_64 end the process.
 */
public final class SeccompRules {
  /** The bit that marks an x32 call on x86_64 (asm/unistd.h). */
  static final int X32_BIT = 0x40000000;

  private static final long CLONE_NEWUSER = 0x10000000;

  private static final SeccompAction UNKNOWN = new SeccompAction.Errno(ErrnoName.ENOSYS);

  private final String name;
  private final SyscallTable table;
  private final SeccompAction defaultAction;
  private final Optional<KernelVersion> knownThrough;
  private final List<List<SyscallRule>> layers;
  private final Map<Integer, List<Clause>> clauses = new LinkedHashMap<>();

  SeccompRules(
      String name,
      SyscallTable table,
      SeccompAction defaultAction,
      Optional<KernelVersion> knownThrough,
      List<List<SyscallRule>> layers) {
    this.name = name;
    this.table = table;
    this.defaultAction = defaultAction;
    this.knownThrough = knownThrough;
    this.layers = List.copyOf(layers);
    for (int i = layers.size() - 1; i >= 0; i--) {
      addLayer(layers.get(i));
    }
  }

  /** The profile's name, for messages. */
  public String name() {
    return name;
  }

  public Architecture architecture() {
    return table.architecture();
  }

  /**
   * What is done with a call of the native ABI.
   *
   * @param number as seccomp_data carries it, unsigned
   * @param arguments up to six; those left out are 0
   */
  public SeccompAction decide(int number, long... arguments) {
    long[] read = new long[SyscallTable.ARGUMENTS];
    for (int i = 0; i < arguments.length; i++) {
      read[i] = arguments[i] & ArgumentTest.widthMask(table.width(number, i));
    }
    for (Clause clause : clauses(number)) {
      if (clause.holds(read)) {
        return clause.action();
      }
    }
    return otherwise(number);
  }

  /**
   * These rules with a layer on top that decides what it matches. A name that this architecture
   * does not have says nothing.
   *
   * @throws SeccompRefusal where two rules of the layer give one call two errnos
   */
  public SeccompRules with(List<SyscallRule> layer) {
    List<List<SyscallRule>> more = new ArrayList<>(layers);
    more.add(List.copyOf(layer));
    return new SeccompRules(name, table, defaultAction, knownThrough, more);
  }

  /** These rules with one action for every call of these names, whatever its arguments. */
  public SeccompRules with(Collection<String> names, SeccompAction action) {
    List<SyscallRule> layer = new ArrayList<>();
    for (String call : names) {
      layer.add(SyscallRule.always(call, action));
    }
    return with(layer);
  }

  /** These rules, with socket(AF_UNIX) failing with EAFNOSUPPORT; socketpair stays as it is. */
  public SeccompRules withoutUnixSockets() {
    ArgumentCheck unix = ArgumentCheck.of(0, Comparison.EQ, 1);
    return with(List.of(new SyscallRule("socket", new SeccompAction.Errno(97), List.of(unix))));
  }

  /**
   * These rules with what a program needs to make namespaces of its own and mount within them, as a
   * policy with nested user namespaces asks; the kernel's own checks in the new namespace remain.
   */
  public SeccompRules withNestedNamespaces() {
    List<String> calls =
        List.of(
            "chroot",
            "clone",
            "clone3",
            "fsconfig",
            "fsmount",
            "fsopen",
            "fspick",
            "mount",
            "mount_setattr",
            "move_mount",
            "open_tree",
            "open_tree_attr",
            "pivot_root",
            "setdomainname",
            "sethostname",
            "setns",
            "umount2",
            "unshare");
    return with(calls, new SeccompAction.Allow());
  }

  /**
   * These rules, with no call that makes a user namespace: ENOSPC, as the kernel answers where
   * user.max_user_namespaces is 0. clone3(2) hides its flags from filters, so there is none.
   */
  public SeccompRules withoutUserNamespaces() {
    SeccompAction none = new SeccompAction.Errno(28);
    ArgumentCheck flag = new ArgumentCheck(0, Comparison.MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER);
    return with(
        List.of(
            new SyscallRule("clone", none, List.of(flag)),
            new SyscallRule("unshare", none, List.of(flag)),
            SyscallRule.always("clone3", UNKNOWN)));
  }

  /**
   * Checks that the payload can be started under these rules: it is executed, reports a failed exec
   * and ends under its own filter.
   *
   * @throws SeccompRefusal where execve, write or exit_group never executes
   */
  public SeccompRules requireLaunchable() {
    for (String call : List.of("execve", "write", "exit_group")) {
      int number = table.number(call).orElseThrow();
      if (!mayAllow(number)) {
        throw new SeccompRefusal(
            "use the seccomp profile " + name,
            "it denies " + call + ", which the payload needs to be started and to report failure",
            "Allow execve, write and exit_group in the profile");
      }
    }
    return this;
  }

  SyscallTable table() {
    return table;
  }

  /** The clauses of a number, the deciding one first; empty where only the default speaks. */
  List<Clause> clauses(int number) {
    return clauses.getOrDefault(number, List.of());
  }

  /** What a number gets where none of its clauses holds. */
  SeccompAction otherwise(int number) {
    if (isX32(number)) {
      return new SeccompAction.KillProcess();
    }
    if (knownThrough.isPresent()) {
      boolean newer = !table.has(number) || table.isNewerThan(number, knownThrough.get());
      return newer ? UNKNOWN : defaultAction;
    }
    boolean beyond = Integer.compareUnsigned(number, table.end()) >= 0;
    return beyond && !defaultAction.executes() ? UNKNOWN : defaultAction;
  }

  private boolean isX32(int number) {
    // -1 is no call at all: a tracer writes it to skip one
    return table.architecture() == Architecture.X86_64
        && Integer.compareUnsigned(number, X32_BIT) >= 0
        && number != -1;
  }

  private boolean mayAllow(int number) {
    for (Clause clause : clauses(number)) {
      if (clause.action() instanceof SeccompAction.Allow
          || clause.action() instanceof SeccompAction.Log) {
        return true;
      }
      if (clause.unconditional()) {
        return false;
      }
    }
    return otherwise(number).executes();
  }

  private void addLayer(List<SyscallRule> layer) {
    Map<Integer, List<Clause>> added = new LinkedHashMap<>();
    for (SyscallRule rule : layer) {
      OptionalInt number = table.number(rule.name());
      if (number.isPresent()) {
        Optional<Clause> clause = Clause.of(rule, table, number.getAsInt());
        if (clause.isPresent()) {
          listOf(added, number.getAsInt()).add(clause.get());
        }
      }
    }
    for (Map.Entry<Integer, List<Clause>> entry : added.entrySet()) {
      refuseTwoErrnos(entry.getKey(), entry.getValue());
      List<Clause> lines = listOf(clauses, entry.getKey());
      for (int rank = 0; rank <= SeccompAction.MOST_RANK; rank++) {
        for (Clause clause : entry.getValue()) {
          if (clause.action().rank() == rank) {
            lines.add(clause);
          }
        }
      }
    }
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

  @Override
  public String toString() {
    return name + " for " + Arrays.asList(table.architecture(), layers.size() + " layers");
  }
}

package dev.caisson.policy.seccomp;

import dev.caisson.policy.KernelVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A profile resolved for one ABI: a total function from number and arguments to an action.
 *
 * <p>Rules stand in layers. Within a layer the strictest rule that matches wins; a later layer
 * decides the region that its rules match, and what no rule matches gets the default. Calls that
 * are newer than the profile's {@code knownThrough} and that no rule names get ENOSYS, so that
 * programs fall back; without {@code knownThrough} only numbers above every known one do, and only
 * where the default refuses. x32 numbers on x86_64 end the process. {@link Reading#COMPAT} differs
 * in all of this.
 */
public final class SeccompRules {
  private static final long CLONE_NEWUSER = 0x10000000;
  private static final long RLIMIT_CORE = 4;
  private static final SeccompAction UNKNOWN = new SeccompAction.Errno(ErrnoName.ENOSYS);
  private static final long LAST_NUMBER = 0xffffffffL;

  private final String name;
  private final SyscallTable table;
  private final Reading reading;
  private final SeccompAction defaultAction;
  private final Optional<KernelVersion> knownThrough;
  private final List<List<SyscallRule>> layers;
  private final CallClauses clauses;
  private final Set<Integer> uninspected = new HashSet<>();

  SeccompRules(
      String name,
      SyscallTable table,
      Reading reading,
      SeccompAction defaultAction,
      Optional<KernelVersion> knownThrough,
      List<List<SyscallRule>> layers) {
    this.name = name;
    this.table = table;
    this.reading = reading;
    this.defaultAction = defaultAction;
    this.knownThrough = knownThrough;
    this.layers = List.copyOf(layers);
    clauses = new CallClauses(name, table, reading, defaultAction, this.layers);
    if (reading == Reading.STRICT) {
      refuseUninspected();
    }
  }

  /** The profile's name, for messages. */
  public String name() {
    return name;
  }

  public Abi abi() {
    return table.abi();
  }

  /**
   * What is done with a call of this ABI.
   *
   * @param number as seccomp_data carries it, unsigned
   * @param arguments up to six; those left out are 0
   */
  public SeccompAction decide(int number, long... arguments) {
    long[] read = new long[SyscallTable.ARGUMENTS];
    for (int i = 0; i < arguments.length; i++) {
      read[i] = arguments[i] & ArgumentTest.widthMask(width(number, i));
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
    return new SeccompRules(name, table, reading, defaultAction, knownThrough, more);
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
   * These rules, with the limit of core files fixed: at 1 the kernel starts no core handler of the
   * host's, at 0 it does (core(5)). To set it seems to succeed, for programs do so against core
   * files, of which there are none; where the old limit is asked for too it fails with EPERM.
   */
  public SeccompRules withFixedCoreLimit() {
    SeccompAction ignored = new SeccompAction.Errno(0);
    ArgumentCheck core = ArgumentCheck.of(1, Comparison.EQ, RLIMIT_CORE);
    ArgumentCheck sets = ArgumentCheck.of(2, Comparison.NE, 0);
    return with(
        List.of(
            new SyscallRule(
                "setrlimit", ignored, List.of(ArgumentCheck.of(0, Comparison.EQ, RLIMIT_CORE))),
            new SyscallRule(
                "prlimit64", ignored, List.of(core, sets, ArgumentCheck.of(3, Comparison.EQ, 0))),
            new SyscallRule(
                "prlimit64",
                new SeccompAction.Errno(1),
                List.of(core, sets, ArgumentCheck.of(3, Comparison.NE, 0)))));
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
      if (!mayExecute(number)) {
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

  /** How many low bytes of an argument the rules look at. */
  int width(int number, int argument) {
    return clauses.width(number, argument);
  }

  /** The clauses of a number, the deciding one first; empty where only the default speaks. */
  List<Clause> clauses(int number) {
    return clauses.of(number);
  }

  /** What a number gets where none of its clauses holds. */
  SeccompAction otherwise(int number) {
    if (abi() == Abi.X86_64 && isX32(number)) {
      return new SeccompAction.KillProcess();
    }
    if (reading == Reading.COMPAT) {
      return defaultAction;
    }
    if (knownThrough.isPresent()) {
      boolean newer = !table.has(number) || table.isNewerThan(number, knownThrough.get());
      return newer ? UNKNOWN : defaultAction;
    }
    boolean beyond = !table.has(number) && Integer.compareUnsigned(number, table.end()) >= 0;
    return beyond && !defaultAction.executes() ? UNKNOWN : defaultAction;
  }

  /** Whether {@code number} is one of this ABI's at all. */
  boolean covers(int number) {
    return abi() != Abi.X32 || isX32(number);
  }

  /** What is said of every number that the ABI covers, ascending. */
  List<CallRange> ranges() {
    List<CallRange> ranges = new ArrayList<>();
    long next = abi() == Abi.X32 ? SyscallTable.X32_BIT : 0;
    for (int number : table.numbers()) {
      addUnassigned(ranges, next, number - 1L);
      ranges.add(assigned(number));
      next = number + 1L;
    }
    if (abi() == Abi.X86_64) {
      addUnassigned(ranges, next, SyscallTable.X32_BIT - 1L);
      next = SyscallTable.X32_BIT;
    }
    addUnassigned(ranges, next, LAST_NUMBER - 1);
    if (abi() != Abi.X32) {
      addUnassigned(ranges, LAST_NUMBER, LAST_NUMBER);
    }
    return ranges;
  }

  private CallRange assigned(int number) {
    List<Integer> widths = new ArrayList<>();
    if (!clauses(number).isEmpty()) {
      for (int i = 0; i < SyscallTable.ARGUMENTS; i++) {
        widths.add(width(number, i));
      }
    }
    return new CallRange(abi(), number, number, true, clauses(number), otherwise(number), widths);
  }

  /** Unassigned numbers that do not straddle the end of the table. */
  private void addUnassigned(List<CallRange> ranges, long first, long last) {
    long end = table.end();
    if (first < end && end <= last) {
      addUnassigned(ranges, first, end - 1);
      addUnassigned(ranges, end, last);
    } else if (first <= last) {
      ranges.add(CallRange.unassigned(abi(), first, last, otherwise((int) first)));
    }
  }

  static boolean isX32(int number) {
    // -1 is no call at all: a tracer writes it to skip one
    return Integer.compareUnsigned(number, SyscallTable.X32_BIT) >= 0 && number != -1;
  }

  boolean mayExecute(int number) {
    for (Clause clause : clauses(number)) {
      if (clause.action().executes()) {
        return true;
      }
      if (clause.unconditional()) {
        return false;
      }
    }
    return otherwise(number).executes();
  }

  private boolean mayRefuse(int number) {
    for (Clause clause : clauses(number)) {
      if (!clause.action().executes()) {
        return true;
      }
      if (clause.unconditional()) {
        return false;
      }
    }
    return !otherwise(number).executes();
  }

  /**
   * Refuses calls whose arguments lie in memory, where no filter sees them, beside rules on what
   * lies there: clone3 where the flags of clone are inspected, multiplexers where a rule restricts
   * a call that they make. C libraries fall back on ENOSYS.
   */
  private void refuseUninspected() {
    OptionalInt clone = table.number("clone");
    OptionalInt clone3 = table.number("clone3");
    if (clone.isPresent()
        && clone3.isPresent()
        && mayExecute(clone.getAsInt())
        && mayRefuse(clone.getAsInt())) {
      refuse(clone3.getAsInt());
    }
    for (int multiplexer : Multiplexers.restricted(table, layers)) {
      refuse(multiplexer);
    }
  }

  private void refuse(int number) {
    if (mayExecute(number)) {
      clauses.replace(number, UNKNOWN);
      uninspected.add(number);
    }
  }

  /** Whether the call is refused only for what its arguments, which lie in memory, may ask. */
  boolean refusesUninspected(int number) {
    return uninspected.contains(number);
  }

  /** Whether ENOSYS stands in for the default, the call being newer than the author knew. */
  boolean answersUnknown(int number) {
    return otherwise(number).equals(UNKNOWN) && !defaultAction.equals(UNKNOWN);
  }

  @Override
  public String toString() {
    return name + " for " + abi().kernelName();
  }
}

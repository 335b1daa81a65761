package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that one filter decides: the rules of the native ABI, and of each compat ABI that was asked
 * for. A call by any other ABI ends the process.
 *
 * @param abis the native one first
 * @param refusesVsyscalls whether what comes from the vsyscall page fails, whatever they say of it
 */
public record FilterRules(List<SeccompRules> abis, boolean refusesVsyscalls) {
  public FilterRules {
    abis = List.copyOf(abis);
    if (abis.isEmpty()) {
      throw new IllegalArgumentException("a filter for no ABI");
    }
  }

  FilterRules(List<SeccompRules> abis) {
    this(abis, false);
  }

  /** The same for other runtimes, whose rules cannot tell where a call comes from. */
  FilterRules withVsyscalls() {
    return new FilterRules(abis, false);
  }

  /** Whether a call of {@code range} is decided by where it comes from too. */
  boolean looksAtOrigin(CallRange range) {
    return refusesVsyscalls && VsyscallPage.reaches(range);
  }

  /** The rules of the native ABI alone. */
  public static FilterRules of(SeccompRules rules) {
    return new FilterRules(List.of(rules));
  }

  public String name() {
    return abis.get(0).name();
  }

  public Abi nativeAbi() {
    return abis.get(0).abi();
  }

  /** The AUDIT_ARCH constants of the ABIs, the native one first, each once. */
  List<Integer> auditArchs() {
    List<Integer> all = new ArrayList<>();
    for (SeccompRules rules : abis) {
      if (!all.contains(rules.abi().auditArch())) {
        all.add(rules.abi().auditArch());
      }
    }
    return all;
  }

  /** What is said of every number under one AUDIT_ARCH, ascending from 0. */
  List<CallRange> ranges(int auditArch) {
    List<CallRange> ranges = new ArrayList<>();
    List<CallRange> marked = new ArrayList<>();
    for (SeccompRules rules : abis) {
      if (rules.abi().auditArch() == auditArch) {
        (rules.abi() == Abi.X32 ? marked : ranges).addAll(rules.ranges());
      }
    }
    if (ranges.isEmpty()) {
      ranges.add(CallRange.unassigned(Abi.X32, 0, 0xffffffffL, new SeccompAction.KillProcess()));
    }
    return marked.isEmpty() ? ranges : replace(ranges, marked);
  }

  /** {@code ranges} with {@code others}, which follow each other, in the place of their numbers. */
  private static List<CallRange> replace(List<CallRange> ranges, List<CallRange> others) {
    long first = others.get(0).first();
    long last = others.get(others.size() - 1).last();
    List<CallRange> all = new ArrayList<>();
    for (CallRange range : ranges) {
      addUnlessEmpty(all, range.between(0, first - 1));
    }
    all.addAll(others);
    for (CallRange range : ranges) {
      addUnlessEmpty(all, range.between(last + 1, range.last()));
    }
    return all;
  }

  private static void addUnlessEmpty(List<CallRange> all, CallRange range) {
    if (!range.isEmpty()) {
      all.add(range);
    }
  }

  /**
   * What is done with a call.
   *
   * @param auditArch of the call's ABI
   * @param number as seccomp_data carries it, unsigned
   * @param arguments up to six; those left out are 0
   */
  public SeccompAction decide(int auditArch, int number, long... arguments) {
    Optional<SeccompRules> deciding = Optional.empty();
    for (SeccompRules rules : abis) {
      boolean covers = rules.abi().auditArch() == auditArch && rules.covers(number);
      if (covers && (deciding.isEmpty() || rules.abi() == Abi.X32)) {
        deciding = Optional.of(rules);
      }
    }
    return deciding.isPresent()
        ? deciding.get().decide(number, arguments)
        : new SeccompAction.KillProcess();
  }
}

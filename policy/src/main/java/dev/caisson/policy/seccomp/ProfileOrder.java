package dev.caisson.policy.seccomp;

import dev.caisson.policy.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The order of profiles by their rules, call by call: a call is no excess where one profile never
 * allows it, where the other always does, or where both have the same rules for it. Calls that
 * differ in their arguments count as an excess.
 */
public final class ProfileOrder {
  /** More names than this tell a reader nothing. */
  private static final int NAMED = 12;

  private ProfileOrder() {}

  /**
   * What {@code mine} allows and {@code theirs} does not, in words; empty where it allows no more.
   *
   * @param held the capabilities that are kept with the first
   * @param otherHeld those that are kept with the second
   */
  public static List<String> excess(
      SeccompProfile mine, Set<Capability> held, SeccompProfile theirs, Set<Capability> otherHeld) {
    boolean sameCapabilities = held.equals(otherHeld);
    List<String> always = new ArrayList<>();
    List<String> sometimes = new ArrayList<>();
    Set<String> calls = new TreeSet<>(names(mine));
    calls.addAll(names(theirs));
    for (String call : calls) {
      boolean covered =
          !mayAllow(mine, call)
              || mustAllow(theirs, call)
              || ((sameCapabilities || !asksForCapabilities(mine, call))
                  && sameRules(mine, theirs, call));
      if (!covered) {
        (mayAllow(theirs, call) ? sometimes : always).add(call);
      }
    }
    List<String> said = new ArrayList<>();
    if (!always.isEmpty()) {
      said.add("allows the calls " + listed(always));
    }
    if (!sometimes.isEmpty()) {
      said.add("allows more of the calls " + listed(sometimes));
    }
    boolean sameDefault =
        mine.content().defaultAction().equals(theirs.content().defaultAction())
            && mine.content().knownThrough().equals(theirs.content().knownThrough());
    if (mine.content().defaultAction().executes() && !sameDefault) {
      said.add("allows every call that its profile does not name");
    }
    return said;
  }

  private static String listed(List<String> calls) {
    return calls.size() <= NAMED
        ? String.join(", ", calls)
        : String.join(", ", calls.subList(0, NAMED)) + " and " + (calls.size() - NAMED) + " more";
  }

  private static Set<String> names(SeccompProfile profile) {
    Set<String> names = new TreeSet<>();
    profile.entries().forEach(entry -> entry.rules().forEach(rule -> names.add(rule.name())));
    profile.onTop().forEach(rule -> names.add(rule.name()));
    return names;
  }

  /** Whether some arguments may be allowed on some host. */
  private static boolean mayAllow(SeccompProfile profile, String call) {
    List<SyscallRule> top = of(profile.onTop(), call);
    if (!top.isEmpty()) {
      return strictest(top).executes();
    }
    for (SeccompProfile.Entry entry : profile.entries()) {
      for (SyscallRule rule : of(entry.rules(), call)) {
        if (rule.action().executes()) {
          return true;
        }
      }
    }
    return profile.content().defaultAction().executes();
  }

  /** Whether every call is allowed on every host. */
  private static boolean mustAllow(SeccompProfile profile, String call) {
    List<SyscallRule> top = of(profile.onTop(), call);
    if (!top.isEmpty()) {
      return strictest(top) instanceof SeccompAction.Allow;
    }
    boolean allowed = profile.content().defaultAction() instanceof SeccompAction.Allow;
    for (SeccompProfile.Entry entry : profile.entries()) {
      for (SyscallRule rule : of(entry.rules(), call)) {
        if (!(rule.action() instanceof SeccompAction.Allow)) {
          return false;
        }
        allowed |= rule.when().isEmpty() && entry.isUnconditional();
      }
    }
    return allowed;
  }

  private static boolean asksForCapabilities(SeccompProfile profile, String call) {
    return entries(profile, call).stream().anyMatch(SeccompProfile.Entry::asksForCapabilities);
  }

  private static boolean sameRules(SeccompProfile one, SeccompProfile other, String call) {
    return of(one.onTop(), call).equals(of(other.onTop(), call))
        && entries(one, call).equals(entries(other, call))
        && one.content().defaultAction().equals(other.content().defaultAction());
  }

  private static List<SeccompProfile.Entry> entries(SeccompProfile profile, String call) {
    List<SeccompProfile.Entry> entries = new ArrayList<>();
    for (SeccompProfile.Entry entry : profile.entries()) {
      List<SyscallRule> rules = of(entry.rules(), call);
      if (!rules.isEmpty()) {
        entries.add(new SeccompProfile.Entry(rules, entry.includes(), entry.excludes()));
      }
    }
    return entries;
  }

  private static List<SyscallRule> of(List<SyscallRule> rules, String call) {
    return rules.stream().filter(rule -> rule.name().equals(call)).toList();
  }

  /** Rules on top name whole calls. */
  private static SeccompAction strictest(List<SyscallRule> rules) {
    SeccompAction strictest = rules.get(0).action();
    for (SyscallRule rule : rules) {
      strictest = rule.action().rank() < strictest.rank() ? rule.action() : strictest;
    }
    return strictest;
  }
}

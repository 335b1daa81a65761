package dev.caisson.policy.seccomp;

import dev.caisson.policy.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The order of profiles by their rules, call by call: a call is no excess where one profile never
 * allows it, where the other always does, or where both have the same rules for it.
 */
final class WrittenOrder {
  /** Calls that rules on other calls may have refused, their own arguments being in memory. */
  private static final List<String> UNINSPECTED = List.of("clone3", "ipc", "socketcall");

  private WrittenOrder() {}

  static ProfileOrder.Excess excess(
      SeccompProfile mine, Set<Capability> held, SeccompProfile theirs, Set<Capability> otherHeld) {
    boolean sameCapabilities = held.equals(otherHeld);
    List<String> always = new ArrayList<>();
    List<String> sometimes = new ArrayList<>();
    boolean same = mine == theirs || (sameCapabilities && mine.equals(theirs));
    for (String call : same ? List.<String>of() : names(mine, theirs)) {
      boolean covered =
          !mayAllow(mine, call)
              || mustAllow(theirs, call)
              || ((sameCapabilities || !asksForCapabilities(mine, call))
                  && sameRules(mine, theirs, call));
      if (!covered) {
        (mayAllow(theirs, call) ? sometimes : always).add(call);
      }
    }
    boolean sameDefault =
        mine.content().defaultAction().equals(theirs.content().defaultAction())
            && mine.content().knownThrough().equals(theirs.content().knownThrough());
    boolean unnamed = mine.content().defaultAction().executes() && !sameDefault;
    return new ProfileOrder.Excess(always, sometimes, Optional.empty(), unnamed);
  }

  private static Set<String> names(SeccompProfile mine, SeccompProfile theirs) {
    Set<String> names = new TreeSet<>();
    for (SeccompProfile profile : List.of(mine, theirs)) {
      profile.entries().forEach(entry -> entry.rules().forEach(rule -> names.add(rule.name())));
      profile.onTop().forEach(layer -> layer.forEach(rule -> names.add(rule.call())));
    }
    return names;
  }

  /** Whether some arguments may be allowed on some host. */
  private static boolean mayAllow(SeccompProfile profile, String call) {
    for (List<CallRule> layer : lastFirst(profile, call)) {
      if (layer.stream().anyMatch(rule -> rule.then().executes())) {
        return true;
      }
      if (layer.stream().anyMatch(CallRule::unconditional)) {
        return false;
      }
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
    if (UNINSPECTED.contains(call)) {
      return false;
    }
    for (List<CallRule> layer : lastFirst(profile, call)) {
      if (!layer.stream().allMatch(rule -> rule.then() instanceof SeccompAction.Allow)) {
        return false;
      }
      if (layer.stream().anyMatch(CallRule::unconditional)) {
        return true;
      }
    }
    SeccompProfile.Content content = profile.content();
    // beyond knownThrough a call that no rule names gets ENOSYS
    boolean allowed =
        content.defaultAction() instanceof SeccompAction.Allow && content.knownThrough().isEmpty();
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
    return !UNINSPECTED.contains(call)
        && lastFirst(one, call).equals(lastFirst(other, call))
        && entries(one, call).equals(entries(other, call))
        && one.content().defaultAction().equals(other.content().defaultAction())
        && one.content().knownThrough().equals(other.content().knownThrough());
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

  /** What each layer on top says of a call, the deciding one first. */
  private static List<List<CallRule>> lastFirst(SeccompProfile profile, String call) {
    List<List<CallRule>> layers = new ArrayList<>();
    for (List<CallRule> layer : profile.onTop()) {
      List<CallRule> rules = layer.stream().filter(rule -> rule.call().equals(call)).toList();
      if (!rules.isEmpty()) {
        layers.add(0, rules);
      }
    }
    return layers;
  }
}

package dev.caisson.policy.seccomp;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Position;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A filter in the format of the OCI runtime specification ({@code linux.seccomp}), for runtimes
 * that load it by libseccomp. Each call's decision is written as rules that exclude each other, so
 * that their order does not matter, and compares no bit that the kernel does not read.
 *
 * @param document the object
 * @param looser calls that it may execute and the rules do not, each with both decisions
 * @param stricter calls that it never executes and the rules may
 * @param otherErrors whether some call that neither executes is answered otherwise
 */
public record OciFilter(
    JsonObject document, List<String> looser, List<String> stricter, boolean otherErrors) {
  /**
   * A call that needs more rules than this is answered as strictly as any of its rules: libseccomp
   * 2.5.4 takes minutes and more for some hundred rules of several arguments.
   */
  private static final int MOST_RULES = 72;

  public OciFilter {
    looser = List.copyOf(looser);
    stricter = List.copyOf(stricter);
  }

  /**
   * The filter of a launch, for the native ABI alone.
   *
   * @throws SeccompRefusal where the profile contradicts itself, or it cannot be decided whether
   *     what was written decides as the profile does
   */
  public static OciFilter of(SeccompProfile profile, FilterTarget target, LaunchVariant variant) {
    FilterTarget alone =
        new FilterTarget(
            target.nativeAbi(), List.of(), target.kernel(), target.capabilities(), Reading.STRICT);
    FilterRules rules = variant.of(profile.resolve(alone)).withVsyscalls();
    JsonObject document = new Writer(rules.abis().get(0)).document();
    FilterRules written =
        SeccompProfile.read(JsonDocument.read("the exported profile", JsonText.bytes(document)))
            .resolve(alone.reading(Reading.COMPAT));
    FilterComparison.Side wanted = FilterComparison.Side.of(rules);
    FilterComparison.Side made = FilterComparison.Side.of(written);
    FilterComparison there = FilterComparison.of(made, wanted);
    FilterComparison back = FilterComparison.of(wanted, made);
    return new OciFilter(
        document,
        said(there, (made1, here) -> made1 + " there, " + here + " here"),
        said(back, (here, made1) -> made1 + " there, " + here + " here"),
        there.inequality().isPresent());
  }

  private static List<String> said(
      FilterComparison comparison, BiFunction<SeccompAction, SeccompAction, String> decisions) {
    return comparison.excess().stream()
        .map(d -> d.call() + ": " + decisions.apply(d.first(), d.second()))
        .toList();
  }

  /** Writes the rules of one ABI. */
  private static final class Writer {
    private final SeccompRules rules;
    private final SeccompAction defaultAction;
    private final Map<SeccompAction, List<String>> always = new LinkedHashMap<>();
    private final List<JsonValue> conditional = new ArrayList<>();

    Writer(SeccompRules rules) {
      this.rules = rules;
      this.defaultAction = commonest(rules);
    }

    /** What most calls get where no rule speaks of them. */
    private static SeccompAction commonest(SeccompRules rules) {
      Map<SeccompAction, Integer> counts = new HashMap<>();
      for (CallRange range : rules.ranges()) {
        if (range.assigned()) {
          counts.merge(range.otherwise(), 1, Integer::sum);
        }
      }
      return counts.entrySet().stream()
          .max(Map.Entry.comparingByValue())
          .map(Map.Entry::getKey)
          .orElse(new SeccompAction.KillProcess());
    }

    JsonObject document() {
      for (CallRange range : rules.ranges()) {
        if (range.assigned()) {
          call(range);
        }
      }
      Map<String, JsonValue> members = new LinkedHashMap<>();
      action(members, "defaultAction", "defaultErrnoRet", defaultAction);
      members.put("architectures", JsonText.texts(List.of("SCMP_ARCH_" + rules.abi().name())));
      List<JsonValue> syscalls = new ArrayList<>();
      always.forEach((action, names) -> syscalls.add(rule(names, action)));
      syscalls.addAll(conditional);
      members.put("syscalls", JsonText.array(syscalls));
      return JsonText.object(members);
    }

    private void call(CallRange range) {
      List<CallRegion> left = List.of(new CallRegion(widths(range), List.of()));
      Map<SeccompAction, List<CallRegion>> parts = new LinkedHashMap<>();
      for (Clause clause : range.clauses()) {
        for (CallRegion part : left) {
          part.and(clause).ifPresent(both -> add(parts, clause.action(), both));
        }
        left = left.stream().flatMap(part -> part.without(clause).stream()).toList();
        if (left.size() > MOST_RULES) {
          always(name(range), strictest(range));
          return;
        }
      }
      left.forEach(part -> add(parts, range.otherwise(), part));
      if (parts.size() == 1) {
        always(name(range), parts.keySet().iterator().next());
        return;
      }
      Optional<List<SyscallRule>> written = rules(name(range), parts);
      if (written.isEmpty()) {
        always(name(range), strictest(range));
      } else {
        written.get().forEach(this::write);
      }
    }

    /** Adds a region to those of its action, as one with another where that can be. */
    private static void add(
        Map<SeccompAction, List<CallRegion>> parts, SeccompAction action, CallRegion region) {
      List<CallRegion> alike = parts.computeIfAbsent(action, a -> new ArrayList<>());
      for (CallRegion other : alike) {
        Optional<CallRegion> joined = region.joined(other);
        if (joined.isPresent()) {
          alike.remove(other);
          add(parts, action, joined.get());
          return;
        }
      }
      alike.add(region);
    }

    /** Empty where they are too many. */
    private Optional<List<SyscallRule>> rules(
        String name, Map<SeccompAction, List<CallRegion>> parts) {
      List<SyscallRule> written = new ArrayList<>();
      for (Map.Entry<SeccompAction, List<CallRegion>> entry : parts.entrySet()) {
        // of the default nothing needs to be said
        List<CallRegion> regions =
            entry.getKey().equals(defaultAction) ? List.of() : entry.getValue();
        for (CallRegion region : regions) {
          Optional<List<List<ArgumentCheck>>> all = region.checks(MOST_RULES);
          all.orElse(List.of())
              .forEach(checks -> written.add(new SyscallRule(name, entry.getKey(), checks)));
          if (all.isEmpty() || written.size() > MOST_RULES) {
            return Optional.empty();
          }
        }
      }
      return Optional.of(written);
    }

    private String name(CallRange range) {
      return rules.table().name((int) range.first()).orElseThrow();
    }

    /** Those of a call without clauses do not matter. */
    private static List<Integer> widths(CallRange range) {
      return range.widths().isEmpty()
          ? Collections.nCopies(SyscallTable.ARGUMENTS, Long.BYTES)
          : range.widths();
    }

    private static SeccompAction strictest(CallRange range) {
      SeccompAction strictest = range.otherwise();
      for (Clause clause : range.clauses()) {
        strictest = clause.action().rank() < strictest.rank() ? clause.action() : strictest;
      }
      return strictest;
    }

    private void write(SyscallRule rule) {
      JsonObject written = rule(List.of(rule.name()), rule.action());
      conditional.add(JsonText.with(written, "args", arguments(rule.when())));
    }

    private void always(String name, SeccompAction action) {
      if (!action.equals(defaultAction)) {
        always.computeIfAbsent(action, a -> new ArrayList<>()).add(name);
      }
    }

    private static JsonObject rule(List<String> names, SeccompAction action) {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      members.put("names", JsonText.texts(names));
      action(members, "action", "errnoRet", action);
      return JsonText.object(members);
    }

    private static void action(
        Map<String, JsonValue> members, String key, String errnoKey, SeccompAction action) {
      members.put(key, JsonText.text(action.profileName()));
      if (action instanceof SeccompAction.Errno || action instanceof SeccompAction.Trace) {
        members.put(errnoKey, JsonText.number(action.returnValue() & 0xffff));
      }
    }

    private static JsonValue arguments(List<ArgumentCheck> checks) {
      List<JsonValue> arguments = new ArrayList<>();
      for (ArgumentCheck check : checks) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("index", JsonText.number(check.argument()));
        members.put("value", unsigned(check.value()));
        if (check.comparison() == Comparison.MASKED_EQ) {
          members.put("valueTwo", unsigned(check.valueTwo()));
        }
        members.put("op", JsonText.text(check.comparison().profileName()));
        arguments.add(JsonText.object(members));
      }
      return JsonText.array(arguments);
    }

    private static JsonValue unsigned(long value) {
      return new JsonNumber(new Position(1, 1), Long.toUnsignedString(value));
    }
  }
}

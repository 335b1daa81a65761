package dev.caisson.engine.learn;

import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Position;
import dev.caisson.launch.CallAnswer;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.seccomp.ErrnoName;
import dev.caisson.policy.seccomp.FilterComparison;
import dev.caisson.policy.seccomp.FilterComparison.Difference;
import dev.caisson.policy.seccomp.FilterComparison.Side;
import dev.caisson.policy.seccomp.FilterRules;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.SeccompProfile;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The seccomp profile of the calls that were made, and of no others. */
final class LearnedCalls {
  private static final String ALLOW = "SCMP_ACT_ALLOW";
  private static final int EPERM = 1;

  private final CallLog log;
  private final EffectivePolicy policy;
  private final HostFacts host;

  /** Calls that the policy of the run does not allow as they would be written. */
  private final Set<String> left = new TreeSet<>();

  LearnedCalls(CallLog log, EffectivePolicy policy, HostFacts host) {
    this.log = log;
    this.policy = policy;
    this.host = host;
  }

  /** The profile; it executes no call that the policy of the run does not execute. */
  JsonObject profile() {
    FilterTarget target =
        FilterTarget.of(host.architecture(), host.kernel(), policy.capabilities());
    FilterRules bound = policy.seccomp().resolve(target);
    while (true) {
      JsonObject profile = write();
      FilterRules rules = read(profile).resolve(target);
      List<Difference> excess = FilterComparison.of(Side.of(rules), Side.of(bound)).excess();
      if (excess.isEmpty()) {
        return profile;
      }
      for (Difference difference : excess) {
        left.add(
            SyscallTable.of(host.architecture())
                .name(difference.call().number())
                .orElseThrow(() -> new IllegalStateException(difference.toString())));
      }
    }
  }

  private static SeccompProfile read(JsonObject profile) {
    List<dev.caisson.json.JsonProblem> problems = new ArrayList<>();
    return SeccompProfile.read("learned", profile, "$", problems)
        .orElseThrow(() -> new IllegalStateException(problems.toString()));
  }

  private JsonObject write() {
    List<JsonValue> entries = new ArrayList<>();
    List<String> plain = new ArrayList<>();
    List<JsonValue> told = new ArrayList<>();
    log.made()
        .forEach(
            (call, made) -> {
              if (left.contains(call)) {
                return;
              }
              if (made.kept().isEmpty()) {
                plain.add(call);
              } else {
                made.values().forEach(values -> told.add(entry(call, made.kept(), values)));
              }
            });
    entries.add(entry("made", plain, ALLOW));
    entries.addAll(told);
    AssumedCalls.beside(log.made().keySet())
        .forEach(
            (why, calls) -> {
              List<String> allowed = new ArrayList<>(calls);
              allowed.removeAll(left);
              if (!allowed.isEmpty()) {
                entries.add(entry("assumed: " + why, allowed, ALLOW));
              }
            });
    entries.addAll(refusals());
    Map<String, JsonValue> profile = new LinkedHashMap<>();
    profile.put("defaultAction", JsonText.text("SCMP_ACT_ERRNO"));
    profile.put("defaultErrno", JsonText.text("EPERM"));
    profile.put("knownThrough", JsonText.text(host.kernel().toString()));
    profile.put("syscalls", JsonText.array(entries));
    return JsonText.object(profile);
  }

  /** What a program was refused, and lived with, is refused in the same words. */
  private List<JsonValue> refusals() {
    Map<String, JsonValue> entries = new LinkedHashMap<>();
    for (CallLog.Refused refused : log.refused().keySet()) {
      List<TrackedArguments.Argument> kept = TrackedArguments.of(refused.call());
      boolean whole = kept.isEmpty();
      if (!(refused.answer() instanceof CallAnswer.Fail fail)
          || fail.errno() == EPERM
          || fail.errno() == 0
          || !isKnown(refused.call())
          || wasMade(refused)) {
        continue;
      }
      Map<String, JsonValue> entry = new LinkedHashMap<>();
      entry.put("comment", JsonText.text("refused so during the run"));
      entry.put("names", JsonText.texts(List.of(refused.call())));
      entry.put("action", JsonText.text("SCMP_ACT_ERRNO"));
      entry.put("errno", JsonText.text(ErrnoName.of(fail.errno())));
      if (!whole) {
        entry.put("args", checks(kept, refused.values()));
      }
      entries.putIfAbsent(refused.call() + refused.values(), JsonText.object(entry));
    }
    return List.copyOf(entries.values());
  }

  /** Told by what is kept of its arguments; others decided then. */
  private boolean wasMade(CallLog.Refused refused) {
    CallLog.Made made = log.made().get(refused.call());
    return made != null && made.values().contains(refused.values());
  }

  private boolean isKnown(String call) {
    return SyscallTable.of(host.architecture()).number(call).isPresent();
  }

  private static JsonObject entry(String comment, List<String> names, String action) {
    Map<String, JsonValue> entry = new LinkedHashMap<>();
    entry.put("comment", JsonText.text(comment));
    entry.put("names", JsonText.texts(names));
    entry.put("action", JsonText.text(action));
    return JsonText.object(entry);
  }

  private static JsonObject entry(
      String call, List<TrackedArguments.Argument> kept, List<Long> values) {
    return JsonText.with(entry("made", List.of(call), ALLOW), "args", checks(kept, values));
  }

  private static JsonValue checks(List<TrackedArguments.Argument> kept, List<Long> values) {
    List<JsonValue> checks = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      checks.add(check(kept.get(i), values.get(i)));
    }
    return JsonText.array(checks);
  }

  private static JsonValue check(TrackedArguments.Argument kept, long value) {
    Map<String, JsonValue> check = new LinkedHashMap<>();
    check.put("index", JsonText.number(kept.index()));
    if (kept.mask() == 0) {
      check.put("op", JsonText.text(value == 0 ? "SCMP_CMP_EQ" : "SCMP_CMP_NE"));
      check.put("value", JsonText.number(0));
    } else if (kept.mask() == TrackedArguments.INT) {
      check.put("op", JsonText.text("SCMP_CMP_EQ"));
      check.put("value", number(value));
    } else {
      check.put("op", JsonText.text("SCMP_CMP_MASKED_EQ"));
      check.put("value", number(kept.mask()));
      check.put("valueTwo", number(value));
    }
    return JsonText.object(check);
  }

  private static JsonNumber number(long value) {
    return new JsonNumber(new Position(1, 1), Long.toUnsignedString(value));
  }

  /** Calls that were made, and are not written: the policy of the run has conditions on them. */
  Set<String> left() {
    return left;
  }
}

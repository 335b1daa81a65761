package dev.caisson.engine.learn;

import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.launch.CallAnswer;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.View;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.ErrnoName;
import dev.caisson.policy.seccomp.FilterComparison;
import dev.caisson.policy.seccomp.FilterComparison.Difference;
import dev.caisson.policy.seccomp.FilterComparison.Side;
import dev.caisson.policy.seccomp.FilterRules;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The calls that were made, and no others, as the seccomp part of a policy. */
final class LearnedCalls {
  private static final int EPERM = 1;

  private final CallLog log;
  private final EffectivePolicy policy;
  private final HostFacts host;
  private final SyscallTable table;
  private final CallRules rules;

  /** Calls that the policy of the run does not allow as they would be written. */
  private final Set<String> left = new TreeSet<>();

  LearnedCalls(CallLog log, EffectivePolicy policy, HostFacts host) {
    this.log = log;
    this.policy = policy;
    this.host = host;
    table = SyscallTable.of(host.architecture());
    rules = new CallRules(Abi.of(host.architecture()));
  }

  /** It executes no call, whatever the arguments, that the policy of the run does not execute. */
  JsonObject written() {
    FilterTarget target =
        FilterTarget.of(host.architecture(), host.kernel(), policy.capabilities());
    FilterRules bound = policy.seccomp().resolve(target);
    while (true) {
      JsonObject written = write();
      FilterRules read = read(written).seccomp().resolve(target);
      List<Difference> excess = FilterComparison.of(Side.of(read), Side.of(bound)).excess();
      if (excess.isEmpty()) {
        return written;
      }
      for (Difference difference : excess) {
        left.add(
            table
                .name(difference.call().number())
                .orElseThrow(() -> new IllegalStateException(difference.toString())));
      }
    }
  }

  private EffectivePolicy read(JsonObject seccomp) {
    Map<String, JsonValue> document = new LinkedHashMap<>();
    document.put("apiVersion", JsonText.text("caisson/1"));
    document.put("seccomp", seccomp);
    return new LearnedFile(JsonText.object(document)).load(host).resolve(View.WRAP, host);
  }

  private JsonObject write() {
    Set<String> allowed = new TreeSet<>();
    List<JsonValue> told = new ArrayList<>();
    log.made()
        .forEach(
            (call, made) -> {
              if (made.kept().isEmpty()) {
                allowed.add(call);
              } else if (!left.contains(call)) {
                told.addAll(rules.allow(call, made.kept(), made.values()));
              }
            });
    for (List<String> calls : AssumedCalls.beside(log.made().keySet()).values()) {
      calls.stream().filter(this::isKnown).forEach(allowed::add);
    }
    allowed.removeAll(left);
    told.addAll(refusals());
    Map<String, JsonValue> profile = new LinkedHashMap<>();
    profile.put("defaultAction", JsonText.text("SCMP_ACT_ERRNO"));
    profile.put("defaultErrno", JsonText.text("EPERM"));
    profile.put("knownThrough", JsonText.text(host.kernel().toString()));
    profile.put("syscalls", JsonText.array(List.of()));
    Map<String, JsonValue> seccomp = new LinkedHashMap<>();
    seccomp.put("profile", JsonText.object(profile));
    seccomp.put("allow", JsonText.texts(List.copyOf(allowed)));
    if (!told.isEmpty()) {
      seccomp.put("rules", JsonText.array(told));
    }
    return JsonText.object(seccomp);
  }

  /** What a program was refused, and lived with, is refused in the same words. */
  private List<JsonValue> refusals() {
    Map<String, JsonValue> refusals = new LinkedHashMap<>();
    for (CallLog.Refused refused : log.refused().keySet()) {
      if (refused.answer() instanceof CallAnswer.Fail fail
          && fail.errno() != EPERM
          && fail.errno() != 0
          && isKnown(refused.call())
          && !wasMade(refused)) {
        refusals.putIfAbsent(
            refused.call() + refused.values(),
            rules.refuse(
                refused.call(),
                TrackedArguments.of(refused.call()),
                refused.values(),
                ErrnoName.of(fail.errno())));
      }
    }
    return List.copyOf(refusals.values());
  }

  /** Told by what is kept of its arguments; others decided then. */
  private boolean wasMade(CallLog.Refused refused) {
    CallLog.Made made = log.made().get(refused.call());
    return made != null && made.values().contains(refused.values());
  }

  private boolean isKnown(String call) {
    return table.number(call).isPresent();
  }

  /** Calls that were made, and are not written: the policy of the run has conditions on them. */
  Set<String> left() {
    return left;
  }
}

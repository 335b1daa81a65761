package dev.caisson.policy;

import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.CallRule;
import dev.caisson.policy.seccomp.SeccompAction;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lays what policies say of calls on their profile, and checks it for the host's ABIs. */
final class SeccompResolver {
  private final Architecture architecture;
  private final List<PolicyProblem> problems;

  SeccompResolver(Architecture architecture, List<PolicyProblem> problems) {
    this.architecture = architecture;
    this.problems = problems;
  }

  SeccompProfile resolve(SeccompProfile profile, Body<?> body) {
    Set<Abi> compat = body.value(Fields.ABIS);
    if (body.calls().isEmpty() && compat.isEmpty()) {
      return profile;
    }
    List<List<CallRule>> layers = new ArrayList<>();
    for (CallLayer layer : body.calls().effective()) {
      add(layers, layer.otherwise());
      add(layers, layer.rules());
      for (Abi abi : abis(compat)) {
        check(layer, abi);
      }
    }
    return profile.with(layers, compat);
  }

  private static void add(List<List<CallRule>> layers, List<Setting<CallRule>> rules) {
    if (!rules.isEmpty()) {
      layers.add(rules.stream().map(Setting::value).toList());
    }
  }

  private List<Abi> abis(Set<Abi> compat) {
    Abi own = Abi.of(architecture);
    List<Abi> abis = new ArrayList<>(List.of(own));
    compat.stream().filter(abi -> abi.isServedBy(own)).forEach(abis::add);
    return abis;
  }

  private void check(CallLayer layer, Abi abi) {
    Map<String, List<Setting<CallRule>>> errnos = new HashMap<>();
    for (Setting<CallRule> rule : layer.rules()) {
      var mistake = rule.value().mistake(abi);
      if (mistake.isPresent()) {
        problem(rule, mistake.get());
      } else if (rule.value().then() instanceof SeccompAction.Errno) {
        errnos.computeIfAbsent(rule.value().call(), call -> new ArrayList<>()).add(rule);
      }
    }
    errnos.values().forEach(rules -> refuseTwoErrnos(rules, abi));
  }

  private void refuseTwoErrnos(List<Setting<CallRule>> rules, Abi abi) {
    for (int i = 0; i < rules.size(); i++) {
      for (int j = 0; j < i; j++) {
        CallRule one = rules.get(i).value();
        CallRule other = rules.get(j).value();
        if (!one.then().equals(other.then()) && one.mayOverlap(other, abi)) {
          problem(
              rules.get(i),
              "the same calls of "
                  + one.call()
                  + " get "
                  + one.then()
                  + " here and "
                  + other.then()
                  + " at "
                  + rules.get(j).origin());
          return;
        }
      }
    }
  }

  private void problem(Setting<CallRule> rule, String message) {
    PolicyProblem problem = new PolicyProblem(rule.origin(), message);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }
}

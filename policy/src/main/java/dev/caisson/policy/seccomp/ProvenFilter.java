package dev.caisson.policy.seccomp;

/** A filter that may be loaded: proved to decide every call as its rules do. */
public final class ProvenFilter {
  private final BpfProgram program;

  private ProvenFilter(BpfProgram program) {
    this.program = program;
  }

  public BpfProgram program() {
    return program;
  }

  /**
   * The filter of a launch. Those of the built-in profiles were compiled and proved in the build;
   * any other is compiled, and proved unless {@code proofs} has it.
   *
   * @throws SeccompRefusal where it is too long, cannot be proved, denies what starts a payload, or
   *     asks a tracer or a supervisor, of which a launch has none
   */
  public static ProvenFilter of(
      SeccompProfile profile, FilterTarget target, LaunchVariant variant, ProofStore proofs) {
    if (profile.isPlainBuiltIn() && PrebuiltFilter.isMadeFor(target)) {
      var prebuilt = PrebuiltFilter.read(profile.name(), target.nativeAbi(), variant);
      if (prebuilt.isPresent()) {
        return new ProvenFilter(prebuilt.get());
      }
    }
    FilterRules rules = profile.resolve(target);
    rules.abis().get(0).requireLaunchable();
    FilterRules changed = variant.of(rules);
    requireReceivers(changed);
    return of(changed, proofs);
  }

  /**
   * The filter of {@code rules}.
   *
   * @throws SeccompRefusal where it is too long or cannot be proved
   */
  public static ProvenFilter of(FilterRules rules, ProofStore proofs) {
    BpfProgram program = SeccompCompiler.compile(rules);
    ProofKey key = ProofKey.of(rules, program);
    if (!proofs.holds(key)) {
      require(rules, FilterProver.prove(rules, program));
      proofs.keep(key);
    }
    return new ProvenFilter(program);
  }

  private static void requireReceivers(FilterRules rules) {
    for (SeccompRules abi : rules.abis()) {
      for (CallRange range : abi.ranges()) {
        requireReceiver(rules, range, range.otherwise());
        range.clauses().forEach(clause -> requireReceiver(rules, range, clause.action()));
      }
    }
  }

  private static void requireReceiver(FilterRules rules, CallRange range, SeccompAction action) {
    if (action instanceof SeccompAction.Trace || action instanceof SeccompAction.Notify) {
      String call =
          SyscallTable.of(range.abi()).name((int) range.first()).orElse("call " + range.first());
      throw new SeccompRefusal(
          "use the seccomp profile " + rules.name(),
          "for " + call + " it says " + action + ", and a launch has nothing that would be told",
          "Give the call another action: allow, log, an errno");
    }
  }

  private static void require(FilterRules rules, FilterProver.Verdict verdict) {
    String attempted = "prove the filter of the seccomp profile " + rules.name();
    if (verdict instanceof FilterProver.NotDecided notDecided) {
      throw new SeccompRefusal(
          attempted,
          "it could not be decided whether it does what the profile says: " + notDecided.why(),
          "Use fewer rules that look at the bits of several arguments at once");
    }
    if (verdict instanceof FilterProver.Refuted refuted) {
      throw new SeccompRefusal(
          attempted,
          "for "
              + refuted.witness()
              + " the profile says "
              + refuted.rules()
              + ", the filter "
              + refuted.filter()
              + ": a defect of Caisson itself",
          "Report it with the profile");
    }
  }
}

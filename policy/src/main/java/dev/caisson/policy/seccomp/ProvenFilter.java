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
   *     asks a tracer or a supervisor, of which the kernel knows none
   */
  public static ProvenFilter of(
      SeccompProfile profile, FilterTarget target, LaunchVariant variant, ProofStore proofs) {
    return of(profile, target, variant, proofs, false);
  }

  /**
   * The same for a supervisor, which decides by it in the kernel's place and is what it may ask.
   *
   * @throws SeccompRefusal likewise, but where it asks a supervisor
   */
  public static ProvenFilter ofSupervisor(
      SeccompProfile profile, FilterTarget target, LaunchVariant variant, ProofStore proofs) {
    return of(profile, target, variant, proofs, true);
  }

  private static ProvenFilter of(
      SeccompProfile profile,
      FilterTarget target,
      LaunchVariant variant,
      ProofStore proofs,
      boolean supervised) {
    if (profile.isPlainBuiltIn() && PrebuiltFilter.isMadeFor(target)) {
      var prebuilt = PrebuiltFilter.read(profile.name(), target.nativeAbi(), variant);
      if (prebuilt.isPresent()) {
        return new ProvenFilter(prebuilt.get());
      }
    }
    FilterRules rules = profile.resolve(target);
    rules.abis().get(0).requireLaunchable();
    FilterRules changed = variant.of(rules);
    requireReceivers(changed, supervised);
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

  private static void requireReceivers(FilterRules rules, boolean supervised) {
    for (SeccompRules abi : rules.abis()) {
      for (CallRange range : abi.ranges()) {
        boolean decided = false;
        for (Clause clause : range.clauses()) {
          if (!decided) {
            requireReceiver(rules, range, clause.action(), supervised);
          }
          // what stands behind it decides nothing
          decided |= clause.unconditional();
        }
        if (!decided) {
          requireReceiver(rules, range, range.otherwise(), supervised);
        }
      }
    }
  }

  private static void requireReceiver(
      FilterRules rules, CallRange range, SeccompAction action, boolean supervised) {
    if (action instanceof SeccompAction.Trace
        || (action instanceof SeccompAction.Notify && !supervised)) {
      String call =
          SyscallTable.of(range.abi()).name((int) range.first()).orElse("call " + range.first());
      throw new SeccompRefusal(
          "use the seccomp profile " + rules.name(),
          "for " + call + " it says " + action + ", and a launch has nothing that would be told",
          "Give the call another action: allow, log, an errno; notify where a policy's rule says it");
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

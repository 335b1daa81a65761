package dev.caisson.signing;

/** A manifest that no rule accepted, with the refusal that says which check failed. */
public record Rejected(TrustRefusal refusal) implements TrustDecision {}

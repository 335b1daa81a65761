package dev.caisson.signing;

/** What a trust policy says of a manifest. */
public sealed interface TrustDecision permits Accepted, Rejected {}

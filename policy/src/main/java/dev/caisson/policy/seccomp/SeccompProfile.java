package dev.caisson.policy.seccomp;

/** A profile as it was read; placeholder of the model that the compiler takes. */
public record SeccompProfile(String name) {}

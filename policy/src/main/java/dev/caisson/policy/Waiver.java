package dev.caisson.policy;

import java.time.LocalDate;

/**
 * A finding of the audit that somebody answers for.
 *
 * @param rule the audit's rule, {@code SEC-08} for instance
 * @param reason why the finding stands
 * @param owner who answers for it
 * @param until the last day on which it holds, in UTC
 */
public record Waiver(String rule, String reason, String owner, LocalDate until) {}

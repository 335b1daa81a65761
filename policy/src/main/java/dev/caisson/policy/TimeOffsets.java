package dev.caisson.policy;

import java.time.Duration;

/** How far the clocks inside are ahead of the host's (time_namespaces(7)); behind if negative. */
public record TimeOffsets(Duration monotonic, Duration boottime) {}

package dev.caisson.policy;

import dev.caisson.json.JsonValue;

/**
 * The trust document of a policy, which signing reads.
 *
 * @param source the file or built-in policy that it stands in
 * @param document as it was written, but for the paths of keys, which are absolute
 */
public record ImageTrust(String source, JsonValue document) {}

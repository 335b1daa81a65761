package dev.caisson.policy;

import dev.caisson.json.JsonObject;
import java.util.List;

/**
 * One document as it was read.
 *
 * @param source how messages name it
 * @param parents what it extends, in its order
 */
record PolicyDocument(String source, JsonObject root, List<PolicyDocument> parents) {
  PolicyDocument {
    parents = List.copyOf(parents);
  }
}

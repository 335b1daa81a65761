package dev.caisson.policy;

import dev.caisson.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One document as its author wrote it.
 *
 * @param source how messages name it
 * @param name what it calls itself; its source where it does not
 * @param bestEffort the protections that it can do without; empty where it does not say
 * @param expectations what it expects of itself; its parents' are their own
 * @param ceiling what bounds every policy that extends it: a document of its own, whose source says
 *     where it stands and whose name is the source of this one
 * @param parents what it extends, in its order
 * @param problems every mistake that does not depend on a host
 */
record PolicyDocument(
    String source,
    String name,
    Optional<String> description,
    Settings<String, Variable> variables,
    Optional<Setting<Set<Protection>>> bestEffort,
    Body<Template> body,
    List<Part> parts,
    List<WrittenExpectation> expectations,
    Optional<PolicyDocument> ceiling,
    List<PolicyDocument> parents,
    List<PolicyProblem> problems,
    JsonObject json) {
  PolicyDocument {
    parts = List.copyOf(parts);
    expectations = List.copyOf(expectations);
    parents = List.copyOf(parents);
    problems = List.copyOf(problems);
  }

  /** Whether it or a parent sets the field, be it under a condition. */
  boolean sets(Field<?> field) {
    return body.get(field).isPresent()
        || parts.stream().anyMatch(part -> part.body().get(field).isPresent())
        || parents.stream().anyMatch(parent -> parent.sets(field));
  }

  /** What it sets under a condition. */
  record Part(Condition condition, Body<Template> body) {}
}

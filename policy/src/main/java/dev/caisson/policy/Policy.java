package dev.caisson.policy;

import dev.caisson.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A policy as its author wrote it, with what it extends. */
public final class Policy {
  private final PolicyDocument document;

  Policy(PolicyDocument document) {
    this.document = document;
  }

  /** Its file, or its name if it is a built-in. */
  public String source() {
    return document.source();
  }

  /** What it calls itself; its source where it does not. */
  public String name() {
    return document.name();
  }

  public Optional<String> description() {
    return document.description();
  }

  /** The sources of what it extends, in its order. */
  public List<String> parents() {
    return document.parents().stream().map(PolicyDocument::source).toList();
  }

  /**
   * Decides everything against a host.
   *
   * @throws PolicyRefusal that lists every mistake
   */
  public EffectivePolicy resolve(View view, HostFacts host) {
    return resolution(view, host).policy();
  }

  /**
   * Decides everything against a host, and keeps where each value comes from.
   *
   * @throws PolicyRefusal that lists every mistake
   */
  public Resolution resolution(View view, HostFacts host) {
    Set<PolicyProblem> problems = new LinkedHashSet<>();
    Resolution resolution = resolve(view, host, problems);
    if (!problems.isEmpty()) {
      throw PolicyRefusal.of(document.source(), ordered(problems));
    }
    return resolution;
  }

  /**
   * Every mistake that shows in either view, on this host or one that conditions ask for; empty for
   * a sound policy. Where they tell too many hosts apart, those of this host.
   */
  public List<PolicyProblem> check(HostFacts host) {
    Set<PolicyProblem> problems = new LinkedHashSet<>();
    for (View view : View.values()) {
      resolve(view, host, problems);
    }
    Assignments assignments = Assignments.of(List.of(document), host);
    if (assignments.count() <= Assignments.MOST) {
      assignments.all().forEach(each -> resolve(each.view(), each.host(), problems));
    }
    return ordered(problems);
  }

  /** What it comes to without what is wrong in it: to be spoken of, never to be used. */
  EffectivePolicy attempted(View view, HostFacts host) {
    return resolve(view, host, new LinkedHashSet<>()).policy();
  }

  PolicyDocument document() {
    return document;
  }

  /** Whether it or a parent declares variables. */
  boolean hasVariables() {
    return hasVariables(document);
  }

  private static boolean hasVariables(PolicyDocument document) {
    return !document.variables().all().isEmpty()
        || document.parents().stream().anyMatch(Policy::hasVariables);
  }

  /** The document as its author wrote it. */
  public JsonObject written() {
    return document.json();
  }

  /** What the author wrote, without what the parents add. */
  public List<StatedValue> values() {
    return WrittenValues.of(document);
  }

  private Resolution resolve(View view, HostFacts host, Set<PolicyProblem> problems) {
    addProblems(document, problems);
    List<PolicyProblem> found = new ArrayList<>();
    Resolution resolution = new PolicyResolver(document, view, host, found).resolve();
    problems.addAll(found);
    return resolution;
  }

  private static void addProblems(PolicyDocument document, Set<PolicyProblem> problems) {
    for (PolicyDocument parent : document.parents()) {
      addProblems(parent, problems);
    }
    problems.addAll(document.problems());
  }

  /** Document by document, each from its start to its end. */
  private static List<PolicyProblem> ordered(Set<PolicyProblem> problems) {
    List<String> sources = problems.stream().map(p -> p.origin().source()).distinct().toList();
    return problems.stream()
        .sorted(
            Comparator.comparingInt((PolicyProblem p) -> sources.indexOf(p.origin().source()))
                .thenComparingInt(p -> p.origin().position().line())
                .thenComparingInt(p -> p.origin().position().column()))
        .toList();
  }
}

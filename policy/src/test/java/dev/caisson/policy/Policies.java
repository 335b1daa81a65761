package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.Map;

/** Policies and a host for tests. */
public final class Policies {
  static final UnixPath HOME = UnixPath.of("/home/alice");

  /** 2026-06-01. */
  static final long TODAY = 20_605;

  public static final HostFacts HOST = host(Map.of("LANG", "C.UTF-8"));

  private Policies() {}

  static HostFacts host(Map<String, String> environment) {
    Map<String, UnixPath> variables = new java.util.HashMap<>();
    environment.forEach((name, value) -> variables.put(name, UnixPath.of(value)));
    return new HostFacts(
        Architecture.X86_64,
        new KernelVersion(6, 12),
        6,
        true,
        TODAY,
        FakeFiles.ALICE,
        FakeFiles.ALICE,
        List.of(),
        "alice",
        HOME,
        UnixPath.of("/home/alice/project"),
        variables,
        Map.of("bin", UnixPath.of("usr/bin")));
  }

  /** A document with its version and these members. */
  static String document(String members) {
    return "{\"apiVersion\": \"caisson/1\"" + (members.isEmpty() ? "" : ", " + members) + "}";
  }

  static Policy load(FakeFiles files, String name) {
    return PolicyLoader.load(UnixPath.of(name), FakeFiles.ALICE, files);
  }

  /** A policy of these members. */
  static Policy of(String members) {
    return load(new FakeFiles().file("/home/alice/project/p.json", document(members)), "./p.json");
  }

  public static EffectivePolicy effective(String members) {
    return of(members).resolve(View.IMAGE, HOST);
  }

  /** Its mistakes, each as "path: message". */
  static List<String> mistakes(String members) {
    return said(of(members).check(HOST));
  }

  static List<String> said(List<PolicyProblem> problems) {
    return problems.stream().map(p -> p.origin().path() + ": " + p.message()).toList();
  }
}

package dev.caisson.policy.exchange;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.exchange.LeftOut.Kind;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A seccomp profile of another tool as a policy of nothing else. */
final class SeccompImport {
  /** Keys that only Podman's files have (containers/common, pkg/seccomp). */
  private static final List<String> OF_PODMAN = List.of("defaultErrno", "errno");

  /** Flags that ask for what is always so here, or for nothing that a filter decides. */
  private static final String FLAGS =
      "the filter is loaded with the flags that Caisson chooses by itself";

  private final Report report;
  private final boolean podman;

  SeccompImport(Report report, boolean podman) {
    this.report = report;
    this.podman = podman;
  }

  /**
   * Reads it.
   *
   * @param knownThrough the kernel release whose calls its author knew
   */
  Imported of(JsonDocument document, Optional<String> knownThrough, HostFacts host) {
    JsonValue root = report.root(document);
    int before = report.problems().size();
    Optional<SeccompProfile> profile =
        SeccompProfile.read(document.source(), root, "$", report.problems());
    if (root instanceof JsonObject object && report.problems().size() == before) {
      lookAt(object);
    }
    profile.ifPresent(
        p -> p.warnings().forEach(w -> report.add(Kind.NOTE, w.position(), w.path(), w.message())));
    JsonObject policy = policy(root, knownThrough, document.source());
    return report.imported(policy, host);
  }

  /** A profile within the document of a container. */
  static void check(JsonDocument document, Report report) {
    SeccompProfile.read(document.source(), report.root(document), "$", report.problems());
  }

  private void lookAt(JsonObject profile) {
    for (JsonObject.Member member : profile.members()) {
      look(member, "$." + member.name());
    }
    profile.get("syscalls").ifPresent(this::rules);
    if (profile.get("knownThrough").isEmpty()) {
      report.add(
          Kind.NOTE,
          profile,
          "$",
          "calls that are newer than the profile get its default action; with --known-through and"
              + " the kernel release of its time they get ENOSYS");
    }
  }

  private void look(JsonObject.Member member, String path) {
    boolean some = !(member.value() instanceof JsonArray array) || !array.elements().isEmpty();
    switch (member.name()) {
      case "architectures", "archMap" ->
          report.add(
              Kind.NOTE,
              member.value(),
              path,
              "not read: programs for other ABIs than the host's own are ended; seccomp.abis lets"
                  + " them in");
      case "flags" -> {
        if (some) {
          report.add(Kind.NOTE, member.value(), path, FLAGS);
        }
      }
      default -> ofPodman(member, path);
    }
  }

  private void rules(JsonValue rules) {
    int index = 0;
    for (JsonValue rule :
        rules instanceof JsonArray array ? array.elements() : List.<JsonValue>of()) {
      String path = "$.syscalls[" + index++ + "].";
      if (rule instanceof JsonObject object) {
        object.members().forEach(member -> ofPodman(member, path + member.name()));
      }
    }
  }

  private void ofPodman(JsonObject.Member member, String path) {
    if (!podman && OF_PODMAN.contains(member.name()) && member.value() instanceof JsonString) {
      report
          .problems()
          .add(
              new JsonProblem(
                  member.namePosition(), path, "only Podman's files have it: use podman-seccomp"));
    }
  }

  private static JsonObject policy(JsonValue root, Optional<String> known, String source) {
    JsonValue profile =
        known.isPresent() && root instanceof JsonObject object
            ? JsonText.with(object, "knownThrough", JsonText.text(known.get()))
            : root;
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("apiVersion", JsonText.text("caisson/1"));
    members.put("description", JsonText.text("The system calls of " + source));
    members.put("seccomp", JsonText.object(Map.of("profile", profile)));
    return JsonText.object(members);
  }
}

package dev.caisson.policy.exchange;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonFields.Element;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Nearest;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A container of a Kubernetes pod, or a securityContext alone, as a policy. */
final class KubernetesImport {
  private static final List<String> LISTS =
      List.of("containers", "initContainers", "ephemeralContainers");
  private static final long LONGEST = Integer.MAX_VALUE;

  private final Report report;
  private final ContainerDraft draft = new ContainerDraft();

  KubernetesImport(Report report) {
    this.report = report;
  }

  /**
   * Reads it.
   *
   * @param wanted the container's name; not needed where there is only one
   */
  Imported of(JsonDocument document, Optional<String> wanted, HostFacts host) {
    JsonValue root = report.root(document);
    String name =
        root instanceof JsonObject object && isDocument(object)
            ? pod(root, wanted)
            : securityContext(root, wanted);
    return report.imported(draft.document(name, "From " + document.source()), host);
  }

  private static boolean isDocument(JsonObject object) {
    return KubernetesKeys.DOCUMENT.stream().anyMatch(key -> object.get(key).isPresent());
  }

  private String securityContext(JsonValue root, Optional<String> wanted) {
    wanted.ifPresent(name -> report.mistake("--container", "a securityContext has no containers"));
    LinkedHashSet<String> keys = new LinkedHashSet<>(KubernetesKeys.CONTAINER_SECURITY);
    keys.addAll(KubernetesKeys.POD_SECURITY);
    Optional<JsonFields> context = JsonFields.of(root, "$", List.copyOf(keys), report.problems());
    new KubernetesSecurity(report, draft).read(Optional.empty(), context, root, "$");
    context.ifPresent(fields -> new KubernetesSecurity(report, draft).ofPod(fields));
    return "securityContext";
  }

  private String pod(JsonValue root, Optional<String> wanted) {
    Optional<JsonFields> top = JsonFields.of(root, "$", KubernetesKeys.DOCUMENT, report.problems());
    top.flatMap(t -> t.string("kind"))
        .filter(kind -> !kind.value().equals("Pod"))
        .ifPresent(
            kind ->
                top.orElseThrow()
                    .problem(
                        kind,
                        "kind",
                        "expected \"Pod\", found " + kind.value() + "; its pod is spec.template"));
    top.flatMap(t -> t.string("apiVersion"))
        .filter(version -> !version.value().equals("v1"))
        .ifPresent(v -> top.orElseThrow().problem(v, "apiVersion", "expected \"v1\""));
    Optional<JsonFields> spec =
        top.flatMap(t -> t.get("spec"))
            .flatMap(s -> JsonFields.of(s, "$.spec", KubernetesKeys.POD, report.problems()));
    if (spec.isEmpty()) {
      top.filter(t -> !t.has("spec"))
          .ifPresent(t -> report.mistake(root, "$", "expected a \"spec\" in it"));
      return "pod";
    }
    Optional<String> podName = top.flatMap(this::metadata);
    Optional<Element<JsonValue>> container = container(spec.get(), wanted);
    spec(spec.get());
    if (container.isEmpty()) {
      return "pod";
    }
    draft.process("hostname", hostname(spec.get(), podName));
    return new KubernetesContainer(report, draft, spec.get()).read(container.get());
  }

  /** The pod's name. Its annotations may hold what later became fields. */
  private Optional<String> metadata(JsonFields top) {
    if (!(top.get("metadata").orElse(top.get("spec").orElseThrow())
        instanceof JsonObject metadata)) {
      return Optional.empty();
    }
    if (metadata.get("annotations").orElse(metadata) instanceof JsonObject annotations) {
      for (JsonObject.Member member : annotations.members()) {
        if (member.name().contains("seccomp.security.alpha.kubernetes.io")
            || member.name().contains("apparmor.security.beta.kubernetes.io")) {
          report.add(
              Kind.NOT_ENFORCED,
              member.value(),
              "$.metadata.annotations",
              member.name() + " has no effect in today's Kubernetes; use a securityContext");
        }
      }
    }
    return metadata
        .get("name")
        .filter(JsonString.class::isInstance)
        .map(name -> ((JsonString) name).value());
  }

  private String hostname(JsonFields spec, Optional<String> podName) {
    Optional<String> said =
        spec.string("hostnameOverride").or(() -> spec.string("hostname")).map(JsonString::value);
    String name = said.or(() -> podName).orElse("caisson");
    return ContainerDraft.literal(name.length() > 63 ? name.substring(0, 63) : name);
  }

  private void spec(JsonFields spec) {
    for (String key : KubernetesKeys.POD_NOTES) {
      report.add(Kind.NOTE, spec, key, "no matter of a policy");
    }
    not(spec, "hostPID", "the host's processes");
    not(spec, "hostIPC", "the host's IPC objects");
    not(spec, "hostUsers", "the host's user namespace");
    not(spec, "shareProcessNamespace", "the processes of the pod's other containers");
    not(spec, "automountServiceAccountToken", "the token of a service account");
    if (spec.flag("hostNetwork").orElse(false)) {
      draft.network("host");
    }
    for (String account : List.of("serviceAccount", "serviceAccountName")) {
      report.add(Kind.NOTE, spec, account, "there is no cluster, and no token of it");
    }
    spec.flag("enableServiceLinks");
    report.add(Kind.NOTE, spec, "enableServiceLinks", "there are no services of a cluster");
    report.add(Kind.NOT_ALLOWED, spec, "hostAliases", "names in /etc/hosts");
    report.add(Kind.NOT_ALLOWED, spec, "resourceClaims", "devices of the host");
    report.add(Kind.NOT_ENFORCED, spec, "runtimeClassName", "another runtime's isolation");
    report.add(Kind.NOT_ENFORCED, spec, "resources", "limits of the pod as a whole");
    OptionalLong deadline = spec.number("activeDeadlineSeconds", LONGEST);
    if (deadline.isPresent() && deadline.getAsLong() > 0) {
      draft.seconds("wallClock", deadline.getAsLong());
    }
  }

  /** What asks for something of the host's where it is true. */
  private void not(JsonFields spec, String key, String what) {
    if (spec.flag(key).orElse(false)) {
      report.add(Kind.NOT_ALLOWED, spec, key, what);
    }
  }

  private Optional<Element<JsonValue>> container(JsonFields spec, Optional<String> wanted) {
    List<Element<JsonValue>> found = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int all = 0;
    for (String list : LISTS) {
      for (Element<JsonValue> element : spec.elements(list)) {
        String name = name(element.value());
        names.add(name);
        all++;
        if (wanted.isEmpty() ? list.equals("containers") : wanted.get().equals(name)) {
          found.add(element);
        }
      }
    }
    if (found.size() != 1) {
      report.mistake(
          "--container",
          wanted.isEmpty()
              ? found.isEmpty()
                  ? "the pod has no container"
                  : "the pod has several: name one of " + String.join(", ", names)
              : "no container is called " + wanted.get() + Nearest.hint(wanted.get(), names));
      return Optional.empty();
    }
    if (all > 1) {
      report.add(Kind.NOTE, found.get(0).value(), found.get(0).path(), "the others are not read");
    }
    return Optional.of(found.get(0));
  }

  private static String name(JsonValue container) {
    return container instanceof JsonObject object
            && object.get("name").orElse(object) instanceof JsonString name
        ? name.value()
        : "";
  }
}

package dev.caisson.policy.exchange;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonFields.Element;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A securityContext: the container's, over its pod's. */
final class KubernetesSecurity {
  private static final long MOST_ID = 0xFFFF_FFFEL;

  private final Report report;
  private final ContainerDraft draft;

  KubernetesSecurity(Report report, ContainerDraft draft) {
    this.report = report;
    this.draft = draft;
  }

  /**
   * What a container may have a securityContext of its own for.
   *
   * @param container where the container stands, for what is missing
   */
  void read(Optional<JsonFields> pod, Optional<JsonFields> own, JsonValue container, String path) {
    user(pod, own, container, path);
    seccomp(pod, own);
    for (Optional<JsonFields> each : List.of(pod, own)) {
      each.ifPresent(this::labels);
    }
    if (own.isEmpty()) {
      return;
    }
    JsonFields fields = own.get();
    fields.flag("readOnlyRootFilesystem").ifPresent(draft::readOnlyRoot);
    if (fields.flag("privileged").orElse(false)) {
      report.add(
          Kind.NOT_ALLOWED,
          fields,
          "privileged",
          "all capabilities, all devices, no seccomp profile; name the capabilities instead");
    }
    if (fields.flag("allowPrivilegeEscalation").orElse(false)) {
      report.add(
          Kind.NOT_ALLOWED,
          fields,
          "allowPrivilegeEscalation",
          "no program gains privileges by setuid bits or file capabilities");
    }
    if (fields.word("procMount", List.of("Default", "Unmasked")).orElse("").equals("Unmasked")) {
      report.add(Kind.NOT_ALLOWED, fields, "procMount", "a /proc in which nothing is masked");
    }
    fields.get("capabilities").ifPresent(value -> capabilities(value, fields));
  }

  /** What only a pod's has. */
  void ofPod(JsonFields pod) {
    for (Element<JsonValue> element : pod.elements("supplementalGroups")) {
      id(element.value(), element.path()).ifPresent(draft::group);
    }
    OptionalLong group = pod.number("fsGroup", MOST_ID);
    if (group.isPresent()) {
      draft.group(group.getAsLong());
      report.add(Kind.NOTE, pod, "fsGroup", "no file's group is changed by it");
    }
    for (String key :
        List.of("fsGroupChangePolicy", "seLinuxChangePolicy", "supplementalGroupsPolicy")) {
      report.add(Kind.NOTE, pod, key, "no matter of a policy");
    }
    for (Element<JsonValue> sysctl : pod.elements("sysctls")) {
      report.add(Kind.NOT_ALLOWED, sysctl.value(), sysctl.path(), "a parameter of the kernel");
    }
  }

  private Optional<Long> id(JsonValue value, String path) {
    // an object of one member reads a number as one of its own would
    Optional<JsonFields> fields =
        JsonFields.of(JsonText.object(Map.of("id", value)), path, List.of("id"), report.problems());
    OptionalLong number = fields.orElseThrow().number("id", MOST_ID);
    return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
  }

  private void user(
      Optional<JsonFields> pod, Optional<JsonFields> own, JsonValue container, String path) {
    OptionalLong user = number(pod, own, "runAsUser");
    OptionalLong group = number(pod, own, "runAsGroup");
    boolean nonRoot =
        own.flatMap(f -> f.flag("runAsNonRoot"))
            .or(() -> pod.flatMap(f -> f.flag("runAsNonRoot")))
            .orElse(false);
    if (user.isPresent()) {
      // where the group is missing, Kubernetes takes the one of the image's passwd, or 0
      draft.user(user.getAsLong() + ":" + group.orElse(0));
      if (nonRoot && user.getAsLong() == 0) {
        report.mistake(container, path, "runAsUser is 0, and runAsNonRoot is true");
      }
    } else if (nonRoot) {
      report.add(
          Kind.NOT_ENFORCED,
          container,
          path,
          "runAsNonRoot, where the image decides on the user: say runAsUser too");
    } else if (group.isPresent()) {
      draft.user("0:" + group.getAsLong());
    }
  }

  private static OptionalLong number(
      Optional<JsonFields> pod, Optional<JsonFields> own, String key) {
    OptionalLong outer = pod.isPresent() ? pod.get().number(key, MOST_ID) : OptionalLong.empty();
    OptionalLong inner = own.isPresent() ? own.get().number(key, MOST_ID) : OptionalLong.empty();
    return inner.isPresent() ? inner : outer;
  }

  private void seccomp(Optional<JsonFields> pod, Optional<JsonFields> own) {
    Optional<JsonFields> holder =
        own.filter(f -> f.has("seccompProfile")).or(() -> pod.filter(f -> f.has("seccompProfile")));
    if (holder.isEmpty()) {
      return;
    }
    Optional<JsonFields> profile =
        JsonFields.of(
            holder.get().get("seccompProfile").orElseThrow(),
            holder.get().path("seccompProfile"),
            List.of("type", "localhostProfile"),
            report.problems());
    if (profile.isEmpty()) {
      return;
    }
    Optional<String> type =
        profile.get().word("type", List.of("RuntimeDefault", "Unconfined", "Localhost"));
    if (type.isEmpty()) {
      return;
    }
    switch (type.get()) {
      case "Unconfined" ->
          report.add(
              Kind.NOT_ALLOWED, profile.get(), "type", "no seccomp profile; the default one holds");
      case "Localhost" ->
          report.add(
              Kind.NOT_ENFORCED,
              profile.get(),
              "type",
              "a profile of the node's; import it as oci-seccomp and put it into seccomp.profile."
                  + " Until then the default one holds");
      default -> draft.seccomp(JsonText.text("default"));
    }
  }

  private void labels(JsonFields fields) {
    report.add(Kind.NOT_ENFORCED, fields, "seLinuxOptions", "an SELinux label");
    report.add(Kind.NOTE, fields, "windowsOptions", "this is Linux");
    Optional<JsonFields> profile =
        fields
            .get("appArmorProfile")
            .flatMap(
                value ->
                    JsonFields.of(
                        value,
                        fields.path("appArmorProfile"),
                        List.of("type", "localhostProfile"),
                        report.problems()));
    Optional<String> type =
        profile.flatMap(p -> p.word("type", List.of("RuntimeDefault", "Unconfined", "Localhost")));
    if (type.isPresent() && !type.get().equals("Unconfined")) {
      boolean named = type.get().equals("Localhost");
      report.add(
          named ? Kind.NOT_ENFORCED : Kind.NOTE,
          profile.orElseThrow(),
          "type",
          "no AppArmor profile; Landlock rules are added");
    }
  }

  private void capabilities(JsonValue value, JsonFields holder) {
    Optional<JsonFields> fields =
        JsonFields.of(
            value, holder.path("capabilities"), List.of("add", "drop"), report.problems());
    if (fields.isEmpty()) {
      return;
    }
    CapabilityLists lists = new CapabilityLists();
    for (Element<JsonString> word : fields.get().strings("add")) {
      mistake(lists.add(word.value().value()), word);
    }
    for (Element<JsonString> word : fields.get().strings("drop")) {
      mistake(lists.drop(word.value().value()), word);
    }
    lists.asKubernetes(draft.capabilities());
    lists.note(draft.isRoot()).ifPresent(said -> report.add(Kind.NOTE, fields.get(), "add", said));
  }

  private void mistake(Optional<String> message, Element<JsonString> element) {
    message.ifPresent(said -> report.mistake(element.value(), element.path(), said));
  }
}

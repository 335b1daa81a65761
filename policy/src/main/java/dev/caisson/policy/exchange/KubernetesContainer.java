package dev.caisson.policy.exchange;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonFields.Element;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** One container of a pod. */
final class KubernetesContainer {
  private static final int MOST_PORT = 65535;

  private final Report report;
  private final ContainerDraft draft;
  private final JsonFields spec;

  KubernetesContainer(Report report, ContainerDraft draft, JsonFields spec) {
    this.report = report;
    this.draft = draft;
    this.spec = spec;
  }

  /** Reads it and returns its name. */
  String read(Element<JsonValue> element) {
    Optional<JsonFields> read =
        JsonFields.of(element.value(), element.path(), KubernetesKeys.CONTAINER, report.problems());
    if (read.isEmpty()) {
      return "pod";
    }
    JsonFields container = read.get();
    for (String key : KubernetesKeys.CONTAINER_NOTES) {
      report.add(Kind.NOTE, container, key, note(key));
    }
    security(container, element);
    container
        .string("workingDir")
        .ifPresent(cwd -> draft.process("cwd", ContainerDraft.literal(cwd.value())));
    environment(container);
    container.get("resources").ifPresent(value -> resources(value, container.path("resources")));
    for (Element<JsonValue> port : container.elements("ports")) {
      port(port);
    }
    for (Element<JsonValue> device : container.elements("volumeDevices")) {
      report.add(Kind.NOT_ALLOWED, device.value(), device.path(), "a device of the host");
    }
    new KubernetesVolumes(report, draft, spec).mount(container);
    return container.string("name").map(JsonString::value).orElse("pod");
  }

  private static String note(String key) {
    return switch (key) {
      case "args", "command", "image" -> "belongs on the command line of caisson run";
      case "tty", "stdin", "stdinOnce" -> "as the caller's own are";
      default -> "no matter of a policy";
    };
  }

  private void security(JsonFields container, Element<JsonValue> element) {
    Optional<JsonFields> pod =
        spec.get("securityContext")
            .flatMap(
                value ->
                    JsonFields.of(
                        value,
                        spec.path("securityContext"),
                        KubernetesKeys.POD_SECURITY,
                        report.problems()));
    Optional<JsonFields> own =
        container
            .get("securityContext")
            .flatMap(
                value ->
                    JsonFields.of(
                        value,
                        container.path("securityContext"),
                        KubernetesKeys.CONTAINER_SECURITY,
                        report.problems()));
    KubernetesSecurity security = new KubernetesSecurity(report, draft);
    security.read(pod, own, element.value(), element.path());
    pod.ifPresent(security::ofPod);
  }

  private void environment(JsonFields container) {
    report.add(Kind.NOT_ALLOWED, container, "envFrom", "variables that only the cluster knows");
    for (Element<JsonValue> element : container.elements("env")) {
      Optional<JsonFields> fields =
          JsonFields.of(
              element.value(),
              element.path(),
              List.of("name", "value", "valueFrom"),
              report.problems());
      Optional<JsonString> name = fields.flatMap(f -> f.string("name"));
      if (name.isEmpty()) {
        continue;
      }
      String value = fields.flatMap(f -> f.string("value")).map(JsonString::value).orElse("");
      if (fields.get().has("valueFrom")) {
        report.add(
            Kind.NOT_ALLOWED,
            element.value(),
            element.path(),
            name.get().value() + ", whose value only the cluster knows");
      } else if (value.contains("$(")) {
        report.add(
            Kind.NOT_ALLOWED,
            element.value(),
            element.path(),
            name.get().value() + ", whose value is made of other variables");
      } else {
        draft.variable(name.get().value(), value);
      }
    }
  }

  private void resources(JsonValue value, String path) {
    Optional<JsonFields> resources =
        JsonFields.of(value, path, List.of("claims", "limits", "requests"), report.problems());
    if (resources.isEmpty()) {
      return;
    }
    report.add(Kind.NOTE, resources.get(), "requests", "nothing is reserved");
    report.add(Kind.NOT_ALLOWED, resources.get(), "claims", "devices of the host");
    if (resources.get().get("limits").isPresent()
        && resources.get().get("limits").get() instanceof JsonObject limits) {
      for (JsonObject.Member member : limits.members()) {
        limit(member, resources.get().path("limits") + "." + member.name());
      }
    }
  }

  private void limit(JsonObject.Member member, String path) {
    String text =
        member.value() instanceof JsonString string
            ? string.value()
            : member.value() instanceof JsonNumber number ? number.literal() : "";
    String name = member.name();
    OptionalLong amount = name.equals("cpu") ? Quantity.thousandths(text) : Quantity.units(text);
    if (amount.isEmpty() || amount.getAsLong() == 0) {
      report.mistake(member.value(), path, "expected an amount above 0, as \"512Mi\"");
    } else if (name.equals("memory")) {
      draft.limit("memory", amount.getAsLong(), true);
      // the kubelet gives containers no swap where nothing else is configured
      draft.swap(0);
    } else if (name.equals("cpu")) {
      draft.processors(amount.getAsLong());
    } else if (name.equals("ephemeral-storage")) {
      report.add(Kind.NOT_ENFORCED, member.value(), path, "a limit of files outside of memory");
    } else {
      report.add(Kind.NOT_ALLOWED, member.value(), path, "a resource of the node");
    }
  }

  private void port(Element<JsonValue> element) {
    Optional<JsonFields> read =
        JsonFields.of(
            element.value(),
            element.path(),
            List.of("containerPort", "hostIP", "hostPort", "name", "protocol"),
            report.problems());
    if (read.isEmpty()) {
      return;
    }
    JsonFields port = read.get();
    OptionalLong inside = port.number("containerPort", MOST_PORT);
    OptionalLong host = port.number("hostPort", MOST_PORT);
    String protocol = port.word("protocol", List.of("TCP", "UDP", "SCTP")).orElse("TCP");
    if (host.isEmpty() || host.getAsLong() == 0 || inside.isEmpty() || draft.hostNetwork()) {
      return;
    }
    if (protocol.equals("SCTP")) {
      report.add(Kind.NOT_ALLOWED, element.value(), element.path(), "a port of SCTP");
      return;
    }
    String address = port.string("hostIP").map(JsonString::value).orElse("");
    draft.publish(
        address.isEmpty() ? "" : address.indexOf(':') < 0 ? address + ":" : "[" + address + "]:",
        (int) host.getAsLong(),
        (int) inside.getAsLong(),
        protocol.toLowerCase(Locale.ROOT));
  }
}

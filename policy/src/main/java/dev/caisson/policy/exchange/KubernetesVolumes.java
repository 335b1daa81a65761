package dev.caisson.policy.exchange;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonFields.Element;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The volumes that a container mounts. */
final class KubernetesVolumes {
  private static final long DEFAULT_BYTES = 64L << 20;
  private static final List<String> MOUNT =
      List.of(
          "mountPath",
          "mountPropagation",
          "name",
          "readOnly",
          "recursiveReadOnly",
          "subPath",
          "subPathExpr");

  private final Report report;
  private final ContainerDraft draft;
  private final Map<String, Volume> volumes = new LinkedHashMap<>();

  private record Volume(JsonObject object, String path) {}

  KubernetesVolumes(Report report, ContainerDraft draft, JsonFields spec) {
    this.report = report;
    this.draft = draft;
    for (Element<JsonValue> element : spec.elements("volumes")) {
      if (element.value() instanceof JsonObject object) {
        volumes.put(
            object.get("name").orElse(object) instanceof JsonString name ? name.value() : "",
            new Volume(object, element.path()));
      } else {
        report.mistake(element.value(), element.path(), "expected an object");
      }
    }
  }

  void mount(JsonFields container) {
    for (Element<JsonValue> element : container.elements("volumeMounts")) {
      JsonFields.of(element.value(), element.path(), MOUNT, report.problems())
          .ifPresent(mount -> mount(mount, element));
    }
  }

  private void mount(JsonFields mount, Element<JsonValue> element) {
    Optional<String> target = mount.string("mountPath").map(JsonString::value);
    Optional<Volume> volume =
        mount.string("name").map(JsonString::value).map(name -> volumes.get(name));
    if (target.isEmpty() || volume.isEmpty()) {
      report.mistake(
          element.value(), element.path(), "expected a mountPath, and a name that volumes has");
      return;
    }
    String propagation =
        mount
            .word("mountPropagation", List.of("None", "HostToContainer", "Bidirectional"))
            .orElse("None");
    if (!propagation.equals("None")) {
      report.add(Kind.NOT_ALLOWED, mount, "mountPropagation", "mounts that are made later");
    }
    report.add(Kind.NOTE, mount, "recursiveReadOnly", "read-only is always recursive");
    if (mount.has("subPathExpr")) {
      report.add(Kind.NOT_ALLOWED, mount, "subPathExpr", "a path made of variables");
      return;
    }
    boolean readOnly = mount.flag("readOnly").orElse(false);
    String below = mount.string("subPath").map(path -> "/" + path.value()).orElse("");
    if (readOnly && volume.get().object().get("emptyDir").isPresent()) {
      report.add(Kind.NOT_ENFORCED, mount, "readOnly", "an emptyDir that is read-only");
    }
    place(target.get(), volume.get(), below, readOnly);
  }

  private void place(String target, Volume volume, String below, boolean readOnly) {
    JsonObject object = volume.object();
    for (JsonObject.Member member : object.members()) {
      String path = volume.path() + "." + member.name();
      switch (member.name()) {
        case "name" -> {
          // looked up already
        }
        case "hostPath" -> hostPath(target, member.value(), path, below, readOnly);
        case "emptyDir" -> emptyDir(target, member.value(), path);
        case "secret", "configMap", "projected", "downwardAPI" ->
            report.add(
                Kind.NOT_ALLOWED,
                member.value(),
                path,
                "what only the cluster knows; the field secrets, or a bind, can take its place");
        default ->
            report.add(
                Kind.NOT_ALLOWED,
                member.value(),
                path,
                "a volume that is no directory of the host");
      }
    }
  }

  private void hostPath(
      String target, JsonValue value, String path, String below, boolean readOnly) {
    Optional<JsonFields> fields =
        JsonFields.of(value, path, List.of("path", "type"), report.problems());
    Optional<String> source = fields.flatMap(f -> f.string("path")).map(JsonString::value);
    if (source.isEmpty()) {
      return;
    }
    String type = fields.get().string("type").map(JsonString::value).orElse("");
    Optional<String> refused =
        List.of("Socket", "CharDevice", "BlockDevice").contains(type)
            ? Optional.of("a socket or device of the host")
            : SourcePath.refusal(source.get() + below);
    if (refused.isPresent()) {
      report.add(Kind.NOT_ALLOWED, value, path, refused.get());
      return;
    }
    if (type.endsWith("OrCreate")) {
      report.add(Kind.NOTE, fields.get(), "type", "it is not created");
    }
    draft.bind(target, ContainerDraft.literal(source.get() + below), readOnly);
  }

  private void emptyDir(String target, JsonValue value, String path) {
    Optional<JsonFields> fields =
        JsonFields.of(value, path, List.of("medium", "sizeLimit"), report.problems());
    if (fields.isEmpty()) {
      return;
    }
    fields.get().string("medium");
    Optional<JsonValue> limit = fields.get().get("sizeLimit");
    String text =
        limit.orElse(value) instanceof JsonString string
            ? string.value()
            : limit.orElse(value) instanceof JsonNumber number ? number.literal() : "";
    OptionalLong bytes = limit.isEmpty() ? OptionalLong.of(DEFAULT_BYTES) : Quantity.units(text);
    if (bytes.isEmpty() || bytes.getAsLong() == 0) {
      fields.get().problem(limit.orElse(value), "sizeLimit", "expected a size, as \"64Mi\"");
      return;
    }
    if (limit.isEmpty()) {
      report.add(Kind.NOTE, value, path, "no sizeLimit: 64 MiB in memory");
    }
    draft.tmpfs(target, bytes.getAsLong(), "777", true);
  }
}

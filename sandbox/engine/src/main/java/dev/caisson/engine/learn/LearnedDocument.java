package dev.caisson.engine.learn;

import dev.caisson.UnixPath;
import dev.caisson.engine.Adjustments;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.launch.LaunchRequest;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.ProcView;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Writes a learned policy: the policy of the run, with what was learned in its fields' place. */
final class LearnedDocument {
  private static final UnixPath PROC = UnixPath.of("/proc");

  /** What only a command of the host has. */
  private static final Set<String> OF_WRAP = Set.of("filesystem", "environment", "process");

  /** What people say of the policy of the run. */
  private static final Set<String> OF_ITS_OWN = Set.of("expect", "audit", "notes");

  private final LaunchRequest request;
  private final EffectivePolicy policy;
  private final Adjustments flags;
  private final JsonObject base;
  private final Observation observation;

  LearnedDocument(
      LaunchRequest request, Adjustments flags, JsonObject base, Observation observation) {
    this.request = request;
    policy = request.policy();
    this.flags = flags;
    this.base = base;
    this.observation = observation;
  }

  JsonObject write(
      JsonObject seccomp,
      LearnedPlaces places,
      LearnedNetwork network,
      Map<String, String> evidence) {
    Map<String, JsonValue> document = new LinkedHashMap<>();
    document.put("apiVersion", base.get("apiVersion").orElseThrow());
    document.put("name", JsonText.text("learned-" + command()));
    document.put(
        "description",
        JsonText.text("Learned from one run of " + command() + " under " + policy.name()));
    for (JsonObject.Member member : base.members()) {
      if (!OF_WRAP.contains(member.name()) && !OF_ITS_OWN.contains(member.name())) {
        document.putIfAbsent(member.name(), member.value());
      }
    }
    document.computeIfPresent("namespaces", (name, value) -> withoutNested(value));
    document.put("seccomp", seccomp);
    document.put("root", JsonText.text(root()));
    document.put("proc", JsonText.text(proc()));
    document.put("devices", devices());
    document.put("network", network.value());
    document.put("unixSockets", JsonText.flag(unixSockets()));
    Map<String, JsonValue> wrap = new LinkedHashMap<>();
    wrap.put("if", JsonText.object(Map.of("view", JsonText.text("wrap"))));
    wrap.put("process", object("process"));
    wrap.put("environment", environment());
    wrap.put("filesystem", filesystem(places));
    document.put("when", JsonText.array(List.of(JsonText.object(wrap))));
    List<JsonValue> expect = expect();
    if (!expect.isEmpty()) {
      document.put("expect", JsonText.array(expect));
    }
    Map<String, JsonValue> notes = new LinkedHashMap<>();
    evidence.forEach((about, text) -> notes.put(about, JsonText.text(text)));
    document.put("notes", JsonText.object(notes));
    return JsonText.object(document);
  }

  /** The namespaces of the run, in which no program makes user namespaces. */
  static JsonValue withoutNested(JsonValue namespaces) {
    return namespaces instanceof JsonObject object && object.get("nestedUser").isPresent()
        ? JsonText.with(object, "nestedUser", JsonText.flag(false))
        : namespaces;
  }

  /** What was tried and is never learned stays refused, whoever changes the policy. */
  private List<JsonValue> expect() {
    Set<String> calls = new TreeSet<>();
    for (CallLog.Refused refused : observation.calls().refused().keySet()) {
      if (refused.never().isPresent() && refused.values().isEmpty()) {
        calls.add(refused.call());
      }
    }
    List<JsonValue> expect = new ArrayList<>();
    for (String call : calls) {
      Map<String, JsonValue> denied = new LinkedHashMap<>();
      denied.put("syscall", JsonText.text(call));
      denied.put("then", JsonText.text("deny"));
      expect.add(JsonText.object(denied));
    }
    return expect;
  }

  private String command() {
    List<UnixPath> parts = request.command().get(0).components();
    return parts.isEmpty() ? "nothing" : parts.get(parts.size() - 1).toString();
  }

  /** A member of the policy of the run that is an object. */
  JsonObject object(String field) {
    return base.get(field)
        .filter(JsonObject.class::isInstance)
        .map(JsonObject.class::cast)
        .orElseGet(() -> JsonText.object(Map.of()));
  }

  private String root() {
    boolean written = policy.root() == RootAccess.WRITABLE && observation.paths().rootChanged();
    return written ? "writable" : "read-only";
  }

  private String proc() {
    PathLog paths = observation.paths();
    if (policy.proc() == ProcView.NONE
        || (paths.processes().isEmpty() && paths.kernelNames().isEmpty())) {
      return "none";
    }
    return paths.kernelNames().isEmpty() ? "pid-only" : word("proc");
  }

  private String word(String field) {
    return base.get(field)
        .filter(JsonString.class::isInstance)
        .map(value -> ((JsonString) value).value())
        .orElseThrow();
  }

  private JsonArray devices() {
    Set<String> used = observation.paths().deviceNames();
    List<JsonValue> kept = new ArrayList<>();
    if (base.get("devices").orElse(JsonText.array(List.of())) instanceof JsonArray devices) {
      for (JsonValue device : devices.elements()) {
        if (device instanceof JsonString name && used.contains(name.value())) {
          kept.add(device);
        }
      }
    }
    return JsonText.array(kept);
  }

  private boolean unixSockets() {
    return policy.unixSockets() && !observation.unixSockets().isEmpty();
  }

  /** What is read of it is not seen, so it stays, with what flags add. */
  private JsonObject environment() {
    JsonObject written = object("environment");
    List<JsonValue> pass = new ArrayList<>();
    if (written.get("pass").orElse(JsonText.array(List.of())) instanceof JsonArray names) {
      pass.addAll(names.elements());
    }
    JsonObject set =
        written.get("set").orElse(JsonText.object(Map.of())) instanceof JsonObject values
            ? values
            : JsonText.object(Map.of());
    for (Adjustments.Variable variable : flags.variables()) {
      if (variable.value().isPresent()) {
        set = JsonText.with(set, variable.name(), PlaceValues.literal(variable.value().get()));
      } else {
        pass.add(JsonText.text(variable.name()));
      }
    }
    return JsonText.with(JsonText.with(written, "pass", JsonText.array(pass)), "set", set);
  }

  private JsonObject filesystem(LearnedPlaces places) {
    Map<String, JsonValue> filesystem = new LinkedHashMap<>();
    places
        .places()
        .forEach((path, place) -> filesystem.put(PlaceValues.literal(path).value(), place.value()));
    boolean kernel = !Set.of("none", "pid-only").contains(proc());
    for (JsonObject.Member member : object("filesystem").members()) {
      boolean covers =
          member.value() instanceof JsonObject value
              && (value.get("masked").isPresent() || value.get("readOnly").isPresent());
      UnixPath path = UnixPath.of(member.name());
      boolean shown =
          path.startsWith(PROC)
              ? kernel
              : places.places().keySet().stream().anyMatch(path::startsWith);
      if (covers && shown) {
        filesystem.putIfAbsent(member.name(), member.value());
      }
    }
    return JsonText.object(filesystem);
  }
}

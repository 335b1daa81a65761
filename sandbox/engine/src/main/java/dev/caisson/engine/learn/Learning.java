package dev.caisson.engine.learn;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.launch.LaunchRequest;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.Network;
import dev.caisson.policy.EffectivePolicy.ProcView;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import dev.caisson.policy.Resolution;
import dev.caisson.policy.StatedValue;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Learns from one run the smallest policy that would have let it pass: a part of the policy of the
 * run, never more.
 */
public final class Learning {
  private final LaunchRequest request;
  private final EffectivePolicy policy;
  private final JsonObject base;
  private final Observation observation;

  /**
   * @param request what is run
   * @param resolution the policy of the run, before flags
   */
  public Learning(LaunchRequest request, Resolution resolution) {
    this.request = request;
    policy = request.policy();
    base = (JsonObject) StatedValue.document(resolution.values());
    observation =
        new Observation(
            policy,
            SyscallTable.of(request.host().architecture()),
            request.host().architecture().auditArch());
  }

  /** What is told of the calls of the run. */
  public Observation observation() {
    return observation;
  }

  /** What the run showed, once it has ended. */
  public LearnedPolicy learned() {
    observation.end();
    LearnedCalls calls = new LearnedCalls(observation.calls(), policy, request.host());
    JsonObject profile = calls.profile();
    LearnedPlaces places =
        LearnedPlaces.of(observation.paths(), object("filesystem"), policy.process().cwd());
    Report report = new Report(observation, calls, places, policy);
    Map<String, JsonValue> document = new LinkedHashMap<>();
    document.put("apiVersion", base.get("apiVersion").orElseThrow());
    document.put("name", JsonText.text("learned-" + command()));
    document.put(
        "description",
        JsonText.text("Learned from one run of " + command() + " under " + policy.name()));
    for (JsonObject.Member member : base.members()) {
      document.putIfAbsent(member.name(), member.value());
    }
    document.put("seccomp", JsonText.object(Map.of("profile", profile)));
    document.put("root", JsonText.text(root()));
    document.put("proc", JsonText.text(proc()));
    document.put("devices", devices());
    document.put("network", JsonText.text(network()));
    document.put("unixSockets", JsonText.flag(unixSockets()));
    document.put("filesystem", filesystem(places));
    return new LearnedPolicy(JsonText.object(document), report.lines());
  }

  private String command() {
    List<UnixPath> parts = request.command().get(0).components();
    return parts.isEmpty() ? "nothing" : parts.get(parts.size() - 1).toString();
  }

  private JsonObject object(String field) {
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

  private String network() {
    NetworkLog network = observation.network();
    boolean used = !network.destinations().isEmpty() || !network.bound().isEmpty();
    return policy.network() == Network.HOST && used ? "host" : "none";
  }

  private boolean unixSockets() {
    return policy.unixSockets() && !observation.unixSockets().isEmpty();
  }

  private JsonObject filesystem(LearnedPlaces places) {
    Map<String, JsonValue> filesystem = new LinkedHashMap<>();
    places
        .places()
        .forEach((path, place) -> filesystem.put(PlaceValues.literal(path).value(), place.value()));
    boolean kernel = proc().equals("masked") || proc().equals("full");
    for (JsonObject.Member member : object("filesystem").members()) {
      boolean covers =
          member.value() instanceof JsonObject value
              && (value.get("masked").isPresent() || value.get("readOnly").isPresent());
      UnixPath path = UnixPath.of(member.name());
      boolean shown =
          path.startsWith(UnixPath.of("/proc"))
              ? kernel
              : places.places().keySet().stream().anyMatch(path::startsWith);
      if (covers && shown) {
        filesystem.putIfAbsent(member.name(), member.value());
      }
    }
    return JsonText.object(filesystem);
  }
}

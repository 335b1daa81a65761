package dev.caisson.engine.learn;

import dev.caisson.launch.CallAnswer;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.ErrnoName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says what was learned, on what evidence, and what was not. */
final class Report {
  private final Observation observation;
  private final LearnedCalls calls;
  private final LearnedPlaces places;
  private final LearnedNetwork network;
  private final EffectivePolicy policy;
  private final Abi abi;
  private final List<String> lines = new ArrayList<>();

  Report(
      Observation observation,
      LearnedCalls calls,
      LearnedPlaces places,
      LearnedNetwork network,
      EffectivePolicy policy,
      Abi abi) {
    this.observation = observation;
    this.calls = calls;
    this.places = places;
    this.network = network;
    this.policy = policy;
    this.abi = abi;
  }

  List<String> lines() {
    lines.add(
        "learned from "
            + observation.seen()
            + " calls of the program under the policy "
            + policy.name()
            + ": "
            + observation.calls().made().size()
            + " system calls, "
            + places.places().size()
            + " places");
    places();
    network();
    refusals();
    files();
    observation.gaps().forEach(lines::add);
    places.gaps().forEach(lines::add);
    return lines;
  }

  private void places() {
    places
        .places()
        .forEach(
            (path, place) ->
                lines.add(
                    "  " + (place.wider() ? "as a whole: " : "") + path + ": " + place.why()));
  }

  private void network() {
    observation
        .network()
        .destinations()
        .forEach((to, times) -> lines.add("  connected or sent to " + to + times(times)));
    observation.network().bound().forEach(at -> lines.add("  waited at " + at));
    network.notes().forEach(note -> lines.add("  " + note));
  }

  private void refusals() {
    observation
        .calls()
        .refused()
        .forEach((refused, times) -> lines.add("  " + said(refused) + times(times)));
    calls
        .left()
        .forEach(
            call ->
                lines.add(
                    "  not learned: "
                        + call
                        + ", which the policy "
                        + policy.name()
                        + " allows under conditions"));
    observation
        .daemons()
        .forEach(
            socket ->
                lines.add(
                    "  never learned: "
                        + socket
                        + " (a daemon does for its clients what they may not)"));
  }

  private String said(CallLog.Refused refused) {
    String call = refused.call() + values(refused.call(), refused.values());
    String answer = answer(refused.answer());
    return refused
        .never()
        .map(why -> "never learned: " + call + " (" + why + "); " + answer)
        .orElseGet(() -> "not learned: " + call + "; " + answer);
  }

  private static String answer(CallAnswer answer) {
    if (answer instanceof CallAnswer.Fail fail) {
      return "refused with " + ErrnoName.of(fail.errno());
    }
    return answer instanceof CallAnswer.Kill
        ? "the program was ended for it"
        : "the policy of this run allowed it";
  }

  private String values(String call, List<Long> values) {
    List<TrackedArguments.Argument> kept = TrackedArguments.of(call);
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      shown.add(kept.get(i).name() + " " + kept.get(i).text(values.get(i), abi));
    }
    return shown.isEmpty() ? "" : " with " + String.join(", ", shown);
  }

  private void files() {
    paths("not shown, though the host has it: ", observation.paths().hidden());
    paths("not writable: ", observation.paths().unwritable());
  }

  private void paths(String what, Map<?, Use> paths) {
    paths.forEach((path, use) -> lines.add("  " + what + path + " (" + use + ")"));
    if (paths.size() == PathLog.MOST_NAMED) {
      lines.add("  ... and perhaps more");
    }
  }

  private static String times(long times) {
    return times > 1 ? ", " + times + " times" : "";
  }
}

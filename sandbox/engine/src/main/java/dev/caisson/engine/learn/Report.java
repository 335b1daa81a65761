package dev.caisson.engine.learn;

import dev.caisson.launch.CallAnswer;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.ErrnoName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what was learned, on what evidence, and what was not: for people, and for the policy. */
final class Report {
  private static final String OF_CALLS = "seccomp ";
  private static final String NOT_SHOWN = "not shown, though the host has it: ";
  private static final String NOT_WRITABLE = "not writable: ";

  private final Observation observation;
  private final LearnedCalls calls;
  private final LearnedPlaces places;
  private final LearnedNetwork network;
  private final EffectivePolicy policy;
  private final Abi abi;
  private final Map<String, String> notes = new LinkedHashMap<>();

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
    header();
    places();
    network();
    refusals();
    files();
    calls();
    gaps();
  }

  /** By what each is about. */
  Map<String, String> notes() {
    return notes;
  }

  /** The same without what every call rests on. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    notes.forEach(
        (about, text) -> {
          if (!about.startsWith(OF_CALLS)) {
            lines.add(text.isEmpty() ? about : about + ": " + text);
          }
        });
    return lines;
  }

  private void header() {
    notes.put(
        "learned",
        observation.calls().made().size()
            + " system calls and "
            + places.places().size()
            + " places, from "
            + observation.seen()
            + " calls of one run under the policy "
            + policy.name());
  }

  private void places() {
    places
        .places()
        .forEach(
            (path, place) ->
                notes.put(
                    "filesystem " + path, (place.wider() ? "as a whole: " : "") + place.why()));
  }

  private void network() {
    observation
        .network()
        .destinations()
        .forEach((to, times) -> notes.put("network " + to, "reached or tried" + times(times)));
    observation.network().bound().forEach(at -> notes.put("network at " + at, "waited there"));
    network.notes().forEach(note -> notes.put(note, ""));
  }

  private void refusals() {
    observation
        .calls()
        .refused()
        .forEach(
            (refused, times) -> {
              String call = refused.call() + values(refused.call(), refused.values());
              String how = answer(refused.answer()) + times(times);
              refused
                  .never()
                  .ifPresentOrElse(
                      why -> notes.put("never learned: " + call, why + "; " + how),
                      () -> notes.put("not learned: " + call, how));
            });
    for (String call : calls.left()) {
      notes.put(
          "not learned: " + call, "the policy " + policy.name() + " allows it under conditions");
    }
    if (policy.namespaces().nestedUser()) {
      notes.put(
          "never learned: namespaces.nestedUser",
          "the policy " + policy.name() + " lets programs make user namespaces; write it by hand");
    }
    for (String socket : observation.daemons()) {
      notes.put("never learned: " + socket, "a daemon does for its clients what they may not");
    }
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
    observation.paths().hidden().forEach((path, use) -> notes.put(NOT_SHOWN + path, use + ""));
    observation
        .paths()
        .unwritable()
        .forEach((path, use) -> notes.put(NOT_WRITABLE + path, use + ""));
  }

  private void calls() {
    observation
        .calls()
        .made()
        .forEach(
            (call, made) ->
                notes.put(
                    OF_CALLS + call,
                    "made"
                        + times(made.times())
                        + (made.tooManyValues() ? ", with more values than are told apart" : "")));
    AssumedCalls.beside(observation.calls().made().keySet())
        .forEach(
            (why, assumed) -> notes.put(OF_CALLS + String.join(" ", assumed), "assumed: " + why));
  }

  private void gaps() {
    observation.gaps().forEach(gap -> notes.put(gap, ""));
    places.gaps().forEach(gap -> notes.put(gap, ""));
  }

  private static String times(long times) {
    return times > 1 ? ", " + times + " times" : "";
  }
}

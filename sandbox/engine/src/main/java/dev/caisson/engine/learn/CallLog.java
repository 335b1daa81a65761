package dev.caisson.engine.learn;

import dev.caisson.launch.CallAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The calls of a run: which were made, with which arguments, and which were refused. */
final class CallLog {
  /** More values than this of one call's arguments are not told apart. */
  static final int MOST_VALUES = 64;

  /**
   * A call that was made.
   *
   * @param kept the arguments that are told apart
   */
  static final class Made {
    private final List<TrackedArguments.Argument> kept;
    private final Map<List<Long>, Long> values = new LinkedHashMap<>();
    private long times;
    private boolean tooMany;

    private Made(List<TrackedArguments.Argument> kept) {
      this.kept = kept;
    }

    List<TrackedArguments.Argument> kept() {
      return kept;
    }

    /** What the kept arguments were; one empty list where none is kept. */
    List<List<Long>> values() {
      return List.copyOf(values.keySet());
    }

    long times() {
      return times;
    }

    /** Whether there were more values than are kept. */
    boolean tooManyValues() {
      return tooMany;
    }

    private void add(List<Long> arguments) {
      times++;
      List<Long> now = TrackedArguments.values(kept, arguments);
      if (values.containsKey(now) || values.size() < MOST_VALUES) {
        values.merge(now, 1L, Long::sum);
      } else {
        tooMany = true;
      }
    }
  }

  /**
   * Calls that did not come through.
   *
   * @param values of the arguments that are told apart
   * @param answer what they got
   * @param never why no policy learns it; empty where the policy of the run refused it
   */
  record Refused(String call, List<Long> values, CallAnswer answer, Optional<String> never) {}

  private final Map<String, Made> made = new TreeMap<>();
  private final Map<Refused, Long> refused = new LinkedHashMap<>();

  /** A call that was made, or refused by the policy of the run. */
  void add(String call, List<Long> arguments, CallAnswer answer) {
    Optional<String> never = NeverLearned.why(call, arguments);
    if (answer instanceof CallAnswer.Proceed && never.isEmpty()) {
      made.computeIfAbsent(call, name -> new Made(TrackedArguments.of(name))).add(arguments);
      return;
    }
    List<Long> values = TrackedArguments.values(TrackedArguments.of(call), arguments);
    Refused entry = new Refused(call, values, answer, never);
    if (refused.containsKey(entry) || refused.size() < 4 * MOST_VALUES) {
      refused.merge(entry, 1L, Long::sum);
    }
  }

  /** By name. */
  Map<String, Made> made() {
    return made;
  }

  /** How often each, in the order in which they were first seen. */
  Map<Refused, Long> refused() {
    return refused;
  }

  /** What the policy of the run answered to a call, of which some or all were refused. */
  List<CallAnswer> answers(String call) {
    List<CallAnswer> answers = new ArrayList<>();
    for (Refused each : refused.keySet()) {
      if (each.call().equals(call) && !answers.contains(each.answer())) {
        answers.add(each.answer());
      }
    }
    return answers;
  }
}

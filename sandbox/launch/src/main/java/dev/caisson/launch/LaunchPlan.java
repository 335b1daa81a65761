package dev.caisson.launch;

import java.util.List;

/**
 * A launch that is ready to be started, written to a file or read by a person.
 *
 * @param advice what may go wrong on some hosts, for messages
 * @param firstExec the first of the steps that execute the payload's program
 * @param endExec the step after the last of them
 * @param notes what the user should know before it starts, one line each
 */
public record LaunchPlan(
    LaunchProgram program,
    List<ProgramBuilder.Advice> advice,
    int firstExec,
    int endExec,
    List<String> notes) {
  public LaunchPlan {
    advice = List.copyOf(advice);
    notes = List.copyOf(notes);
  }
}

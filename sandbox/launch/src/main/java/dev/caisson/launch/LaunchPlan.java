package dev.caisson.launch;

import dev.caisson.policy.EffectivePolicy.Stop;
import dev.caisson.policy.seccomp.BpfProgram;
import java.util.List;
import java.util.Optional;

/**
 * A launch that is ready to be started, written to a file or read by a person.
 *
 * @param advice what may go wrong on some hosts, for messages
 * @param firstExec the first of the steps that execute the payload's program
 * @param endExec the step after the last of them
 * @param supervision of a launch whose calls wait for a supervisor
 * @param stop how the payload is asked to end
 * @param notes what the user should know before it starts, one line each
 */
public record LaunchPlan(
    LaunchProgram program,
    List<ProgramBuilder.Advice> advice,
    int firstExec,
    int endExec,
    Optional<Supervision> supervision,
    Stop stop,
    List<String> notes) {
  /**
   * What a supervisor works by.
   *
   * @param filter the policy's filter, as it is where the payload can reach no socket of the host
   * @param withoutSockets the same where it can
   */
  record Supervision(Notification notification, BpfProgram filter, BpfProgram withoutSockets) {}

  public LaunchPlan {
    advice = List.copyOf(advice);
    notes = List.copyOf(notes);
  }
}

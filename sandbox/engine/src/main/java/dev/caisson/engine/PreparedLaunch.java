package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.Executable;
import dev.caisson.launch.LaunchPlan;
import dev.caisson.launch.LaunchRequest;
import dev.caisson.launch.Launcher;
import dev.caisson.launch.RunningSandbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A workload with everything decided: verified, unpacked, planned. It is made once and can be
 * started many times; closing it lets go of what the starts share, and of no sandbox.
 */
public final class PreparedLaunch implements AutoCloseable {
  private final LaunchRequest request;
  private final LaunchPlan plan;
  private final List<String> notes;
  private Optional<Executable> executable = Optional.empty();

  PreparedLaunch(LaunchRequest request, LaunchPlan plan, List<String> notes) {
    this.request = request;
    this.plan = plan;
    this.notes = new ArrayList<>(notes);
    this.notes.addAll(plan.notes());
  }

  /** What it was planned from. */
  public LaunchRequest request() {
    return request;
  }

  public LaunchPlan plan() {
    return plan;
  }

  /** What the user should know before it starts, one line each. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Runs it in place of this process; returns only by a refusal. What this process has buffered for
   * its streams is lost unless it was flushed.
   */
  public void exec() {
    Launcher.exec(plan);
  }

  /** Starts it beside this process; every start after the first is one {@code posix_spawn}. */
  public synchronized RunningSandbox spawn(Executable.Streams streams) {
    Executable ready = executable.orElseGet(() -> new Executable(plan));
    executable = Optional.of(ready);
    return ready.spawn(streams);
  }

  /**
   * Whether this process is to stay while the sandbox runs, and answer calls of its programs by
   * {@link #supervise}: they wait until it does.
   */
  public boolean isSupervised() {
    return Supervised.is(request.policy());
  }

  /**
   * Answers the calls of a sandbox that {@link #spawn} started, as the policy wants; returns when
   * no process of it is left. Where that fails the sandbox is to be closed.
   *
   * @param told of each call of which a rule of the policy says notify, before it is made
   * @throws Launcher.StartRefusal where the host does not let this process answer
   */
  public void supervise(RunningSandbox sandbox, Consumer<ReportedCall> told) {
    sandbox.supervise(Supervised.of(request, told).orElseThrow());
  }

  @Override
  public synchronized void close() {
    executable.ifPresent(Executable::close);
    executable = Optional.empty();
  }

  /** The native executable that starts it without a JVM. */
  public byte[] executable() {
    return Launcher.executable(plan);
  }

  /** What stands at {@code path} inside, in a sentence; for a view of the host. */
  public String why(UnixPath path) {
    return new ViewExplanation(request).of(path);
  }
}

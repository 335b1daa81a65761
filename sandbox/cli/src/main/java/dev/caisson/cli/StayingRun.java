package dev.caisson.cli;

import dev.caisson.engine.PreparedLaunch;
import dev.caisson.launch.Executable.Streams;
import dev.caisson.launch.OwnProcess;
import dev.caisson.launch.RunningSandbox;
import java.util.function.Consumer;

/** A run in the foreground during which this process stays, since it answers calls of it. */
final class StayingRun {
  private static final int SIGTERM = 15;

  private StayingRun() {}

  /**
   * Starts {@code launch}, has its calls answered, and waits.
   *
   * @param answering returns when the sandbox has ended
   * @return the exit status
   */
  static int of(PreparedLaunch launch, Consumer<RunningSandbox> answering) {
    try (RunningSandbox sandbox = launch.spawn(Streams.INHERITED)) {
      OwnProcess.ignoreInterrupts();
      Thread runner = Thread.currentThread();
      // a signal that would end this process ends the program, and its status is this one's
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(sandbox, runner)));
      answering.accept(sandbox);
      return sandbox.waitFor();
    }
  }

  private static void end(RunningSandbox sandbox, Thread runner) {
    sandbox.signal(SIGTERM);
    try {
      runner.join();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}

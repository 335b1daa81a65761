package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.launch.SystemCalls.Memory;
import java.util.Optional;

/**
 * A launch plan made ready to be started many times from a JVM that lives on: the program is
 * written once, to a sealed file in memory. Each start is one {@code posix_spawn}.
 */
public final class Executable implements AutoCloseable {
  /** Sources are kept above the targets 0 to 5, so that no duplication overwrites another. */
  private static final int FIRST_HIGH = 64;

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int ACTIONS_SIZE = 128;

  private static final com.kenai.jffi.Function SPAWN = SystemCalls.function("posix_spawn", 6);
  private static final com.kenai.jffi.Function INIT =
      SystemCalls.function("posix_spawn_file_actions_init", 1);
  private static final com.kenai.jffi.Function ADD_DUP2 =
      SystemCalls.function("posix_spawn_file_actions_adddup2", 3);
  private static final com.kenai.jffi.Function DESTROY =
      SystemCalls.function("posix_spawn_file_actions_destroy", 1);

  private final LaunchPlan plan;
  private final long program;

  /** Makes {@code plan}, planned for {@link LaunchRequest.Mode#SPAWNED}, ready. */
  public Executable(LaunchPlan plan) {
    this.plan = plan;
    program = Launcher.memoryFile(plan.program());
  }

  /** The descriptors of this process that become the sandbox's 0, 1 and 2. */
  public record Streams(int input, int output, int error) {
    /** This process's own. */
    public static final Streams INHERITED = new Streams(0, 1, 2);
  }

  /**
   * Starts a sandbox. It ends with this process, whatever thread started it.
   *
   * @throws Launcher.StartRefusal if the kernel does not start it
   */
  public RunningSandbox spawn(Streams streams) {
    try (Memory pipes = SystemCalls.allocate(16)) {
      pipe(pipes, 0);
      pipe(pipes, 8);
      Optional<SupervisorSocket> socket = plan.supervision().map(each -> SupervisorSocket.open());
      long started = start(program, given(streams, pipes, socket));
      close(pipes.getInt(0));
      close(pipes.getInt(12));
      socket.ifPresent(SupervisorSocket::started);
      if (started < 0) {
        close(pipes.getInt(4));
        close(pipes.getInt(8));
        socket.ifPresent(SupervisorSocket::close);
        throw new Launcher.StartRefusal("start the launch program", started, "");
      }
      return new RunningSandbox(plan, (int) started, pipes.getInt(4), pipes.getInt(8), socket);
    }
  }

  /** What becomes the keeper's descriptors from 0 on. */
  private static int[] given(Streams streams, Memory pipes, Optional<SupervisorSocket> socket) {
    int[] given = new int[socket.isPresent() ? KeeperSteps.SUPERVISOR + 1 : KeeperSteps.REPORT + 1];
    given[0] = streams.input();
    given[1] = streams.output();
    given[2] = streams.error();
    given[KeeperSteps.PARENT_ALIVE] = pipes.getInt(0);
    given[KeeperSteps.REPORT] = pipes.getInt(12);
    socket.ifPresent(each -> given[KeeperSteps.SUPERVISOR] = each.peers());
    return given;
  }

  /**
   * Starts a program with {@code given} as its descriptors from 0 on.
   *
   * @return the process's number, or that of an error, negated
   */
  static long start(long program, int[] given) {
    try (Memory path = SystemCalls.string(UnixPath.of("/proc/self/fd/" + program));
        Memory name = SystemCalls.string(UnixPath.of("caisson"));
        Memory argv = SystemCalls.allocate(16);
        Memory envp = SystemCalls.allocate(8);
        Memory pid = SystemCalls.allocate(8);
        Memory actions = SystemCalls.allocate(ACTIONS_SIZE)) {
      argv.putLong(0, name.address());
      long error = spawn(path, argv, envp, pid, actions, given);
      return error == 0 ? pid.getInt(0) : -error;
    }
  }

  private static long spawn(
      Memory path, Memory argv, Memory envp, Memory pid, Memory actions, int[] given) {
    long[] high = new long[given.length];
    SystemCalls.invoke(INIT, actions.address());
    try {
      for (int target = 0; target < given.length; target++) {
        high[target] = SystemCalls.call(Syscall.FCNTL, given[target], F_DUPFD_CLOEXEC, FIRST_HIGH);
        if (high[target] < 0) {
          return -high[target];
        }
        SystemCalls.invoke(ADD_DUP2, actions.address(), high[target], target);
      }
      return SystemCalls.invoke(
          SPAWN,
          pid.address(),
          path.address(),
          actions.address(),
          0,
          argv.address(),
          envp.address());
    } finally {
      SystemCalls.invoke(DESTROY, actions.address());
      for (long fd : high) {
        if (fd >= FIRST_HIGH) {
          close(fd);
        }
      }
    }
  }

  static void pipe(Memory into, int offset) {
    long result = SystemCalls.call(Syscall.PIPE2, into.address() + offset, Linux.O_CLOEXEC);
    if (result != 0) {
      throw new Launcher.StartRefusal("make a pipe to the sandbox", result, "");
    }
  }

  static void close(long fd) {
    SystemCalls.call(Syscall.CLOSE, fd);
  }

  @Override
  public void close() {
    close(program);
  }
}

package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.FirstProcess;
import dev.caisson.policy.User;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The process that becomes the workload, from its fork to its execve. */
final class PayloadSteps {
  /** What a program that catches SIGXCPU has left. */
  static final long SECONDS_TO_END = 1;

  private static final int RLIMIT_CPU = 0;
  private static final int RLIMIT_FSIZE = 1;
  private static final int RLIMIT_CORE = 4;
  private static final int RLIMIT_NPROC = 6;
  private static final int RLIMIT_NOFILE = 7;

  /** What programs expect to start with; they may raise it to the policy's limit. */
  private static final long SOFT_OPEN_FILES = 1024;

  /** RLIM64_INFINITY. */
  private static final OptionalLong NO_LIMIT = OptionalLong.of(-1);

  private static final UnixPath DEFAULT_PATH =
      UnixPath.of("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

  private final LaunchContext c;
  private final ProgramBuilder b;

  /** 1 where the program's file exists. */
  private final Operand.Slot exists;

  PayloadSteps(LaunchContext context) {
    c = context;
    b = context.b;
    exists = b.slot();
  }

  /** Takes its streams, in a session of its own. */
  void takeStreams(DescriptorSteps descriptors, TerminalSteps terminal) {
    terminal.enterForeground();
    descriptors.install();
  }

  /**
   * @param counted whether a control group refuses too many processes: it counts what it refuses,
   *     so this limit is behind it
   */
  void limit(boolean counted) {
    Limits limits = c.policy.limits();
    // 1 is the value that stops the host's core handler too: it is started for 0 (core(5))
    limit("core files", RLIMIT_CORE, OptionalLong.of(1), 1);
    // always: the JVM raised the soft limit to the hard one
    OptionalLong files = limits.openFiles().isPresent() ? limits.openFiles() : NO_LIMIT;
    limit("open files", RLIMIT_NOFILE, files, SOFT_OPEN_FILES);
    limits
        .processes()
        .ifPresent(
            count ->
                limit(
                    "processes",
                    RLIMIT_NPROC,
                    OptionalLong.of(counted ? count + 1 : count),
                    Long.MAX_VALUE));
    limit("file size", RLIMIT_FSIZE, limits.fileSize(), Long.MAX_VALUE);
    // SIGXCPU at the soft limit says what it was; SIGKILL at the hard one would not
    limits
        .cpuTime()
        .ifPresent(
            seconds ->
                limit(
                    "processor time",
                    RLIMIT_CPU,
                    OptionalLong.of(seconds + SECONDS_TO_END),
                    seconds));
    umask();
  }

  /** A command of the caller's keeps private what the caller's umask keeps private. */
  private void umask() {
    Operand mask = n(c.policy.process().umask());
    if (c.policy.process().user() instanceof User.Caller) {
      b.arithmetic(Operation.OR, c.callerUmask, c.callerUmask, mask);
      mask = c.callerUmask;
    }
    b.call(Syscall.UMASK, mask);
  }

  /** Sets a hard limit, lowered to the caller's own if that is lower, and a soft one. */
  private void limit(String name, int resource, OptionalLong hard, long soft) {
    if (hard.isEmpty()) {
      return;
    }
    String meaning = "limit " + name;
    Operand.Immediate present = b.zeroes(16);
    Operand.Slot value = b.slot();
    Label hardKnown = b.label();
    Label softKnown = b.label();
    b.call(meaning, Syscall.PRLIMIT64, n(0), n(resource), n(0), present);
    b.load(8, value, present, 8);
    b.jumpIfLess(value, n(hard.getAsLong()), hardKnown);
    b.set(value, n(hard.getAsLong()));
    b.place(hardKnown);
    b.store(8, present, 8, value);
    b.jumpIfLess(value, n(soft), softKnown);
    b.set(value, n(soft));
    b.place(softKnown);
    b.store(8, present, 0, value);
    b.call(meaning, Syscall.PRLIMIT64, n(0), n(resource), present, n(0));
  }

  void giveUpPrivileges(CapabilitySteps capabilities) {
    if (!setsSecurebits()) {
      capabilities.lockSecurebits(c.policy.capabilities());
    }
    takeIds();
    capabilities.keepOnly(c.policy.capabilities());
    b.call(
        "end with the first process", Syscall.PRCTL, n(Linux.PR_SET_PDEATHSIG), n(Linux.SIGKILL));
    capabilities.setNoNewPrivileges();
  }

  /**
   * systemd gives each service secure bits of its own, and cannot where they are locked. What uid 0
   * gets by execve(2) without them is what the bounding set has left, and no_new_privs allows.
   */
  private boolean setsSecurebits() {
    return c.request.controlGroup().forPrograms() && !c.payloadChangesIds();
  }

  /** With the secure bits locked a change of ids leaves the capabilities alone. */
  private void takeIds() {
    List<Long> groups = c.policy.process().groups();
    if (!groups.isEmpty()) {
      ByteBuffer list = ByteBuffer.allocate(4 * groups.size()).order(ByteOrder.LITTLE_ENDIAN);
      groups.forEach(group -> list.putInt((int) (long) group));
      b.call("set groups", Syscall.SETGROUPS, n(groups.size()), b.bytes(list.array()));
    }
    if (c.payloadChangesIds()) {
      Operand uid = n(c.payloadUid());
      Operand gid = n(c.payloadGid());
      b.call("become the group " + c.payloadGid(), Syscall.SETRESGID, gid, gid, gid);
      b.call("become the user " + c.payloadUid(), Syscall.SETRESUID, uid, uid, uid);
    }
  }

  void enterWorkingDirectory() {
    UnixPath directory = c.workingDirectory();
    b.call("enter the working directory " + directory, Syscall.CHDIR, b.text(directory))
        .advise(Errno.ENOENT, "It does not exist inside; name another one or bind it")
        .advise(Errno.EACCES, "The payload may not enter it")
        .advise(Errno.ENOTDIR, "It is no directory inside");
  }

  /** Unblocks signals and marks everything but the three streams to be closed. */
  void prepareExec() {
    b.call("unblock signals", Syscall.RT_SIGPROCMASK, n(Linux.SIG_SETMASK), b.words(0), n(0), n(8));
    b.call(
        "close descriptors",
        Syscall.CLOSE_RANGE,
        n(3),
        n(Linux.LAST_DESCRIPTOR),
        n(Linux.CLOSE_RANGE_CLOEXEC));
  }

  /** Looks whether there is such a program at all: execve(2) says ENOENT of its interpreter too. */
  void findProgram() {
    for (UnixPath candidate : candidates(c.request.command().get(0))) {
      Label absent = b.label();
      b.call(
              "look for the program",
              Syscall.FACCESSAT2,
              Linux.AT_FDCWD,
              b.text(candidate),
              n(0),
              n(0))
          .otherwise(absent);
      b.set(exists, n(1));
      b.place(absent);
    }
  }

  /** Executes the program, trying each directory of PATH where its name has no slash. */
  void exec() {
    List<UnixPath> command = c.request.command();
    Operand.Immediate argv = pointers(command);
    Operand.Immediate envp = environmentPointers();
    String meaning = "execute " + command.get(0);
    List<UnixPath> candidates = candidates(command.get(0));
    Operand.Slot result = b.slot();
    Operand.Slot refused = b.slot();
    for (UnixPath candidate : candidates.subList(0, candidates.size() - 1)) {
      Label next = b.label();
      b.call(meaning, Syscall.EXECVE, b.text(candidate), argv, envp)
          .into(result)
          .tolerate(Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES);
      b.jumpIfNotEqual(result, n(-Errno.EACCES.number()), next);
      b.set(refused, n(1));
      b.place(next);
    }
    Label found = b.label();
    UnixPath last = candidates.get(candidates.size() - 1);
    execLast(meaning, last, argv, envp).tolerate(Errno.ENOENT, Errno.ENOTDIR).into(result);
    // as a shell does: a program that may not be executed is worth more than one not found
    b.jumpIfNotEqual(refused, n(0), found);
    Label notThere = b.label();
    b.jumpIfEqual(exists, n(0), notThere);
    b.fail(
        meaning
            + ": it is there, but what its first line (#!) or its ELF header names as its"
            + " interpreter is not",
        n(Errno.ENOENT.number()));
    b.place(notThere);
    b.fail(meaning + ": there is no such program inside", n(Errno.ENOENT.number()));
    b.place(found);
    b.fail(meaning, n(Errno.EACCES.number()));
  }

  private ProgramBuilder.Call execLast(String meaning, UnixPath path, Operand argv, Operand envp) {
    return b.call(meaning, Syscall.EXECVE, b.text(path), argv, envp)
        .advise(Errno.EACCES, "It is not executable, or lies on a noexec mount")
        .advise(Errno.ENOEXEC, "It is neither an ELF program nor a script that names one with #!")
        .advise(Errno.EISDIR, "It is a directory")
        .advise(Errno.ELIBBAD, "Its ELF interpreter is not usable")
        .advise(Errno.E2BIG, "Arguments and environment are too long");
  }

  private List<UnixPath> candidates(UnixPath program) {
    for (byte each : program.bytes()) {
      if (each == '/') {
        return List.of(program);
      }
    }
    UnixPath path = c.request.environment().getOrDefault("PATH", DEFAULT_PATH);
    List<UnixPath> result = new ArrayList<>();
    int start = 0;
    byte[] bytes = path.bytes();
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == ':') {
        byte[] directory = java.util.Arrays.copyOfRange(bytes, start, i);
        // an empty entry would mean the working directory, which the payload's author controls
        if (directory.length > 0) {
          result.add(UnixPath.of(directory).resolve(program));
        }
        start = i + 1;
      }
    }
    return result.isEmpty() ? List.of(UnixPath.of("/").resolve(program)) : result;
  }

  private Operand.Immediate environmentPointers() {
    return c.request.mode() == LaunchRequest.Mode.COMPILED
        ? new EnvironmentSteps(c).merge(environment())
        : pointers(environment());
  }

  private List<UnixPath> environment() {
    List<UnixPath> lines = new ArrayList<>();
    TreeMap<String, UnixPath> variables = new TreeMap<>(c.request.environment());
    if (c.policy.process().init() == FirstProcess.IMAGE) {
      // by this an init knows that it is in a container (systemd's "Container Interface")
      variables.putIfAbsent("container", UnixPath.of("caisson"));
    }
    variables.forEach(
        (name, value) -> {
          byte[] prefix = UnixPath.of(name + "=").bytes();
          byte[] line = java.util.Arrays.copyOf(prefix, prefix.length + value.bytes().length);
          System.arraycopy(value.bytes(), 0, line, prefix.length, value.bytes().length);
          lines.add(UnixPath.of(line));
        });
    return lines;
  }

  private Operand.Immediate pointers(List<UnixPath> texts) {
    long[] words = new long[texts.size() + 1];
    for (int i = 0; i < texts.size(); i++) {
      words[i] = b.text(texts.get(i)).value();
    }
    return b.words(words);
  }
}

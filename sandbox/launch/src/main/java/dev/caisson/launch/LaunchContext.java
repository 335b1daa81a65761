package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.policy.Capability;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.FirstProcess;
import dev.caisson.policy.Protection;
import dev.caisson.policy.User;
import dev.caisson.policy.UserMap;
import java.util.ArrayList;
import java.util.List;

/**
 * What the parts of a plan share: the program being written and the slots that hold descriptors and
 * process ids. A fork copies the slots, so the sandbox's processes know what the keeper opened.
 */
final class LaunchContext {
  /** Where a descriptor is put to be opened again through /proc/self/fd, which needs its number. */
  static final int REOPEN = 100;

  final ProgramBuilder b;
  final LaunchRequest request;
  final EffectivePolicy policy;
  final IdMap ids;
  final List<String> notes = new ArrayList<>();
  final PolicyRequirements requirements;

  /** Sixteen bytes {step, errno} of a failure travel through it; its end means "executed". */
  final Operand.Slot statusRead;

  final Operand.Slot statusWrite;

  /** The keeper holds the writing end: for the sandbox its end means that the keeper is gone. */
  final Operand.Slot aliveRead;

  final Operand.Slot aliveWrite;

  /** Carries the master of the sandbox's terminal to the keeper. */
  final Operand.Slot controlKeeper;

  final Operand.Slot controlInit;
  final Operand.Slot signals;
  final Operand.Slot timer;
  final Operand.Slot init;

  /** The process that forked last. */
  final Operand.Slot scratch;

  /** How each of the descriptors 0, 1 and 2 is passed on: one of {@link Stream}'s constants. */
  final Operand.Slot[] stream = new Operand.Slot[3];

  /** The end of each stream's pipe that the payload gets; -1 where there is none. */
  final Operand.Slot[] payloadEnd = new Operand.Slot[3];

  /** The end of each stream's pipe that a relay uses; -1 where there is none. */
  final Operand.Slot[] relayEnd = new Operand.Slot[3];

  /** Each stream's relay, 0 once it has ended. */
  final Operand.Slot[] relay = new Operand.Slot[3];

  /** The statx(2) results of descriptors 0, 1 and 2. */
  final Operand.Immediate[] status = new Operand.Immediate[3];

  /** A descriptor that is the caller's terminal; -1 where none of the three is. */
  final Operand.Slot terminal;

  /** Not 0 where a Unix socket of the host may be reachable, so the payload gets no AF_UNIX. */
  final Operand.Slot socketsReachable;

  /** Whether a step sets that slot at all. */
  private boolean socketsMayBeReachable;

  /** The mode bits that the caller's new files never get (umask(2)). */
  final Operand.Slot callerUmask;

  final Operand.Slot root;
  final Operand.Slot staging;

  /** Sixteen bytes: a failure on its way. */
  final Operand.Immediate failure;

  /** 4096 bytes for paths and single reads. */
  final Operand.Immediate buffer;

  LaunchContext(LaunchRequest request) {
    this.request = request;
    policy = request.policy();
    requirements = new PolicyRequirements(policy, request.host(), notes);
    b = new ProgramBuilder(request.host().architecture());
    ids = IdMap.of(request.host(), policy);
    if (ids instanceof IdMap.Delegated && policy.namespaces().user() == UserMap.AUTO) {
      notes.add(
          "process.groups needs more than one id, so the caller's ranges of /etc/subuid and"
              + " /etc/subgid are mapped");
    }
    statusRead = b.slot();
    statusWrite = b.slot();
    aliveRead = b.slot();
    aliveWrite = b.slot();
    controlKeeper = b.slot();
    controlInit = b.slot();
    signals = b.slot();
    timer = b.slot();
    init = b.slot();
    scratch = b.slot();
    terminal = b.slot();
    socketsReachable = b.slot();
    callerUmask = b.slot();
    root = b.slot();
    staging = b.slot();
    for (int i = 0; i < 3; i++) {
      stream[i] = b.slot();
      payloadEnd[i] = b.slot();
      relayEnd[i] = b.slot();
      relay[i] = b.slot();
      status[i] = b.zeroes(Linux.STATX_SIZE);
    }
    failure = b.zeroes(16);
    buffer = b.zeroes(4096);
  }

  /** The size of a tmpfs that asks for {@code bytes}, cut to the policy's limit. */
  long tmpfsBytes(long bytes) {
    return Math.min(bytes, policy.limits().tmpfs().orElse(bytes));
  }

  /** From here on a Unix socket of the host may be reachable. */
  void socketsReachable() {
    b.set(socketsReachable, n(1));
    socketsMayBeReachable = true;
  }

  /** Whether anything planned so far may make a Unix socket of the host reachable. */
  boolean socketsMayBeReachable() {
    return socketsMayBeReachable;
  }

  /** A range of ids, mapped by the keeper; else the sandbox maps itself. */
  boolean mapsRange() {
    return !(ids instanceof IdMap.Single);
  }

  /** Whether the caller's own files are another user's inside. */
  boolean startedByRoot() {
    return ids instanceof IdMap.Range;
  }

  /** Whether the payload is process 1 of a pid namespace of its own, below the first process's. */
  boolean payloadIsInit() {
    return policy.process().init() != FirstProcess.REAPER;
  }

  /** Whether the payload is another user than the one that builds the view, the root inside. */
  boolean payloadChangesIds() {
    return mapsRange() && policy.process().user() instanceof User.Id;
  }

  /** As whom a payload that changes ids runs inside. */
  long payloadUid() {
    return policy.process().user() instanceof User.Id id ? id.uid() : 0;
  }

  long payloadGid() {
    return policy.process().user() instanceof User.Id id ? id.gid() : 0;
  }

  /**
   * Whether the filter refuses new user namespaces too: where their limit may turn out not to be
   * writable, and where the payload keeps the capability to write it back.
   */
  boolean filterRefusesUserNamespaces() {
    return !policy.namespaces().nestedUser()
        && (policy.bestEffort().contains(Protection.NO_NESTED_NAMESPACES)
            || policy.capabilities().contains(Capability.SYS_RESOURCE));
  }

  /** Opens {@code path}, writes {@code text} in one call and closes. */
  void writeFile(String meaning, String path, String text) {
    writeFile(meaning, UnixPath.of(path), text);
  }

  void writeFile(String meaning, UnixPath path, String text) {
    b.call(
            meaning,
            Syscall.OPENAT,
            Linux.AT_FDCWD,
            b.text(path),
            n(Linux.O_WRONLY | Linux.O_CLOEXEC))
        .into(scratch);
    b.call(meaning, Syscall.WRITE, scratch, b.text(text), n(text.length()));
    b.call(Syscall.CLOSE, scratch);
  }

  /** Reports the failure that slots 1 and 2 hold through the status pipe, and ends. */
  void reportFailure() {
    b.store(8, failure, 0, new Operand.Slot(LaunchProgram.FAILED_STEP_SLOT));
    b.store(8, failure, 8, new Operand.Slot(LaunchProgram.ERRNO_SLOT));
    ProgramBuilder.Label end = b.label();
    b.call(Syscall.WRITE, statusWrite, failure, n(16)).again().otherwise(end);
    b.place(end);
    b.call(Syscall.EXIT_GROUP, n(125)).otherwise(end);
  }

  /** Where the payload starts, inside. */
  UnixPath workingDirectory() {
    return policy.process().cwd().orElse(UnixPath.of("/"));
  }

  /** Makes a pipe and puts its ends into two slots. */
  void pipe(String meaning, Operand.Slot read, Operand.Slot write) {
    b.call(meaning, Syscall.PIPE2, buffer, n(Linux.O_CLOEXEC))
        .advise(Errno.EMFILE, "Raise the limit of open files (ulimit -n)");
    b.load(4, read, buffer, 0);
    b.load(4, write, buffer, 4);
  }

  /** Forks: the child goes on at {@code child}. The same form of clone(2) on both architectures. */
  void fork(String meaning, long namespaces, Operand.Slot pid, ProgramBuilder.Label child) {
    b.call(meaning, Syscall.CLONE, n(namespaces | Linux.SIGCHLD), n(0), n(0), n(0), n(0))
        .into(pid)
        .advise(Errno.EAGAIN, "The limit of processes is used up (ulimit -u)");
    b.jumpIfEqual(pid, n(0), child);
  }
}

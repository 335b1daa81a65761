package dev.caisson.launch;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Protection;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.LaunchVariant;
import dev.caisson.policy.seccomp.ProvenFilter;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Turns a request into a launch program. The order of the steps is the order of a hardened launch
 * (docs/architecture.md) and is checked by property tests over random policies.
 */
public final class Planner {
  /** Some twenty steps each, of the 65,535 that a program can number. */
  private static final int MOST_PLACES = 1000;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final KeeperSteps keeper;
  private final DescriptorSteps descriptors;
  private final TerminalSteps terminal;
  private final RelaySteps relays;
  private final SupervisionSteps supervision;
  private final FailureSteps failures;
  private final InitSteps init;
  private final UpperDirectory upper;
  private final RootSteps root;
  private final SourceTrees sources;
  private final MountSteps mounts;
  private final ProcSteps proc;
  private final DeviceSteps devices;
  private final CapabilitySteps capabilities;
  private final Filters filters;
  private final Handshake handshake;
  private final NetworkSteps network;
  private final ReaperSteps reaper;
  private final PayloadSteps payload;
  private final LandlockSteps landlock;
  private final Optional<NotificationSteps> notifications;

  /** Where a failing step of the first process or the payload goes on. */
  private final Label insideFailed;

  private Planner(LaunchRequest request) {
    c = new LaunchContext(request);
    b = c.b;
    keeper = new KeeperSteps(c);
    descriptors = new DescriptorSteps(c);
    terminal = new TerminalSteps(c);
    relays = new RelaySteps(c, terminal);
    upper = new UpperDirectory(c);
    supervision = new SupervisionSteps(c, keeper, terminal, relays, upper);
    failures = new FailureSteps(c);
    init = new InitSteps(c);
    root = new RootSteps(c, upper);
    InsidePaths paths = new InsidePaths(c);
    sources = new SourceTrees(c);
    mounts = new MountSteps(c, paths, sources);
    proc = new ProcSteps(c, paths);
    devices = new DeviceSteps(c, paths);
    capabilities = new CapabilitySteps(c);
    filters = new Filters(c);
    handshake = new Handshake(c);
    network = new NetworkSteps(c, handshake);
    reaper = new ReaperSteps(c);
    payload = new PayloadSteps(c);
    landlock = new LandlockSteps(c);
    notifications = request.notification().map(asked -> new NotificationSteps(c, asked));
    insideFailed = b.label();
  }

  /**
   * Plans a launch.
   *
   * @throws PlanRefusal if this host cannot do what the policy requires
   */
  public static LaunchPlan plan(LaunchRequest request) {
    return new Planner(request).plan();
  }

  private LaunchPlan plan() {
    requireProtections();
    Label initStart = b.label();
    Label payloadStart = b.label();
    Label keeperFailed = b.label();
    planKeeper(initStart, keeperFailed);
    planInit(initStart, payloadStart);
    int firstExec = planPayload(payloadStart);
    int endExec = b.position();
    failInside();
    relays.emit();
    b.role(Role.KEEPER);
    b.onFailure(keeperFailed);
    upper.emit();
    failures.emit(keeperFailed, terminal, upper, firstExec, endExec);
    return new LaunchPlan(b.build(), b.advice(), firstExec, endExec, supervision(), c.notes);
  }

  private void planKeeper(Label initStart, Label failed) {
    b.role(Role.KEEPER);
    b.onFailure(failed);
    keeper.cleanUp();
    keeper.checkHost();
    descriptors.examine(terminal);
    keeper.openChannels();
    keeper.lockLayers();
    upper.make();
    keeper.enterBase(root.base());
    keeper.startInit(initStart);
    keeper.mapRange();
    relays.startAll();
    supervision.emit(failed);
  }

  private void planInit(Label start, Label payloadStart) {
    b.role(Role.INIT);
    b.onFailure(insideFailed);
    b.place(start);
    upper.open();
    init.begin();
    init.makePrivate();
    descriptors.reopenInput();
    handshake.fork(payloadStart);
    root.stage();
    root.mountRoot(sources);
    proc.mount();
    mounts.placeAll();
    proc.mask();
    root.refuseDevices();
    devices.build();
    root.protect();
    init.pivot();
    init.nameHost();
    network.join();
    handshake.viewReady();
    reaper.seal(capabilities, filters);
    handshake.release();
    reaper.reap(handshake.payload);
  }

  /** Returns the first of the steps that execute the program. */
  private int planPayload(Label start) {
    b.role(Role.PAYLOAD);
    b.place(start);
    network.make();
    handshake.awaitView();
    payload.takeStreams(descriptors, terminal);
    payload.limit();
    payload.giveUpPrivileges(capabilities);
    payload.enterWorkingDirectory();
    landlock.restrict();
    payload.findProgram();
    payload.prepareExec();
    handshake.awaitRelease();
    notifications.ifPresent(
        steps -> {
          steps.load(filters);
          steps.handOver();
        });
    if (!asksOfEveryCall()) {
      loadFilter();
    }
    int firstExec = b.position();
    payload.exec();
    return firstExec;
  }

  /** Without Unix sockets where one of the host may be reachable, unless the policy allows it. */
  private void loadFilter() {
    if (!c.socketsMayBeReachable()) {
      filters.load("load the seccomp filter", filter(true));
      return;
    }
    Label noSockets = b.label();
    Label done = b.label();
    b.jumpIfNotEqual(c.socketsReachable, Operand.of(0), noSockets);
    filters.load("load the seccomp filter", filter(true));
    b.jump(done);
    b.place(noSockets);
    filters.load("load the seccomp filter", filter(false));
    b.place(done);
  }

  private boolean asksOfEveryCall() {
    return notifications.filter(NotificationSteps::asksOfEvery).isPresent();
  }

  private Optional<LaunchPlan.Supervision> supervision() {
    Optional<Notification> asked = c.request.notification();
    asked.ifPresent(
        each ->
            c.notes.add(
                "this process stays until the sandbox ends: it is asked about "
                    + (asksOfEveryCall() ? "every call" : "some calls")
                    + " of the program"));
    return asked.map(each -> new LaunchPlan.Supervision(each, filter(true), filter(false)));
  }

  private BpfProgram filter(boolean socketsReachNoOne) {
    FilterTarget target =
        FilterTarget.of(b.architecture(), c.request.host().kernel(), c.policy.capabilities());
    LaunchVariant variant =
        new LaunchVariant(userNamespaces(), socketsReachNoOne || c.policy.unixSockets());
    return ProvenFilter.of(c.policy.seccomp(), target, variant, c.request.proofs()).program();
  }

  private LaunchVariant.UserNamespaces userNamespaces() {
    if (c.policy.nestedUserNamespaces()) {
      return LaunchVariant.UserNamespaces.NESTED;
    }
    return c.filterRefusesUserNamespaces()
        ? LaunchVariant.UserNamespaces.NONE
        : LaunchVariant.UserNamespaces.OF_PROFILE;
  }

  private void failInside() {
    b.place(insideFailed);
    c.reportFailure();
  }

  private void requireProtections() {
    var policy = c.policy;
    var host = c.request.host();
    if (!host.kernel().atLeast(5, 12)) {
      throw new PlanRefusal(
          "plan a launch",
          "this kernel is " + host.kernel() + "; the oldest that Caisson runs on is 5.12",
          "Use a newer kernel");
    }
    if (policy.landlock() && host.landlockAbi() == 0) {
      require(
          Protection.LANDLOCK,
          "Landlock is off on this host",
          "Add landlock to the lsm= boot parameter, or list landlock in the policy's bestEffort");
    }
    if (policy.filesystem().size() > MOST_PLACES) {
      throw new PlanRefusal(
          "carry out the policy " + policy.name(),
          "it places "
              + policy.filesystem().size()
              + " files and directories inside; a launch places at most "
              + MOST_PLACES,
          "Bind a directory that holds several of them");
    }
    OptionalLong memory = policy.limits().memory();
    if (memory.isPresent()) {
      require(
          Protection.MEMORY_LIMIT,
          "a limit of memory needs a control group, which this version does not make",
          "Take limits.memory out, or list memory-limit in the policy's bestEffort");
    }
  }

  private void require(Protection protection, String why, String remedy) {
    if (!c.policy.bestEffort().contains(protection)) {
      throw new PlanRefusal("carry out the policy " + c.policy.name(), why, remedy);
    }
    c.notes.add("not enforced: " + why);
  }
}

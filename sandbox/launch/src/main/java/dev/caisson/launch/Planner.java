package dev.caisson.launch;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.CallRule;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.LaunchVariant;
import dev.caisson.policy.seccomp.ProvenFilter;
import dev.caisson.policy.seccomp.SeccompAction;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.List;
import java.util.Optional;

/**
 * Turns a request into a launch program. The order of the steps is the order of a hardened launch
 * (docs/architecture.md) and is checked by property tests over random policies.
 */
public final class Planner {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final KeeperSteps keeper;
  private final DescriptorSteps descriptors;
  private final TerminalSteps terminal;
  private final OutputLimit output;
  private final PayloadStatus status;
  private final ResultSteps result;
  private final RelaySteps relays;
  private final SupervisionSteps supervision;
  private final FailureSteps failures;
  private final InitSteps init;
  private final UpperDirectory upper;
  private final RootSteps root;
  private final SourceTrees sources;
  private final MappedBinds mapped;
  private final InsidePaths paths;
  private final MountSteps mounts;
  private final SecretSteps secrets;
  private final ProcSteps proc;
  private final DeviceSteps devices;
  private final CapabilitySteps capabilities;
  private final Filters filters;
  private final Handshake handshake;
  private final NetworkSteps network;
  private final ConnectionSteps connection;
  private final ReaperSteps reaper;
  private final PayloadSteps payload;
  private final LandlockSteps landlock;
  private final Optional<NotificationSteps> notifications;
  private final ProgramGroup programs;
  private final ControlGroupSteps groups;

  /** Where a failing step of the first process or the payload goes on. */
  private final Label insideFailed;

  private Planner(LaunchRequest request) {
    c = new LaunchContext(request);
    b = c.b;
    keeper = new KeeperSteps(c);
    descriptors = new DescriptorSteps(c);
    terminal = new TerminalSteps(c);
    output = new OutputLimit(c);
    status = new PayloadStatus(c);
    result = new ResultSteps(c);
    relays = new RelaySteps(c, terminal, output);
    upper = new UpperDirectory(c);
    programs = new ProgramGroup(c);
    groups = new ControlGroupSteps(c, programs);
    connection = new ConnectionSteps(c);
    supervision =
        new SupervisionSteps(
            c, keeper, terminal, relays, upper, groups, connection, status, result);
    failures = new FailureSteps(c, result);
    init = new InitSteps(c, groups);
    root = new RootSteps(c, upper);
    paths = new InsidePaths(c);
    sources = new SourceTrees(c);
    mapped = new MappedBinds(c, sources);
    mounts = new MountSteps(c, paths, sources, mapped);
    secrets = new SecretSteps(c, paths);
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
    c.requirements.check();
    groups.require();
    new ConnectionRequirements(c.request).check();
    Label initStart = b.label();
    Label payloadStart = b.label();
    Label keeperFailed = b.label();
    planKeeper(initStart, keeperFailed);
    Label payloadView = b.label();
    planInit(initStart, payloadStart, payloadView);
    int firstExec = planPayload(payloadStart, payloadView);
    int endExec = b.position();
    failInside();
    relays.emit();
    connection.emit();
    b.role(Role.KEEPER);
    b.onFailure(keeperFailed);
    upper.emit();
    programs.emit();
    failures.emit(keeperFailed, terminal, upper, groups, firstExec, endExec);
    return new LaunchPlan(
        b.build(),
        b.advice(),
        firstExec,
        endExec,
        supervision(),
        c.policy.process().stop(),
        c.notes);
  }

  private void planKeeper(Label initStart, Label failed) {
    b.role(Role.KEEPER);
    b.onFailure(failed);
    keeper.cleanUp();
    keeper.checkHost();
    descriptors.examine(terminal);
    keeper.openChannels();
    status.openChannel();
    result.prepare();
    secrets.open();
    output.prepare();
    groups.make();
    connection.openChannels();
    keeper.lockLayers();
    upper.make();
    mapped.make();
    keeper.enterBase(root.base());
    keeper.startInit(initStart);
    mapped.close();
    status.closeWriting();
    secrets.close();
    new IdMapSteps(c).map();
    relays.startAll();
    supervision.emit(failed);
  }

  private void planInit(Label start, Label payloadStart, Label payloadView) {
    b.role(Role.INIT);
    b.onFailure(insideFailed);
    b.place(start);
    upper.open();
    init.begin();
    init.makePrivate();
    descriptors.reopenInput();
    network.findSettings();
    // before the fork, so that it is done once for both
    capabilities.dropBounding(c.policy.capabilities());
    handshake.fork(payloadStart);
    root.stage();
    root.mountRoot(sources);
    proc.mount();
    mounts.placeAll();
    mounts.makeWorkingDirectory();
    programs.show(paths);
    secrets.place();
    proc.mask();
    root.refuseDevices();
    devices.build();
    root.protect();
    init.pivot();
    init.nameHost();
    network.join();
    connection.await();
    if (!c.payloadIsInit()) {
      terminal.openInside();
      handshake.forkForTerminal(payloadView);
    }
    handshake.viewReady();
    reaper.letGo(status, handshake);
    reaper.seal(capabilities, filters);
    handshake.release();
    reaper.reap(handshake.payload, status);
  }

  /**
   * Returns the first of the steps that execute the program.
   *
   * @param view where a payload's process begins that is forked when the network is made
   */
  private int planPayload(Label start, Label view) {
    b.role(Role.PAYLOAD);
    b.place(start);
    network.make();
    b.place(view);
    handshake.awaitView();
    payload.takeStreams(descriptors, terminal);
    payload.limit(groups.countsProcesses());
    payload.giveUpPrivileges(capabilities);
    payload.enterWorkingDirectory();
    landlock.restrict();
    payload.findProgram();
    payload.prepareExec();
    handshake.awaitRelease();
    new SeemingSuccess(c).load(filters);
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
      filters.load("load the seccomp filter", loaded(true));
      return;
    }
    Label noSockets = b.label();
    Label done = b.label();
    b.jumpIfNotEqual(c.socketsReachable, Operand.of(0), noSockets);
    filters.load("load the seccomp filter", loaded(true));
    b.jump(done);
    b.place(noSockets);
    filters.load("load the seccomp filter", loaded(false));
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
    return asked.map(each -> new LaunchPlan.Supervision(each, deciding(true), deciding(false)));
  }

  /** The policy's filter, but for calls that the supervisor decides in its place. */
  private BpfProgram loaded(boolean socketsReachNoOne) {
    SeccompProfile profile = c.policy.seccomp();
    if (c.request.notification().orElse(null) instanceof Notification.Calls calls
        && !calls.decided().isEmpty()) {
      List<CallRule> allowed =
          calls.decided().stream()
              .map(call -> CallRule.always(call, new SeccompAction.Allow()))
              .toList();
      profile = profile.with(List.of(allowed), profile.compatAbis());
    }
    return ProvenFilter.of(profile, target(profile), variant(socketsReachNoOne), c.request.proofs())
        .program();
  }

  /** The policy's filter, by which a supervisor decides. */
  private BpfProgram deciding(boolean socketsReachNoOne) {
    SeccompProfile profile = c.policy.seccomp();
    return ProvenFilter.ofSupervisor(
            profile, target(profile), variant(socketsReachNoOne), c.request.proofs())
        .program();
  }

  private FilterTarget target(SeccompProfile profile) {
    return profile.target(b.architecture(), c.request.host().kernel(), c.policy.capabilities());
  }

  private LaunchVariant variant(boolean socketsReachNoOne) {
    return new LaunchVariant(userNamespaces(), socketsReachNoOne || c.policy.unixSockets());
  }

  private LaunchVariant.UserNamespaces userNamespaces() {
    if (c.policy.namespaces().nestedUser()) {
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
}

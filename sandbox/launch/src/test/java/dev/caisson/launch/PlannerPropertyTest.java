package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.launch.ControlGroupPlace.Controller;
import dev.caisson.launch.PlannedCalls.Pipe;
import dev.caisson.launch.PlannedCalls.PlannedCall;
import dev.caisson.policy.Capability;
import dev.caisson.policy.EffectivePolicy.Device;
import dev.caisson.policy.Namespaces;
import dev.caisson.policy.Network;
import dev.caisson.policy.Protection;
import dev.caisson.policy.User;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The order of a hardened launch, on every path through the program of any policy. */
class PlannerPropertyTest {
  private static final Set<Syscall> MOUNTING =
      EnumSet.of(
          Syscall.MOUNT,
          Syscall.MOVE_MOUNT,
          Syscall.OPEN_TREE,
          Syscall.FSOPEN,
          Syscall.FSMOUNT,
          Syscall.MOUNT_SETATTR,
          Syscall.PIVOT_ROOT);

  private static final Pipe VIEW = new Pipe("show the view", "wait for the view");
  private static final Pipe MADE = new Pipe("show the network", "wait for the network");
  private static final Pipe SHOWN =
      new Pipe("show the network to the keeper", "look for the network");
  private static final Pipe RELEASE = new Pipe("release the payload", "wait for the release");

  @Property(tries = 40)
  void everyProgramIsWellFormed(@ForAll long seed) {
    LaunchRequest request = Requests.random(seed);
    LaunchPlan plan = Planner.plan(request);
    assertEquals(List.of(), ProgramCheck.problems(plan.program()));
    assertEquals(plan.program(), Elf.parse(Elf.write(plan.program())));
    String listing = Listing.of(plan.program());
    for (int i = 0; i < plan.program().steps().size(); i++) {
      assertTrue(listing.contains("\n%6d  ".formatted(i)), "step " + i + " is not listed");
    }
  }

  @Property(tries = 40)
  void thePayloadIsConfinedBeforeItExecutes(@ForAll long seed) {
    LaunchRequest request = Requests.random(seed);
    PlannedCalls calls = calls(request);
    List<PlannedCall> exec = calls.all(Role.PAYLOAD, Syscall.EXECVE);
    // what only seems to succeed does so by a filter of its own, before the others
    List<PlannedCall> filter =
        calls.all(
            Role.PAYLOAD, Syscall.SECCOMP, call -> !call.meaning().equals(SeemingSuccess.MEANING));
    List<PlannedCall> noNewPrivs = prctl(calls, Role.PAYLOAD, Linux.PR_SET_NO_NEW_PRIVS, 1);
    List<PlannedCall> capset = calls.all(Role.PAYLOAD, Syscall.CAPSET);
    // the first process leaves the bounding set for both, before it forks
    List<PlannedCall> bounding = prctl(calls, Role.INIT, Linux.PR_CAPBSET_DROP, -1);
    List<PlannedCall> securebits = prctl(calls, Role.PAYLOAD, Linux.PR_SET_SECUREBITS, -1);
    List<PlannedCall> dies = prctl(calls, Role.PAYLOAD, Linux.PR_SET_PDEATHSIG, Linux.SIGKILL);
    List<PlannedCall> closes =
        calls.all(
            Role.PAYLOAD,
            Syscall.CLOSE_RANGE,
            call ->
                call.argument(0) == 3
                    && call.argument(1) == Linux.LAST_DESCRIPTOR
                    && call.argument(2) == Linux.CLOSE_RANGE_CLOEXEC);
    List<PlannedCall> core =
        calls.all(
            Role.PAYLOAD,
            Syscall.PRLIMIT64,
            call -> call.argument(1) == 4 && !call.passes(2, Operand.of(0)));
    calls.assertBefore("core files are limited before exec", core, exec);
    if (request.policy().capabilities().isEmpty()) {
      calls.assertBefore("the bounding set goes first", bounding, capset);
    }
    // of a set that is kept in part the graph shows no more: the loop skips what is kept
    BitSet afterCapset = calls.flow().from(capset.get(0).index() + 1);
    assertFalse(afterCapset.get(bounding.get(0).index()), "the bounding set goes first");
    if (securebits.isEmpty()) {
      assertTrue(request.controlGroup().forPrograms(), "systemd alone sets them itself");
    } else {
      calls.assertBefore("securebits precede capset", securebits, capset);
      calls.assertFatal("securebits", securebits, exec);
    }
    calls.assertBefore("capabilities go before no_new_privs", capset, noNewPrivs);
    calls.assertBefore("no_new_privs precedes seccomp", noNewPrivs, filter);
    calls.assertBefore("PDEATHSIG after the last change of ids", capset, dies);
    calls.assertBefore("descriptors are closed before exec", closes, exec);
    calls.assertBefore("seccomp precedes exec", filter, exec);
    for (PlannedCall load : filter) {
      for (PlannedCall later : calls.after(load)) {
        // a supervisor's filter comes before the policy's, and waits for the supervisor
        boolean supervised =
            request.notification().isPresent()
                && Set.of(Syscall.READ, Syscall.SECCOMP).contains(later.syscall());
        assertTrue(
            supervised
                || Set.of(Syscall.EXECVE, Syscall.WRITE, Syscall.EXIT_GROUP)
                    .contains(later.syscall()),
            "seccomp is last, but " + later.syscall() + " follows");
      }
    }
    if (request.policy().landlock().on() && request.host().landlockAbi() > 0) {
      List<PlannedCall> landlock = calls.all(Role.PAYLOAD, Syscall.LANDLOCK_RESTRICT_SELF);
      calls.assertBefore("no_new_privs precedes Landlock", noNewPrivs, landlock);
      calls.assertBefore("Landlock precedes seccomp", landlock, filter);
      calls.assertFatal("Landlock", landlock, exec);
    }
    for (List<PlannedCall> each : List.of(filter, noNewPrivs, capset, dies, closes, core)) {
      calls.assertFatal("confinement", each, exec);
    }
    assertHolds(capset, Capability.mask(request.policy().capabilities()));
    int others = calls.all(Role.CONNECTION, Syscall.EXECVE).size();
    boolean connected = request.policy().network() instanceof Network.Private;
    assertEquals(connected ? 1 : 0, others, "pasta");
    assertEquals(
        exec.size(), all(calls, Syscall.EXECVE).size() - others, "only the payload executes");
  }

  @Property(tries = 40)
  void theReaperIsSealedBeforeThePayloadIsReleased(@ForAll long seed) {
    LaunchRequest request = Requests.random(seed);
    PlannedCalls calls = calls(request);
    List<PlannedCall> exec = calls.all(Role.PAYLOAD, Syscall.EXECVE);
    List<PlannedCall> filter = calls.all(Role.INIT, Syscall.SECCOMP);
    List<PlannedCall> undumpable = prctl(calls, Role.INIT, Linux.PR_SET_DUMPABLE, 0);
    List<PlannedCall> noNewPrivs = prctl(calls, Role.INIT, Linux.PR_SET_NO_NEW_PRIVS, 1);
    List<PlannedCall> capset = calls.all(Role.INIT, Syscall.CAPSET);
    List<PlannedCall> bounding = prctl(calls, Role.INIT, Linux.PR_CAPBSET_DROP, -1);
    calls.assertBefore("undumpable", undumpable, RELEASE, exec);
    calls.assertBefore("bounding set before capset", bounding, capset);
    calls.assertBefore("no capabilities", capset, RELEASE, exec);
    calls.assertBefore("no_new_privs precedes seccomp", noNewPrivs, filter);
    calls.assertBefore("no_new_privs", noNewPrivs, RELEASE, exec);
    calls.assertBefore("filtered", filter, RELEASE, exec);
    boolean kills =
        request.host().uid() == 0
            && (request.policy().capabilities().contains(Capability.SETUID)
                || request.policy().process().user() instanceof User.Id);
    assertHolds(capset, kills ? Capability.mask(Set.of(Capability.KILL)) : 0);
    for (PlannedCall later : calls.after(filter.get(0))) {
      assertTrue(Filters.INIT_CALLS.contains(later.syscall()), "sealed, but " + later.syscall());
    }
    List<PlannedCall> closes =
        calls.all(Role.INIT, Syscall.CLOSE_RANGE, call -> call.argument(0) == 3);
    calls.assertBefore("the reaper holds no descriptor but three pipes", closes, RELEASE, exec);
    calls.assertFatal("the reaper's descriptors", closes, filter);
    // but the pipe, where the keeper wants to know the payload's status exactly
    List<PlannedCall> rest =
        calls.all(Role.INIT, Syscall.CLOSE_RANGE, call -> call.argument(0) == 1);
    List<PlannedCall> waits =
        calls.all(Role.INIT, Syscall.WAIT4, call -> call.passes(0, Operand.of(-1)));
    calls.assertBefore("the reaper holds no descriptor", rest, waits);
  }

  @Property(tries = 40)
  void noDeviceButTheListedIsReachable(@ForAll long seed) {
    LaunchRequest request = Requests.random(seed);
    PlannedCalls calls = calls(request);
    List<PlannedCall> sweep =
        calls.all(
            Role.INIT,
            Syscall.MOUNT_SETATTR,
            call ->
                call.argument(2) == (Linux.AT_EMPTY_PATH | Linux.AT_RECURSIVE)
                    && call.word(3, 0).orElse(0L)
                        == (Linux.MOUNT_ATTR_NOSUID | Linux.MOUNT_ATTR_NODEV)
                    && calls.all(Role.INIT, Syscall.OPENAT).stream()
                        .anyMatch(
                            root ->
                                root.text(1).equals("\"root\"")
                                    && call.passes(0, new Operand.Slot(root.step().result()))));
    assertEquals(1, sweep.size(), "one pass over the whole tree");
    List<PlannedCall> exec = calls.all(Role.PAYLOAD, Syscall.EXECVE);
    calls.assertBefore("nodev everywhere", sweep, VIEW, exec);
    BitSet beforeSweep = calls.flow().from(0, step -> step == sweep.get(0).index());
    for (PlannedCall call : calls.all()) {
      boolean after = !beforeSweep.get(call.index());
      switch (call.syscall()) {
        case MOUNT -> assertTrue(isGuarded(call, after, request), "step " + call.index());
        case MOVE_MOUNT, OPEN_TREE, FSOPEN ->
            assertFalse(after, call.syscall() + " after the nodev pass");
        case FSMOUNT ->
            assertEquals(
                Linux.MOUNT_ATTR_NODEV, call.argument(2) & Linux.MOUNT_ATTR_NODEV, "fsmount");
        case MOUNT_SETATTR -> assertEquals(0L, call.word(3, 1).orElse(-1L), "clears nothing");
        case MKNODAT ->
            assertEquals(Linux.S_IFREG, call.argument(2) & Linux.S_IFMT, "makes files only");
        default -> {}
      }
    }
  }

  private static boolean isGuarded(PlannedCall call, boolean afterSweep, LaunchRequest request) {
    long flags = call.argument(3);
    if ((flags & (Linux.MS_PRIVATE | Linux.MS_NODEV)) != 0) {
      return true;
    }
    if (call.text(2).equals("\"devpts\"")) {
      return afterSweep && call.text(4).contains("newinstance");
    }
    if (!afterSweep) {
      // a bind of something in the tree: the pass is still to come
      return (flags & Linux.MS_BIND) != 0;
    }
    for (Device device : request.policy().devices()) {
      String name = device.name().toLowerCase(Locale.ROOT);
      if (flags == Linux.MS_BIND
          && call.text(0).equals("\"/dev/" + name + "\"")
          && call.text(1).equals("\"" + name + "\"")) {
        return true;
      }
    }
    return false;
  }

  @Property(tries = 40)
  void theHostIsLeftBehind(@ForAll long seed) {
    LaunchRequest request = Requests.random(seed);
    PlannedCalls calls = calls(request);
    List<PlannedCall> start =
        calls.all(Role.KEEPER, Syscall.CLONE, call -> call.argument(0) != Linux.SIGCHLD);
    List<PlannedCall> pivot = calls.all(Role.INIT, Syscall.PIVOT_ROOT);
    List<PlannedCall> detach = calls.all(Role.INIT, Syscall.UMOUNT2);
    List<PlannedCall> enter =
        calls.all(Role.INIT, Syscall.CHDIR, call -> call.text(0).equals("\"/\""));
    List<PlannedCall> cgroups =
        calls.all(Role.INIT, Syscall.UNSHARE, call -> call.argument(0) == Linux.CLONE_NEWCGROUP);
    List<PlannedCall> exec = calls.all(Role.PAYLOAD, Syscall.EXECVE);
    assertEquals(1, start.size());
    assertEquals(namespaces(request.policy().namespaces()), start.get(0).argument(0));
    boolean hidden = request.policy().namespaces().cgroup();
    assertEquals(hidden ? 1 : 0, cgroups.size(), "one cgroup namespace");
    assertNetwork(calls, request, exec);
    if (hidden) {
      calls.assertBefore("cgroup namespace", cgroups, pivot);
      calls.assertBefore("leaving the host", cgroups, VIEW, exec);
    }
    calls.assertBefore("private", calls.all(Role.INIT, Syscall.MOUNT, this::isPrivate), pivot);
    calls.assertBefore("pivot", pivot, detach);
    calls.assertBefore("detach", detach, enter);
    for (List<PlannedCall> each : List.of(pivot, detach, enter)) {
      calls.assertBefore("leaving the host", each, VIEW, exec);
    }
    List<PlannedCall> enterToo = calls.to("enter the view");
    calls.assertBefore("the payload's process leaves it too", calls.to(VIEW.read()), enterToo);
    calls.assertBefore("the payload's process leaves it too", enterToo, exec);
    calls.assertFatal("the payload's process leaves it too", enterToo, exec);
    for (PlannedCall later : calls.after(pivot.get(0))) {
      boolean inside = later.role() == Role.INIT || later.role() == Role.PAYLOAD;
      if (inside) {
        assertFalse(MOUNTING.contains(later.syscall()), later.syscall() + " after pivot_root");
        for (int place = 0; place < 2; place++) {
          assertFalse(later.text(place).contains(RootSteps.STAGING_PATH), "names staging");
          assertFalse(
              later.text(place).contains(request.runtimeDirectory().toString()), "names the host");
        }
      }
    }
  }

  @Property(tries = 40)
  void noNamespaceIsMadeInsideUnlessThePolicyWantsIt(@ForAll long seed) {
    LaunchRequest request = Requests.random(seed);
    PlannedCalls calls = calls(request);
    List<PlannedCall> limit =
        calls.all(Role.INIT, Syscall.OPENAT, call -> call.text(1).contains("max_user_namespaces"));
    if (request.policy().namespaces().nestedUser()) {
      assertEquals(List.of(), limit);
      return;
    }
    List<PlannedCall> pivot = calls.all(Role.INIT, Syscall.PIVOT_ROOT);
    calls.assertBefore("the limit is set while /proc/sys is there", limit, pivot);
    if (!request.policy().bestEffort().contains(Protection.NO_NESTED_NAMESPACES)) {
      calls.assertFatal("the limit", limit, pivot);
    }
  }

  @Property(tries = 40)
  void theSandboxEndsWithItsKeeper(@ForAll long seed) {
    LaunchRequest request = Requests.random(seed);
    PlannedCalls calls = calls(request);
    List<PlannedCall> dies = prctl(calls, Role.INIT, Linux.PR_SET_PDEATHSIG, Linux.SIGKILL);
    List<PlannedCall> looks = calls.all(Role.INIT, Syscall.PPOLL);
    List<PlannedCall> changes = calls.all(Role.INIT, Syscall.MOUNT, this::isPrivate);
    calls.assertBefore("asks for the signal", dies, looks);
    calls.assertBefore("then looks for the keeper", looks, changes);
    for (PlannedCall ids : calls.all(Role.INIT, Syscall.SETRESUID)) {
      BitSet walls = new BitSet();
      dies.forEach(call -> walls.set(call.index()));
      BitSet around = calls.flow().from(ids.index() + 1, walls::get);
      changes.forEach(call -> assertFalse(around.get(call.index()), "asks again"));
    }
    List<PlannedCall> closes =
        calls.all(
            Role.KEEPER,
            Syscall.CLOSE_RANGE,
            call -> call.argument(1) == Linux.LAST_DESCRIPTOR && call.argument(2) == 0);
    calls.assertBefore(
        "inherited descriptors are closed first", closes, calls.all(Role.KEEPER, Syscall.CLONE));
  }

  @Property(tries = 40)
  void theSandboxIsInItsGroupBeforeAnythingElse(@ForAll long seed) {
    LaunchRequest request = Requests.random(seed);
    PlannedCalls calls = calls(request);
    Set<Controller> required = GroupLimits.of(request.policy().limits()).required();
    List<PlannedCall> enter = calls.to("enter the control group", Syscall.WRITE);
    if (!request.controlGroup().forPrograms()
        && required.stream().noneMatch(each -> request.controlGroup().parent(each).isPresent())) {
      assertEquals(List.of(), enter);
      assertEquals(List.of(), calls.to("make a control group"));
      return;
    }
    List<PlannedCall> make =
        calls.all(Role.KEEPER, Syscall.MKDIRAT, call -> call.meaning().contains("control group"));
    List<PlannedCall> start =
        calls.all(Role.KEEPER, Syscall.CLONE, call -> call.argument(0) != Linux.SIGCHLD);
    calls.assertBefore("the keeper makes the group", make, start);
    List<PlannedCall> later = calls.to("start a session");
    calls.assertFatal("entering the group", enter, later);
    // what is made next is the namespace
    enter.forEach(each -> calls.assertBefore("entering the group", List.of(each), later));
    long removals =
        calls
            .all(Role.KEEPER, Syscall.UNLINKAT, call -> call.argument(2) == Linux.AT_REMOVEDIR)
            .stream()
            .filter(call -> call.text(1).contains("/sys/fs/cgroup"))
            .count();
    assertEquals(2L * enter.size(), removals, "removed at the end, and after a failure");
  }

  @Property(tries = 40)
  void noRoleRunsTheStepsOfAnother(@ForAll long seed) {
    LaunchRequest request = Requests.random(seed);
    LaunchProgram program = Planner.plan(request).program();
    PlannedCalls calls = new PlannedCalls(program);
    assertRoles(program, calls, Role.PAYLOAD, Set.of(Role.PAYLOAD));
    assertRoles(program, calls, Role.RELAY, Set.of(Role.RELAY));
    assertRoles(program, calls, Role.CONNECTION, Set.of(Role.CONNECTION));
    assertRoles(program, calls, Role.INIT, Set.of(Role.INIT, Role.PAYLOAD));
  }

  /** All steps of the role, from each of its calls on; failures are reported by shared steps. */
  private static void assertRoles(
      LaunchProgram program, PlannedCalls calls, Role role, Set<Role> allowed) {
    for (PlannedCall call : calls.all()) {
      if (call.role() == role) {
        calls.flow().from(call.index()).stream()
            .forEach(
                step ->
                    assertTrue(
                        allowed.contains(program.steps().get(step).role()),
                        role + " runs step " + step + " from " + call.index()));
      }
    }
  }

  private boolean isPrivate(PlannedCall call) {
    return call.argument(3) == (Linux.MS_REC | Linux.MS_PRIVATE);
  }

  /** The payload's process makes it, the first one joins. */
  private static void assertNetwork(
      PlannedCalls calls, LaunchRequest request, List<PlannedCall> exec) {
    List<PlannedCall> network = calls.all(Role.PAYLOAD, Syscall.UNSHARE);
    List<PlannedCall> join = calls.all(Role.INIT, Syscall.SETNS);
    if (request.policy().network() instanceof Network.Host) {
      assertEquals(List.of(), network);
      assertEquals(List.of(), join);
      return;
    }
    network.forEach(call -> assertEquals(Linux.CLONE_NEWNET, call.argument(0)));
    // a payload that is forked for a terminal is forked by a process that has joined
    calls.assertBefore("a network of its own", concat(network, join), exec);
    calls.assertFatal("a network of its own", network, exec);
    calls.assertBefore("the first process's too", join, VIEW, exec);
    assertConnection(calls, request.policy().network() instanceof Network.Private, exec);
  }

  private static List<PlannedCall> concat(List<PlannedCall> one, List<PlannedCall> other) {
    List<PlannedCall> both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }

  /** Filtered before it is connected, connected before the payload runs; else nothing of it. */
  private static void assertConnection(
      PlannedCalls calls, boolean connected, List<PlannedCall> exec) {
    List<PlannedCall> filter = calls.all(Role.PAYLOAD, Syscall.SENDTO);
    List<PlannedCall> answer =
        calls.all(
            Role.PAYLOAD,
            Syscall.READ,
            call -> call.meaning().equals("filter the sandbox's network"));
    List<PlannedCall> pasta = calls.all(Role.CONNECTION, Syscall.EXECVE);
    if (!connected) {
      assertEquals(List.of(), filter);
      assertEquals(List.of(), pasta);
      return;
    }
    List<PlannedCall> shown = calls.to(SHOWN.write());
    for (List<PlannedCall> each : List.of(filter, answer)) {
      calls.assertBefore("the filter", each, MADE, shown);
    }
    calls.assertBefore("pasta comes after the filter", shown, SHOWN, pasta);
    calls.assertBefore("connected", calls.to("wait for the connection"), VIEW, exec);
    List<PlannedCall> ends = prctl(calls, Role.CONNECTION, Linux.PR_SET_PDEATHSIG, Linux.SIGKILL);
    List<PlannedCall> closes = calls.all(Role.CONNECTION, Syscall.CLOSE_RANGE);
    for (List<PlannedCall> each : List.of(ends, closes)) {
      calls.assertBefore("pasta takes nothing of the keeper", each, pasta);
      calls.assertFatal("pasta takes nothing of the keeper", each, pasta);
    }
  }

  private static long namespaces(Namespaces own) {
    return Linux.SIGCHLD
        | Linux.CLONE_NEWUSER
        | Linux.CLONE_NEWNS
        | Linux.CLONE_NEWPID
        | (own.ipc() ? Linux.CLONE_NEWIPC : 0)
        | (own.hostname() ? Linux.CLONE_NEWUTS : 0);
  }

  /** Effective and permitted are {@code mask}: words are {effective, permitted, inheritable}. */
  private static void assertHolds(List<PlannedCall> capset, long mask) {
    for (PlannedCall call : capset) {
      long low = mask & 0xffff_ffffL;
      assertEquals(low | low << 32, call.word(1, 0).orElseThrow());
      assertEquals(mask >>> 32, call.word(1, 1).orElseThrow() >>> 32);
      assertEquals(mask >>> 32, call.word(1, 2).orElseThrow() & 0xffff_ffffL);
    }
  }

  private static PlannedCalls calls(LaunchRequest request) {
    return new PlannedCalls(Planner.plan(request).program());
  }

  private static List<PlannedCall> all(PlannedCalls calls, Syscall syscall) {
    return calls.all().stream().filter(call -> call.syscall() == syscall).toList();
  }

  /** prctl(2) with this option, and this argument unless it is -1. */
  private static List<PlannedCall> prctl(
      PlannedCalls calls, Role role, long option, long argument) {
    return calls.all(
        role,
        Syscall.PRCTL,
        call -> call.argument(0) == option && (argument == -1 || call.argument(1) == argument));
  }
}

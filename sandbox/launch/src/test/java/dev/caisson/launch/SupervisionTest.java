package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.KernelVersion;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.BpfSimulator;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.LaunchVariant;
import dev.caisson.policy.seccomp.ProofStore;
import dev.caisson.policy.seccomp.ProvenFilter;
import dev.caisson.policy.seccomp.SeccompAction;
import dev.caisson.policy.seccomp.SeccompProfile;
import dev.caisson.policy.seccomp.SockFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A supervisor answers as the policy's filter does, and as nothing else. */
class SupervisionTest {
  private static final int X86_64 = Architecture.X86_64.auditArch();
  private static final int I386 = 0x40000003;

  private static NotifiedCall call(int auditArch, int number, Long... arguments) {
    return new NotifiedCall(1, 1, number, auditArch, List.of(arguments), () -> true);
  }

  private static CallAnswer answer(int returned) {
    BpfProgram filter = new BpfProgram(List.of(new SockFilter(6, 0, 0, returned)));
    return CallAnswer.of(Supervision.decide(filter, call(X86_64, 0, 0L, 0L, 0L, 0L, 0L, 0L)));
  }

  @Test
  void onlyWhatExecutesWithoutAnotherProceeds() {
    assertEquals(new CallAnswer.Proceed(), answer(0x7fff0000));
    assertEquals(new CallAnswer.Proceed(), answer(0x7ffc0000));
    assertEquals(new CallAnswer.Fail(38), answer(0x7ff00000));
    assertEquals(new CallAnswer.Fail(38), answer(0x7fc00000));
    assertEquals(new CallAnswer.Fail(13), answer(0x0005000d));
    assertEquals(new CallAnswer.Fail(0), answer(0x00050000));
    assertEquals(new CallAnswer.Kill(), answer(0x00030000));
    assertEquals(new CallAnswer.Kill(), answer(0));
    assertEquals(new CallAnswer.Kill(), answer(0x80000000));
  }

  @Property(tries = 500)
  void whatTheFilterRefusesNeverProceeds(
      @ForAll @IntRange(max = 500) int number, @ForAll long first, @ForAll long second) {
    BpfProgram filter =
        ProvenFilter.of(
                SeccompProfile.builtIn("default"),
                FilterTarget.of(Architecture.X86_64, new KernelVersion(6, 18), Set.of()),
                LaunchVariant.PLAIN,
                ProofStore.none())
            .program();
    NotifiedCall call = call(X86_64, number, first, second, 0L, 0L, 0L, 0L);
    SeccompAction action = BpfSimulator.run(filter, X86_64, number, first, second).action();
    assertEquals(
        action.executes(),
        CallAnswer.of(Supervision.decide(filter, call)) instanceof CallAnswer.Proceed);
    assertEquals(
        new CallAnswer.Kill(),
        CallAnswer.of(
            Supervision.decide(filter, call(I386, number, first, second, 0L, 0L, 0L, 0L))));
  }

  /** What the payload tells its supervisor is the only call that the filter lets through unseen. */
  @Property(tries = 200)
  void everyCallIsAskedAboutButFive(
      @ForAll @IntRange(max = 500) int number, @ForAll long first, @ForAll long second) {
    long seed = 0;
    LaunchRequest request = Requests.random(seed);
    while (!(request.notification().isPresent()
        && request.notification().get() instanceof Notification.EveryCall
        && request.host().architecture() == Architecture.X86_64)) {
      request = Requests.random(++seed);
    }
    NotificationSteps steps =
        new NotificationSteps(new LaunchContext(request), new Notification.EveryCall());
    SeccompAction action =
        BpfSimulator.run(steps.filter(), X86_64, number, first, second, 8).action();
    boolean unasked =
        NotificationSteps.UNASKED.stream()
            .anyMatch(each -> each.number(Architecture.X86_64) == number);
    assertEquals(
        unasked ? new SeccompAction.Allow() : new SeccompAction.Notify(), action, "" + number);
    assertEquals(
        new SeccompAction.Notify(),
        BpfSimulator.run(steps.filter(), I386, number, first, second, 8).action());
  }

  @Test
  void aRequestThatIsNotSpawnedHasNoSupervisor() {
    LaunchRequest request = Requests.random(1);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new LaunchRequest(
                request.policy(),
                request.host(),
                request.root(),
                request.command(),
                request.environment(),
                request.runtimeDirectory(),
                request.lockedLayers(),
                request.proofs(),
                request.controlGroup(),
                request.connection(),
                LaunchRequest.Mode.FOREGROUND,
                Optional.empty(),
                Optional.of(new Notification.EveryCall())));
  }
}

package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.launch.Doctor.Finding;
import dev.caisson.launch.Doctor.State;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.KernelVersion;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoctorTest {
  @Test
  void whatItSaysOfNamespacesIsWhatUnshareFinds() throws IOException, InterruptedException {
    Process unshare =
        new ProcessBuilder("unshare", "-Urmpiun", "true")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();

    Finding namespaces = finding(HostProbe.probe(), "namespaces");

    assertEquals(unshare.waitFor() == 0, namespaces.state() == State.OK, namespaces.toString());
  }

  @Test
  void everythingThatIsMissingHasARemedy() {
    for (Finding finding : Doctor.examine(HostProbe.probe())) {
      assertEquals(finding.state() == State.OK, finding.remedy().isEmpty(), finding.toString());
      assertFalse(finding.detail().isEmpty(), finding.toString());
    }
  }

  @Test
  void anOldKernelPrevents() {
    Finding kernel = finding(host(new KernelVersion(5, 11), 1001, List.of()), "kernel");

    assertTrue(kernel.prevents());
  }

  @Test
  void aTrialTellsTheErrorOfTheStepThatFailed() {
    HostFacts facts = HostProbe.probe();
    if (new HostTrial(facts).namespaces() != 0) {
      return;
    }
    HostFacts stranger = host(facts.kernel(), facts.uid() + 1, List.of());

    // an id that is not the caller's may not be mapped (user_namespaces(7))
    assertEquals(Errno.EPERM.number(), new HostTrial(stranger).overlay());
  }

  @Test
  void powerfulGroupsAreNamedForAnOrdinaryUser() {
    Finding groups =
        finding(host(new KernelVersion(6, 1), 1001, List.of(0, 4242)), "supplementary groups");

    assertEquals(State.NOTE, groups.state());
    assertTrue(groups.detail().startsWith("root "), groups.detail());
  }

  private static Finding finding(HostFacts host, String name) {
    return Doctor.examine(host).stream()
        .filter(finding -> finding.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static HostFacts host(KernelVersion kernel, int uid, List<Integer> groups) {
    HostFacts own = HostProbe.probe();
    return new HostFacts(
        Architecture.current(),
        kernel,
        own.landlockAbi(),
        own.tmpfsUserXattrs(),
        own.today(),
        uid,
        own.gid(),
        groups,
        "somebody",
        own.home(),
        own.currentDirectory(),
        Map.of(),
        Map.of());
  }
}

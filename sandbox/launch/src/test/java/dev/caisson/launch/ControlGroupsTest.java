package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.launch.ControlGroupPlace.Controller;
import dev.caisson.launch.GroupLimits.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupsTest {
  private static final UnixPath PARENT = UnixPath.of("/sys/fs/cgroup/a");
  private static final ControlGroupPlace UNIFIED =
      new ControlGroupPlace(
          ControlGroupPlace.Kind.UNIFIED,
          Map.of(Controller.MEMORY, PARENT, Controller.CPU, PARENT, Controller.PIDS, PARENT),
          Optional.of(PARENT),
          false,
          "",
          "");

  @TempDir private Path scratch;

  private static final OptionalLong NONE = OptionalLong.empty();

  @Test
  void readsTheGroupsOfBothVersions() {
    GroupMembership found =
        GroupMembership.parse(
            "4:memory:/a:b\n3:cpu,cpuacct:/\n9:name=systemd:/x\n0::/user.slice/u\n");

    assertEquals(Optional.of("/user.slice/u"), found.unified());
    assertEquals(Map.of(Controller.MEMORY, "/a:b", Controller.CPU, "/"), found.legacy());
  }

  @Test
  void processesAloneNeedNoGroup() {
    GroupLimits limits = new GroupLimits(NONE, NONE, NONE, OptionalLong.of(5), NONE, NONE);

    assertEquals(Set.of(), limits.required());
    assertEquals(Set.of(), limits.wanted());
  }

  @Test
  void aShareOfProcessorsIsAQuotaThatTheKernelTakes() {
    assertEquals(List.of("150000 100000"), cpu(1500, true));
    assertEquals(List.of("1000 100000"), cpu(10, true));
    // less than a millisecond in the usual period
    assertEquals(List.of("1000 1000000"), cpu(1, true));
    assertEquals(List.of("100000", "150000"), cpu(1500, false));
  }

  private static List<String> cpu(long thousandths, boolean unified) {
    GroupLimits limits =
        new GroupLimits(NONE, NONE, OptionalLong.of(thousandths), NONE, NONE, NONE);
    return limits.settings(Controller.CPU, unified).stream().map(Setting::value).toList();
  }

  @Test
  void versionOneCountsMemoryAndSwapTogether() {
    GroupLimits limits =
        new GroupLimits(OptionalLong.of(4096), OptionalLong.of(0), NONE, NONE, NONE, NONE);

    assertEquals(
        List.of("memory.max=4096", "memory.oom.group=1", "memory.swap.max=0"),
        written(limits, true));
    assertEquals(
        List.of("memory.limit_in_bytes=4096", "memory.memsw.limit_in_bytes=4096"),
        written(limits, false));
  }

  private static List<String> written(GroupLimits limits, boolean unified) {
    return limits.settings(Controller.MEMORY, unified).stream()
        .map(setting -> setting.file() + "=" + setting.value())
        .toList();
  }

  @Test
  void aPlaceThatIsFoundMayBeUsedAndOneThatIsNotIsExplained() {
    Set<Controller> wanted = Set.of(Controller.MEMORY, Controller.PIDS);
    ControlGroupPlace place = ControlGroups.find(wanted, false, ControlGroups.Search.SLICES_TOO);

    for (Controller controller : wanted) {
      place
          .parent(controller)
          .ifPresentOrElse(
              parent -> assertTrue(HostFiles.mayWrite(parent.resolve("cgroup.procs"))),
              () -> assertTrue(!place.lack().isEmpty() && !place.remedy().isEmpty()));
    }
  }

  @Test
  void oneGroupHoldsAllControllersOfVersionTwo() throws IOException {
    PlannedCalls calls =
        new PlannedPolicy(scratch)
            .in(UNIFIED)
            .calls("\"limits\": {\"memory\": \"1MiB\", \"cpus\": 0.5, \"pids\": 9}");

    assertEquals(1, calls.to("enter the control group", Syscall.WRITE).size());
    assertEquals(
        List.of("\"+memory +cpu +pids\""),
        calls.to("turn on controllers").stream()
            .filter(call -> call.syscall() == Syscall.WRITE)
            .map(call -> call.text(1))
            .toList());
  }

  @Test
  void whatNoGroupLimitsIsRefusedOrSaid() throws IOException {
    ControlGroupPlace none = ControlGroupPlace.none("there are none", "Mount them");
    for (String[] each :
        new String[][] {
          {"\"memory\": \"1MiB\"", "memory"}, {"\"swap\": 0", "swap"}, {"\"cpus\": 0.5", "cpu"}
        }) {
      String limits = "\"limits\": {" + each[0] + "}";
      PlanRefusal refusal =
          assertThrows(PlanRefusal.class, () -> new PlannedPolicy(scratch).in(none).plan(limits));
      assertTrue(String.valueOf(refusal.getMessage()).contains("or list " + each[1] + "-limit"));
      assertTrue(refusal.why().endsWith("needs a control group, and there are none"));
      LaunchPlan plan = new PlannedPolicy(scratch, each[1] + "-limit").in(none).plan(limits);
      assertTrue(plan.notes().contains("not enforced: " + refusal.why()), plan.notes()::toString);
    }
  }

  @Test
  void whereThereIsOneControllerTheOthersAreStillRefused() {
    ControlGroupPlace memory =
        new ControlGroupPlace(
            ControlGroupPlace.Kind.UNIFIED,
            Map.of(Controller.MEMORY, PARENT),
            Optional.of(PARENT),
            false,
            "no cpu",
            "Ask");
    String limits = "\"limits\": {\"memory\": \"1MiB\", \"cpus\": 0.5}";
    PlanRefusal refusal =
        assertThrows(PlanRefusal.class, () -> new PlannedPolicy(scratch).in(memory).plan(limits));
    assertEquals("limits.cpus needs a control group, and no cpu", refusal.why());
  }
}

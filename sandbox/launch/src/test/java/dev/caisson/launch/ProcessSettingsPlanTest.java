package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.launch.PlannedCalls.PlannedCall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the steps of a policy's settings are, and that there are none where it sets nothing. */
class ProcessSettingsPlanTest {
  @TempDir private Path scratch;

  private PlannedCalls calls(String members) throws IOException {
    return new PlannedPolicy(scratch).as(1000, 1000).calls(members);
  }

  private void assertNotIn(String members, String what) throws IOException {
    assertEquals(List.of(), calls(members).to(what));
  }

  @Test
  void withoutThemThereIsNoStepMore() throws IOException {
    for (String what :
        List.of(
            "limit output to 10 bytes",
            "read the secret a",
            "create a time namespace",
            "set groups",
            "map a range of user ids",
            "mount a tmpfs on /run/secrets")) {
      assertNotIn("", what);
    }
    assertNotIn("\"namespaces\": {\"cgroup\": false}", "create a cgroup namespace");
    assertNotIn("\"namespaces\": {\"hostname\": false}", "set the host name");
    assertNotIn("\"namespaces\": {\"ipc\": false}", "mount /dev/mqueue");
    assertNotIn("\"process\": {\"sessionKeyring\": false}", "start a session keyring");
  }

  @Test
  void clocksAreSetBeforeThePayloadsProcessIsForked() throws IOException {
    PlannedCalls calls = calls("\"namespaces\": {\"time\": {\"monotonic\": \"-1500ms\"}}");
    List<PlannedCall> write =
        calls.all(
            Role.INIT, Syscall.WRITE, call -> call.text(1).startsWith("\"monotonic -2 500000000"));
    assertEquals(1, write.size());
    calls.assertBefore("clocks", write, calls.to("start the payload's process"));
    calls.assertFatal("clocks", write, calls.to("start the payload's process"));
  }

  @Test
  void secretsAreOpenBeforeTheSandboxAndReadOnlyBeforeThePayload() throws IOException {
    PlannedCalls calls = calls("\"secrets\": {\"a\": {\"file\": \"/b\"}, \"c\": {\"fd\": 7}}");
    List<PlannedCall> start = calls.to("create the sandbox's namespaces");
    calls.assertBefore("secrets", calls.to("read the secret a"), start);
    calls.assertBefore("secrets", calls.to("read the secret c"), start);
    List<PlannedCall> sealed = calls.to("make /run/secrets read-only");
    calls.assertBefore("secrets", sealed, calls.to("show the view"));
    calls.assertFatal("secrets", sealed, calls.to("show the view"));
    PlanRefusal refusal =
        assertThrows(
            PlanRefusal.class,
            () ->
                new PlannedPolicy(scratch)
                    .mode(LaunchRequest.Mode.SPAWNED)
                    .plan("\"secrets\": {\"c\": {\"fd\": 7}}"));
    assertTrue(refusal.why().contains("no descriptors by number"));
  }

  @Test
  void aPayloadOfRootsChangesItsIdsBeforeItsCapabilitiesGo() throws IOException {
    PlannedCalls calls =
        new PlannedPolicy(scratch).as(0, 0).calls("\"process\": {\"user\": \"33:34\"}");
    List<PlannedCall> user = calls.to("become the user 33");
    List<PlannedCall> drop = calls.all(Role.PAYLOAD, Syscall.CAPSET);
    calls.assertBefore("group first", calls.to("become the group 34"), user);
    calls.assertBefore("ids before capabilities", user, drop);
    calls.assertBefore("secure bits first", calls.to("lock the secure bits"), user);
    calls.assertFatal("ids", user, calls.all(Role.PAYLOAD, Syscall.EXECVE));
  }

  @Test
  void groupsAreRefusedWhereOneIdIsMapped() {
    PlanRefusal refusal =
        assertThrows(
            PlanRefusal.class,
            () -> calls("\"process\": {\"groups\": [10]}, \"namespaces\": {\"user\": \"single\"}"));
    assertTrue(refusal.why().contains("lets no one set groups"));
  }
}

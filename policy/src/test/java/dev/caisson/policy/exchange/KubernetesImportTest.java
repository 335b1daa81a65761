package dev.caisson.policy.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesImportTest {
  private static final String POD =
      """
      {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-1"}, "spec": {
        "securityContext": {"runAsUser": 1000, "runAsNonRoot": true, "supplementalGroups": [7]},
        "activeDeadlineSeconds": 90,
        "containers": [{
          "name": "web", "image": "nginx", "workingDir": "/srv",
          "env": [{"name": "A", "value": "${b}"}],
          "securityContext": {
            "runAsGroup": 1001, "readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
            "seccompProfile": {"type": "RuntimeDefault"}},
          "resources": {"limits": {"memory": "1.5Gi", "cpu": "1500m"}, "requests": {"cpu": 1}},
          "ports": [{"containerPort": 80, "hostPort": 8080, "hostIP": "127.0.0.1"},
                    {"containerPort": 81}],
          "volumeMounts": [
            {"name": "tmp", "mountPath": "/tmp"},
            {"name": "data", "mountPath": "/data", "readOnly": true, "subPath": "a"}]}],
        "volumes": [
          {"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
          {"name": "data", "hostPath": {"path": "/srv/data", "type": "Directory"}},
          {"name": "unused", "secret": {"secretName": "x"}}]}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          name | "web"
          root | "read-only"
          capabilities keep | []
          seccomp profile | "default"
          process user | "1000:1001"
          process groups | [7]
          process cwd | "/srv"
          process hostname | "web-1"
          environment set A | "$${b}"
          limits memory | "1536MiB"
          limits swap | 0
          limits cpus | 1.5
          limits wallClock | "90s"
          network publish | [{"host":"127.0.0.1:8080","inside":80,"protocol":"tcp"}]
          filesystem /tmp | {"tmpfs":"64MiB","mode":"777"}
          filesystem /data | {"bind":"/srv/data/a","access":"ro"}
          """)
  void aPodBecomesAPolicy(String path, String value) {
    assertEquals(value, Imports.at(Imports.kubernetes(POD), path));
  }

  @Test
  void whatAPodNeedsNoWordForIsNoted() {
    Imported imported = Imports.kubernetes(POD);
    assertEquals(0, imported.changes(), () -> Imports.said(imported).toString());
    assertTrue(
        Imports.said(imported)
            .contains(
                "pod.json:5:29: $.spec.containers[0].image: note: belongs on the command line of"
                    + " caisson run"),
        () -> Imports.said(imported).toString());
  }

  /** Members of a container, or of the pod where they begin with a + sign. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "securityContext": {"privileged": true} | $.spec.containers[0].securityContext.privileged: not allowed here: all capabilities, all devices, no seccomp profile; name the capabilities instead
          "securityContext": {"allowPrivilegeEscalation": true} | $.spec.containers[0].securityContext.allowPrivilegeEscalation: not allowed here: no program gains privileges by setuid bits or file capabilities
          "securityContext": {"procMount": "Unmasked"} | $.spec.containers[0].securityContext.procMount: not allowed here: a /proc in which nothing is masked
          "securityContext": {"seccompProfile": {"type": "Unconfined"}} | $.spec.containers[0].securityContext.seccompProfile.type: not allowed here: no seccomp profile; the default one holds
          "securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "a"}} | $.spec.containers[0].securityContext.seccompProfile.type: not enforced here: a profile of the node's; import it as oci-seccomp and put it into seccomp.profile. Until then the default one holds
          "securityContext": {"seLinuxOptions": {}} | $.spec.containers[0].securityContext.seLinuxOptions: not enforced here: an SELinux label
          "securityContext": {"runAsNonRoot": true} | $.spec.containers[0]: not enforced here: runAsNonRoot, where the image decides on the user: say runAsUser too
          "volumeDevices": [{}] | $.spec.containers[0].volumeDevices[0]: not allowed here: a device of the host
          "envFrom": [{}] | $.spec.containers[0].envFrom: not allowed here: variables that only the cluster knows
          "env": [{"name": "A", "valueFrom": {}}] | $.spec.containers[0].env[0]: not allowed here: A, whose value only the cluster knows
          "resources": {"limits": {"nvidia.com/gpu": 1}} | $.spec.containers[0].resources.limits.nvidia.com/gpu: not allowed here: a resource of the node
          "resources": {"limits": {"ephemeral-storage": "1G"}} | $.spec.containers[0].resources.limits.ephemeral-storage: not enforced here: a limit of files outside of memory
          + "hostPID": true | $.spec.hostPID: not allowed here: the host's processes
          + "hostIPC": true | $.spec.hostIPC: not allowed here: the host's IPC objects
          + "runtimeClassName": "gvisor" | $.spec.runtimeClassName: not enforced here: another runtime's isolation
          + "securityContext": {"sysctls": [{}]} | $.spec.securityContext.sysctls[0]: not allowed here: a parameter of the kernel
          + "securityContext": {"appArmorProfile": {"type": "Localhost"}} | $.spec.securityContext.appArmorProfile.type: not enforced here: no AppArmor profile; Landlock rules are added
          """)
  void whatChangesRightsIsNamed(String members, String said) {
    Imported imported = Imports.kubernetes(pod(members));
    List<String> changes =
        imported.leftOut().stream().filter(LeftOut::changesRights).map(LeftOut::toString).toList();
    assertEquals(1, changes.size(), changes::toString);
    assertTrue(changes.get(0).endsWith(": " + said), changes::toString);
    assertTrue(changes.get(0).startsWith("pod.json:1:"), changes::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"hostPath": {"path": "/var/run/docker.sock"}} | hostPath: not allowed here: a bind of a socket, which lets the sandbox command a daemon
          {"hostPath": {"path": "/etc/kubernetes", "type": "Socket"}} | hostPath: not allowed here: a socket or device of the host
          {"hostPath": {"path": "/"}} | hostPath: not allowed here: a bind of the whole host
          {"configMap": {}} | configMap: not allowed here: what only the cluster knows; the field secrets, or a bind, can take its place
          {"nfs": {}} | nfs: not allowed here: a volume that is no directory of the host
          """)
  void aVolumeThatIsNotTakenOverIsNamed(String volume, String said) {
    String named = "{\"name\": \"v\", " + volume.substring(1);
    Imported imported =
        Imports.kubernetes(
            pod("\"volumeMounts\": [{\"name\": \"v\", \"mountPath\": \"/v\"}]")
                .replace("\"spec\": {", "\"spec\": {\"volumes\": [" + named + "], "));
    assertEquals(1, imported.changes(), () -> Imports.said(imported).toString());
    assertTrue(
        Imports.said(imported).stream().anyMatch(line -> line.endsWith(said)),
        () -> Imports.said(imported).toString());
    assertEquals("absent", Imports.at(imported, "filesystem"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "securityContext": {"runAsUsr": 0} | $.spec.containers[0].securityContext.runAsUsr: no such key; did you mean runAsUser?
          "securityContext": {"runAsUser": -1} | $.spec.containers[0].securityContext.runAsUser: expected a whole number from 0 to 4294967294, found -1
          "securityContext": {"runAsUser": 0, "runAsNonRoot": true} | $.spec.containers[0]: runAsUser is 0, and runAsNonRoot is true
          "securityContext": {"capabilities": {"add": ["SYS_ADMN"]}} | $.spec.containers[0].securityContext.capabilities.add[0]: no capability is called SYS_ADMN; did you mean SYS_ADMIN?
          "securityContext": {"privileged": "yes"} | $.spec.containers[0].securityContext.privileged: expected true or false, found a string
          "resources": {"limits": {"memory": "lots"}} | $.spec.containers[0].resources.limits.memory: expected an amount above 0, as "512Mi"
          "volumeMounts": [{"name": "v", "mountPath": "/v"}] | $.spec.containers[0].volumeMounts[0]: expected a mountPath, and a name that volumes has
          "privileged": true | $.spec.containers[0].privileged: no such key
          + "hostPid": true | $.spec.hostPid: no such key; did you mean hostPID?
          """)
  void whatIsUnknownIsAMistake(String members, String said) {
    List<String> mistakes = Imports.mistakes(() -> Imports.kubernetes(pod(members)));
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.get(0).startsWith("pod.json:1:"), mistakes::toString);
    assertTrue(mistakes.get(0).endsWith(": " + said), mistakes::toString);
  }

  @Test
  void anEmptyDirThatIsReadOnlyIsNamed() {
    String mount = "{\"name\": \"tmp\", \"mountPath\": \"/tmp\"";
    assertTrue(POD.contains(mount));
    Imported imported = Imports.kubernetes(POD.replace(mount, mount + ", \"readOnly\": true"));
    assertEquals(1, imported.changes(), () -> Imports.said(imported).toString());
    assertTrue(
        Imports.said(imported).stream()
            .anyMatch(
                line ->
                    line.endsWith(
                        ".volumeMounts[0].readOnly: not enforced here: an emptyDir that is"
                            + " read-only")),
        () -> Imports.said(imported).toString());
  }

  @Test
  void aSecurityContextStandsAlone() {
    Imported imported =
        Imports.kubernetes(
            "{\"runAsUser\": 33, \"readOnlyRootFilesystem\": true, \"fsGroup\": 9,"
                + " \"capabilities\": {\"drop\": [\"ALL\"]}}");
    assertEquals("\"33:0\"", Imports.at(imported, "process user"));
    assertEquals("[9]", Imports.at(imported, "process groups"));
    assertEquals("\"read-only\"", Imports.at(imported, "root"));
    assertEquals(0, imported.changes());
  }

  @Test
  void oneOfSeveralContainersIsNamed() {
    String two =
        "{\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"name\": \"a\"}, {\"name\": \"b\","
            + " \"workingDir\": \"/b\"}]}}";
    assertEquals(
        List.of("--container: the pod has several: name one of a, b"),
        Imports.mistakes(() -> Imports.kubernetes(two)));
    assertEquals(
        List.of("--container: no container is called c"),
        Imports.mistakes(() -> Imports.kubernetes(two, Optional.of("c"))));
    assertEquals("\"/b\"", Imports.at(Imports.kubernetes(two, Optional.of("b")), "process cwd"));
  }

  @Test
  void capabilitiesThatAreDroppedByNameStayDropped() {
    String added =
        "\"securityContext\": {\"capabilities\": {\"add\": [\"ALL\"], \"drop\": [\"SYS_ADMIN\"]}}";
    String kept = Imports.at(Imports.kubernetes(pod(added)), "capabilities keep");
    assertEquals(40, kept.split(",", -1).length, kept);
    assertFalse(kept.contains("SYS_ADMIN"), kept);
  }

  @Provide
  Arbitrary<String> scraps() {
    return Arbitraries.of("", "\"", "{", "]", ",", "null", "7", "-1", "[]", "{}", "\"x\"", "true");
  }

  @Property(tries = 1000)
  void noDocumentBreaksIt(
      @ForAll("scraps") String scrap,
      @ForAll @IntRange(max = 2000) int place,
      @ForAll @IntRange(max = 9) int removed) {
    int at = place % POD.length();
    String text =
        POD.substring(0, at) + scrap + POD.substring(Math.min(POD.length(), at + removed));
    try {
      assertTrue(Imports.kubernetes(text).policy().get("extends").isPresent());
    } catch (ExchangeRefusal refusal) {
      assertFalse(refusal.mistakes().isEmpty());
    }
  }

  private static String pod(String members) {
    boolean ofPod = members.startsWith("+");
    return "{\"kind\": \"Pod\", \"spec\": {"
        + (ofPod ? members.substring(1) + ", " : "")
        + "\"containers\": [{\"name\": \"a\""
        + (ofPod ? "" : ", " + members)
        + "}]}}";
  }
}

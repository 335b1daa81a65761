package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.launch.Doctor.Finding;
import dev.caisson.launch.Doctor.State;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor makes of the files of hosts of other kinds. */
class SurroundingsFindingsTest {
  private static Finding finding(String name, Map<String, String> files) {
    return new SurroundingsFindings(path -> Optional.ofNullable(files.get(path)))
        .all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /.dockerenv | '' | Docker
          /run/.containerenv | '' | Podman
          /var/run/secrets/kubernetes.io/serviceaccount/namespace | default | Kubernetes
          /run/systemd/container | lxc | lxc
          /proc/version | Linux version 4.4.0 (gVisor) | gVisor
          /proc/sys/kernel/osrelease | 5.15.90.1-microsoft-standard-WSL2 | WSL
          """)
  void containersAreNamed(String path, String text, String name) {
    Finding found = finding("outer container", Map.of(path, text));
    assertEquals(State.NOTE, found.state());
    assertTrue(found.detail().endsWith(name), found::toString);
    assertFalse(found.prevents());
  }

  @Test
  void aPlainHostIsNone() {
    assertEquals(State.OK, finding("outer container", Map.of("/proc/version", "Linux")).state());
  }

  @Test
  void selinuxIsNamedWhereItEnforces() {
    String enforce = "/sys/fs/selinux/enforce";
    assertEquals(State.NOTE, finding("security modules", Map.of(enforce, "1")).state());
    assertEquals(State.OK, finding("security modules", Map.of(enforce, "0")).state());
    assertEquals(
        "lockdown, landlock, apparmor",
        finding(
                "security modules",
                Map.of("/sys/kernel/security/lsm", "lockdown,landlock,apparmor"))
            .detail());
  }

  @Test
  void fewOpenFilesPreventASandbox() {
    String limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max open files            64                   %s                  files
        """;
    String path = "/proc/self/limits";
    assertTrue(finding("open files", Map.of(path, limits.formatted("100"))).prevents());
    assertFalse(finding("open files", Map.of(path, limits.formatted("1024"))).prevents());
    assertEquals(
        "no limit", finding("open files", Map.of(path, limits.formatted("unlimited"))).detail());
  }

  @Test
  void withoutNotificationLearningIsNamed() {
    String path = "/proc/sys/kernel/seccomp/actions_avail";
    Finding old =
        finding("seccomp notification", Map.of(path, "kill_thread trap errno trace log allow\n"));
    assertTrue(old.remedy().contains("policy learn"), old::toString);
    assertEquals(
        State.OK, finding("seccomp notification", Map.of(path, "kill user_notif allow\n")).state());
  }
}

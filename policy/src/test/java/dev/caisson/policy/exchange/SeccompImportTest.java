package dev.caisson.policy.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Policies;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeccompImportTest {
  private static final String PROFILE =
      "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"archMap\": [], \"flags\": [], \"syscalls\":"
          + " [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}]}";

  @Test
  void aProfileBecomesAPolicyOfNothingElse() {
    Imported imported = oci(PROFILE, Optional.empty());
    assertEquals(0, imported.changes());
    assertEquals(PROFILE.replace(" ", ""), Imports.at(imported, "seccomp profile"));
    assertEquals("absent", Imports.at(imported, "extends"));
  }

  @Test
  void theReleaseIsGivenAndNeverGuessed() {
    assertEquals(
        "\"6.12\"", Imports.at(oci(PROFILE, Optional.of("6.12")), "seccomp profile knownThrough"));
    Imported imported = oci(PROFILE, Optional.empty());
    assertEquals("absent", Imports.at(imported, "seccomp profile knownThrough"));
    assertTrue(
        Imports.said(imported).stream().anyMatch(line -> line.contains("--known-through")),
        () -> Imports.said(imported).toString());
    assertTrue(
        Imports.mistakes(() -> oci(PROFILE, Optional.of("new")))
            .get(0)
            .contains("a kernel release"));
  }

  @Test
  void aNameOfAnErrnoIsPodmans() {
    String podman = PROFILE.replace("\"archMap\"", "\"defaultErrno\": \"ENOSYS\", \"archMap\"");
    assertEquals(
        List.of("p.json:1:37: $.defaultErrno: only Podman's files have it: use podman-seccomp"),
        Imports.mistakes(() -> oci(podman, Optional.empty())));
    Imported imported =
        PolicyImport.podmanSeccomp("p.json", bytes(podman), Optional.empty(), Policies.HOST);
    assertEquals("\"ENOSYS\"", Imports.at(imported, "seccomp profile defaultErrno"));
  }

  @Test
  void everyMistakeIsSaidAtOnce() {
    String wrong =
        "{\"defaultAction\": \"ALLOW\", \"syscals\": [], \"syscalls\": [{\"names\": [\"opne\"],"
            + " \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{\"index\": 6, \"op\": \"SCMP_CMP_EQ\","
            + " \"value\": 18446744073709551616}]}]}";
    List<String> mistakes = Imports.mistakes(() -> oci(wrong, Optional.empty()));
    assertEquals(5, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.get(0).startsWith("p.json:1:"), mistakes::toString);
  }

  @Test
  void whatIsNoJsonIsRefused() {
    for (String text : List.of("", "{", "[]", "7", "\"x\"", "{\"a\": 1, \"a\": 2}")) {
      Imports.mistakes(() -> oci(text, Optional.empty()));
    }
  }

  private static Imported oci(String text, Optional<String> knownThrough) {
    return PolicyImport.ociSeccomp("p.json", bytes(text), knownThrough, Policies.HOST);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

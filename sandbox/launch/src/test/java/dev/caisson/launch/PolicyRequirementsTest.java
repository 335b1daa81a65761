package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyRequirementsTest {
  @TempDir private Path scratch;
  private final HostFacts host = HostProbe.probe();
  private final List<String> notes = new ArrayList<>();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "landlock": {"abi": 1000}    | landlock     | Landlock
          """)
  void whatThePolicyCanDoWithoutIsLeftOutAndSaid(String members, String protection, String what)
      throws IOException {
    PlanRefusal refusal = assertThrows(PlanRefusal.class, () -> check(policy(members)));
    assertTrue(refusal.why().contains(what), refusal::getMessage);
    check(policy(members + ", \"bestEffort\": [\"" + protection + "\"]"));
    assertEquals(List.of("not enforced: " + refusal.why()), notes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"text\": \"x\"}", "{\"copy\": \"/etc/hosts\"}", "{\"link\": \"x\"}"})
  void nothingIsWrittenToTheHostByWhatAPolicyPlaces(String placement) throws IOException {
    String bind = "\"filesystem\": {\"/a\": {\"bind\": \"/srv\", \"access\": \"%s\"}, \"/a/x\": ";
    PlanRefusal refusal =
        assertThrows(
            PlanRefusal.class, () -> check(policy(bind.formatted("rw") + placement + "}")));
    assertTrue(refusal.why().contains("/a/x would be written to the host"), refusal::getMessage);
    check(policy(bind.formatted("overlay") + placement + "}"));
  }

  @Test
  void aLinkThatWasNotThereIsNotFollowed() throws IOException {
    Path real = Files.createDirectory(scratch.toRealPath().resolve("real"));
    Path link = Files.createSymbolicLink(real.resolveSibling("link"), real);
    UnixPath straight = UnixPath.of(real.toString());
    assertEquals(straight, HostPath.findWithoutLinks("bind", straight).orElseThrow().real());
    assertThrows(
        PlanRefusal.class, () -> HostPath.findWithoutLinks("bind", UnixPath.of(link.toString())));
  }

  @Test
  void whatALaunchEnforcesPasses() throws IOException {
    check(policy("\"bestEffort\": [\"landlock\"]"));
  }

  private void check(EffectivePolicy policy) {
    new PolicyRequirements(policy, host, notes).check();
  }

  private EffectivePolicy policy(String members) throws IOException {
    Path file = scratch.resolve("p.json");
    Files.writeString(file, "{\"apiVersion\": \"caisson/1\", " + members + "}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return PolicyLoader.load(UnixPath.of(file.toString()), host.uid(), new HostPolicyFiles())
        .resolve(View.IMAGE, host);
  }
}

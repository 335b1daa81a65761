package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.launch.HostProbe;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.PolicyRefusal;
import dev.caisson.policy.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CeilingsTest {
  @TempDir private Path home;
  private HostFacts host = HostProbe.probe();

  @BeforeEach
  void host() {
    host =
        new HostFacts(
            host.architecture(),
            host.kernel(),
            host.landlockAbi(),
            host.tmpfsUserXattrs(),
            host.today(),
            host.uid(),
            host.gid(),
            host.supplementaryGroups(),
            host.user(),
            UnixPath.of(home.toString()),
            host.currentDirectory(),
            host.environment(),
            host.rootLinks());
  }

  @Test
  void theUsersOwnCeilingHoldsWithoutAFlag() throws IOException {
    ceiling("{\"apiVersion\": \"caisson/1\", \"limits\": {\"openFiles\": 5}}");
    EngineRefusal refusal =
        assertThrows(EngineRefusal.class, () -> check(untrusted(), Adjustments.NONE));
    assertTrue(refusal.why().contains("limits.openFiles is 4096, not 5"), refusal::getMessage);
    assertTrue(refusal.attempted().contains(".config/caisson/ceiling.json"), refusal::getMessage);
  }

  @Test
  void withoutACeilingNothingIsBounded() {
    check(untrusted(), Adjustments.NONE);
  }

  @Test
  void variablesThatFlagsPassAreBounded() throws IOException {
    ceiling(
        "{\"apiVersion\": \"caisson/1\", \"environment\": {\"pass\": [\"LC_*\", \"PATH\","
            + " \"LANG\", \"TERM\", \"TZ\", \"NO_COLOR\"]}}");
    check(untrusted(), Adjustments.NONE);
    EngineRefusal one = assertThrows(EngineRefusal.class, () -> check(untrusted(), passing(false)));
    assertEquals("environment passes TOKEN", one.why());
    EngineRefusal all = assertThrows(EngineRefusal.class, () -> check(untrusted(), passing(true)));
    assertTrue(all.why().contains("environment passes *"), all::getMessage);
  }

  @Test
  void aCeilingThatOthersCouldHaveWrittenRefuses() throws IOException {
    Path file = ceiling("{\"apiVersion\": \"caisson/1\"}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThrows(PolicyRefusal.class, () -> check(untrusted(), Adjustments.NONE));
  }

  @Test
  void aLinkDoesNotPassForWhatItLeadsTo() throws IOException {
    Path shown = Files.createDirectory(home.resolve("shown"));
    Path hidden = Files.createDirectory(home.resolve("hidden"));
    Files.createSymbolicLink(shown.resolve("link"), hidden);
    ceiling(showing(shown));
    check(policy(showing(shown)), Adjustments.NONE);
    EngineRefusal refusal =
        assertThrows(
            EngineRefusal.class,
            () -> check(policy(showing(shown.resolve("link"))), Adjustments.NONE));
    assertTrue(
        refusal.why().contains("shows the host's " + hidden.toRealPath()), refusal::getMessage);
  }

  private static Adjustments passing(boolean all) {
    return new Adjustments(
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(new Adjustments.Variable("TOKEN", Optional.empty())),
        all,
        NetworkFlags.NONE,
        LimitFlags.NONE,
        IdentityFlags.NONE,
        Optional.empty(),
        Optional.empty(),
        false,
        List.of());
  }

  private static String showing(Path source) {
    return "{\"apiVersion\": \"caisson/1\", \"filesystem\": {\"/a\": {\"bind\": \""
        + source
        + "\"}}}";
  }

  private Path ceiling(String content) throws IOException {
    Path directory = Files.createDirectories(home.resolve(".config/caisson"));
    return write(directory.resolve("ceiling.json"), content);
  }

  private static Path write(Path file, String content) throws IOException {
    Files.writeString(file, content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private EffectivePolicy untrusted() {
    return load(UnixPath.of("untrusted"));
  }

  private EffectivePolicy policy(String content) throws IOException {
    return load(UnixPath.of(write(home.resolve("p.json"), content).toString()));
  }

  private EffectivePolicy load(UnixPath name) {
    return PolicyLoader.load(name, host.uid(), new HostPolicyFiles()).resolve(View.WRAP, host);
  }

  private void check(EffectivePolicy policy, Adjustments flags) {
    Ceilings.of(host, List.of()).check(policy, flags);
  }
}

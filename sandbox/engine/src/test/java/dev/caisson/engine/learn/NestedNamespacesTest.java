package dev.caisson.engine.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.launch.HostProbe;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.Resolution;
import dev.caisson.policy.StatedValue;
import dev.caisson.policy.View;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy that lets programs make user namespaces. */
class NestedNamespacesTest {
  @TempDir private Path scratch;
  private final HostFacts host = HostProbe.probe();

  @Test
  void theyAreNeverLearned() throws IOException {
    JsonObject base = (JsonObject) StatedValue.document(resolution("true").values());
    JsonObject namespaces = (JsonObject) base.get("namespaces").orElseThrow();
    assertEquals("true", JsonText.line(namespaces.get("nestedUser").orElseThrow()));
    assertEquals(
        JsonText.line(JsonText.with(namespaces, "nestedUser", JsonText.flag(false))),
        JsonText.line(LearnedDocument.withoutNested(namespaces)));
  }

  @Test
  void theReportSaysSo() throws IOException {
    assertEquals(
        List.of(
            "never learned: namespaces.nestedUser: the policy p lets programs make user"
                + " namespaces; write it by hand"),
        reported("true"));
    assertEquals(List.of(), reported("false"));
  }

  private List<String> reported(String nested) throws IOException {
    EffectivePolicy policy = resolution(nested).policy();
    Abi abi = Abi.of(host.architecture());
    Observation observation =
        new Observation(policy, SyscallTable.of(host.architecture()), abi.auditArch());
    LearnedPlaces places =
        LearnedPlaces.of(observation.paths(), JsonText.object(Map.of()), Optional.empty());
    LearnedNetwork network =
        new LearnedNetwork(observation.network(), policy.network(), JsonText.text("none"));
    LearnedCalls calls = new LearnedCalls(observation.calls(), policy, host);
    return new Report(observation, calls, places, network, policy, abi)
        .lines().stream().filter(line -> line.startsWith("never learned")).toList();
  }

  private Resolution resolution(String nested) throws IOException {
    Path file =
        Files.writeString(
            scratch.resolve("p.json"),
            "{\"apiVersion\": \"caisson/1\", \"name\": \"p\","
                + " \"namespaces\": {\"nestedUser\": "
                + nested
                + "}}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return PolicyLoader.load(UnixPath.of(file.toString()), host.uid(), new HostPolicyFiles())
        .resolution(View.WRAP, host);
  }
}

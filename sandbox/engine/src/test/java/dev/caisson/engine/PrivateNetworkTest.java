package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.launch.HostProbe;
import dev.caisson.policy.Address;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Mount;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names of an egress list, with a DNS of the test's own. */
class PrivateNetworkTest {
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "files.test", List.of("192.0.2.7", "2001:db8::7"),
          "other.test", List.of("192.0.2.8"),
          "rebound.test", List.of("127.0.0.1", "169.254.169.254", "192.0.2.9"));

  @TempDir private Path scratch;
  private final HostFacts host = HostProbe.probe();
  private final List<String> asked = new ArrayList<>();

  @Test
  void namesBecomeTheirAddresses() throws IOException {
    PrivateNetwork.Ready ready =
        connect(
            """
            {"egress": [{"host": "files.test", "port": 443}, {"cidr": "10.0.0.0/8", "port": 22},
              {"host": "other.test", "port": "1-9", "protocol": "udp"},
              {"host": "files.test", "port": 80}]}
            """,
            false);

    assertEquals(
        List.of(
            "192.0.2.7/32:443/tcp",
            "[2001:db8::7/128]:443/tcp",
            "10.0.0.0/8:22/tcp",
            "192.0.2.8/32:1-9/udp",
            "192.0.2.7/32:80/tcp",
            "[2001:db8::7/128]:80/tcp"),
        destinations(ready));
    assertEquals(List.of("files.test", "other.test"), asked, "each once");
    assertEquals(
        Optional.of(
            "127.0.0.1 localhost\n::1 localhost\n192.0.2.7 files.test\n2001:db8::7 files.test\n"
                + "192.0.2.8 other.test\n"),
        text(ready, "/etc/hosts"));
    assertEquals(Optional.empty(), text(ready, "/etc/resolv.conf"), "no name can be asked for");
    assertEquals(List.of(), ready.notes());
  }

  @Test
  void theHostsLinesOfThePolicyStay() throws IOException {
    PrivateNetwork.Ready ready =
        connect(
            "{\"egress\": [{\"host\": \"other.test\"}]},"
                + " \"filesystem\": {\"/etc/hosts\": {\"text\": \"192.0.2.1 own\\n\"}}",
            false);

    assertEquals(Optional.of("192.0.2.1 own\n192.0.2.8 other.test\n"), text(ready, "/etc/hosts"));
  }

  @Test
  void aNameWithoutAnAddressIsSaidAndReachesNothing() throws IOException {
    PrivateNetwork.Ready ready =
        connect("{\"egress\": [{\"host\": \"nowhere.test\", \"port\": 443}]}", false);

    assertEquals(List.of(), destinations(ready));
    assertEquals(
        List.of("nowhere.test has no address now: nothing is reached under that name"),
        ready.notes());
    assertEquals(Optional.empty(), text(ready, "/etc/hosts"));
  }

  @Test
  void aNameIsNotFollowedToWhatIsNeverReached() throws IOException {
    PrivateNetwork.Ready ready =
        connect("{\"egress\": [{\"host\": \"rebound.test\", \"port\": 80}]}", false);

    assertEquals(List.of("192.0.2.9/32:80/tcp"), destinations(ready));
    assertEquals(
        List.of(
            "rebound.test is at 127.0.0.1, which a private network never reaches",
            "rebound.test is at 169.254.169.254, which a private network never reaches"),
        ready.notes());
  }

  @Test
  void aCompiledProgramSaysThatItsAddressesStay() throws IOException {
    String listed = "{\"egress\": [{\"host\": \"other.test\"}]}";

    assertEquals(
        List.of(
            "the addresses of other.test are those of now, for every run of this file; compile it"
                + " again when they change"),
        connect(listed, true).notes());
    assertEquals(List.of(), connect("{\"egress\": [{\"cidr\": \"10.0.0.0/8\"}]}", true).notes());
  }

  @Test
  void whereNamesAreLookedUpTheResolverIsNamed() throws IOException {
    PrivateNetwork.Ready ready = connect("\"private\"", false);

    assertEquals(Optional.of("nameserver 169.254.1.1\n"), text(ready, "/etc/resolv.conf"));
    assertEquals(List.of(), asked);
  }

  @Test
  void otherNetworksChangeNothing() throws IOException {
    EffectivePolicy policy = policy("\"host\"");

    assertEquals(policy, new PrivateNetwork(this::addresses, false).connect(policy).policy());
  }

  private PrivateNetwork.Ready connect(String network, boolean compiled) throws IOException {
    return new PrivateNetwork(this::addresses, compiled).connect(policy(network));
  }

  private List<Address> addresses(String name) {
    asked.add(name);
    return NAMES.getOrDefault(name, List.of()).stream()
        .map(text -> Address.parse(text).orElseThrow())
        .toList();
  }

  private static List<String> destinations(PrivateNetwork.Ready ready) {
    return ready.connection().destinations().stream().map(Object::toString).toList();
  }

  private static Optional<String> text(PrivateNetwork.Ready ready, String path) {
    return ready.policy().filesystem().stream()
        .filter(mount -> mount.target().equals(UnixPath.of(path)))
        .map(mount -> ((Mount.TextFile) mount).text())
        .findFirst();
  }

  private EffectivePolicy policy(String network) throws IOException {
    Path file = scratch.resolve("p.json");
    Files.writeString(file, "{\"apiVersion\": \"caisson/1\", \"network\": " + network + "}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return PolicyLoader.load(UnixPath.of(file.toString()), host.uid(), new HostPolicyFiles())
        .resolve(View.IMAGE, host);
  }
}

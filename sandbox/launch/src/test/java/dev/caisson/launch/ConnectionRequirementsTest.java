package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.policy.Address;
import dev.caisson.policy.Destination;
import dev.caisson.policy.Place.AddressBlock;
import dev.caisson.policy.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A private network that could not be kept is not begun. */
class ConnectionRequirementsTest {
  private static final Optional<UnixPath> PASTA = Optional.of(UnixPath.of("/usr/bin/pasta"));
  private static final String PRIVATE = "\"network\": \"private\"";

  @TempDir private Path scratch;

  @Test
  void withoutPastaNothingStarts() {
    assertRefused(Connection.NONE, PRIVATE, "pasta, which is not installed", "apt install passt");
  }

  @Test
  void aTunnelThatIsClosedIsNamed() {
    Connection closed = new Connection(PASTA, Errno.EACCES.number(), List.of());
    Connection absent = new Connection(PASTA, Errno.ENOENT.number(), List.of());

    assertRefused(closed, PRIVATE, "/dev/net/tun: EACCES", "chmod 666 /dev/net/tun");
    assertRefused(absent, PRIVATE, "/dev/net/tun: ENOENT", "modprobe tun");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CAP_NET_ADMIN", "CAP_NET_RAW"})
  void noProgramHasPowerOverItsFilter(String capability) throws IOException {
    String kept = ", \"capabilities\": {\"keep\": [\"CAP_CHOWN\", \"" + capability + "\"]}";
    Connection works = new Connection(PASTA, 0, List.of());

    assertRefused(works, PRIVATE + kept, "with " + capability, "capabilities.keep");
    plan(works, PRIVATE + ", \"capabilities\": {\"keep\": [\"CAP_CHOWN\"]}");
    plan(works, "\"network\": \"none\"" + kept);
  }

  @Test
  void aMetadataServiceIsNotOnTheList() {
    Address metadata = Address.parse("100.100.100.200").orElseThrow();
    Destination destination = new Destination(new AddressBlock(metadata, 32), 80, 80, Protocol.TCP);
    Connection works = new Connection(PASTA, 0, List.of(destination));

    assertRefused(works, "\"network\": {\"egress\": []}", "is never reached", "off the list");
  }

  @Test
  void aListOfThousandsIsTooLong() {
    Address address = Address.parse("192.0.2.1").orElseThrow();
    Destination destination = new Destination(new AddressBlock(address, 32), 1, 2, Protocol.TCP);
    Connection works = new Connection(PASTA, 0, java.util.Collections.nCopies(2000, destination));

    assertRefused(works, "\"network\": {\"egress\": []}", "2000 rules", "a block of addresses");
  }

  @Test
  void otherNetworksNeedNothingOfIt() throws IOException {
    for (String network : List.of("none", "host")) {
      PlannedCalls calls = new PlannedPolicy(scratch).calls("\"network\": \"" + network + "\"");
      assertEquals(List.of(), calls.all(Role.CONNECTION, Syscall.EXECVE));
    }
  }

  private LaunchPlan plan(Connection connection, String members) throws IOException {
    return new PlannedPolicy(scratch).by(connection).plan(members);
  }

  private void assertRefused(Connection connection, String members, String why, String remedy) {
    PlanRefusal refusal = assertThrows(PlanRefusal.class, () -> plan(connection, members));
    assertTrue(refusal.why().contains(why), refusal::getMessage);
    assertTrue(refusal.remedy().contains(remedy), refusal::remedy);
  }
}

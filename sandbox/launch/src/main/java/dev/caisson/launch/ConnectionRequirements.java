package dev.caisson.launch;

import dev.caisson.policy.Capability;
import dev.caisson.policy.Destination;
import dev.caisson.policy.Network;
import dev.caisson.policy.NeverReached;
import dev.caisson.policy.Place.AddressBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a private network needs: of the policy, that the payload has no power over the filter, and
 * of the host, what pasta(1) works with. Without either nothing is started.
 */
final class ConnectionRequirements {
  /** With these a program changes the filter, or sends packets past it. */
  private static final List<Capability> POWERS = List.of(Capability.NET_ADMIN, Capability.NET_RAW);

  private final LaunchRequest request;

  ConnectionRequirements(LaunchRequest request) {
    this.request = request;
  }

  /**
   * @throws PlanRefusal if the network is private and one of them is missing
   */
  void check() {
    if (!(request.policy().network() instanceof Network.Private)) {
      return;
    }
    checkCapabilities();
    request.connection().destinations().forEach(this::checkDestination);
    if (request.connection().program().isEmpty()) {
      throw refusal(
          "a private network is connected by pasta, which is not installed",
          "As root: apt install passt (dnf install passt), or use --network none");
    }
    int errno = request.connection().tunnelErrno();
    if (errno != 0) {
      throw refusal(
          "a private network needs " + Connection.TUNNEL + ": " + NamespaceObstacle.describe(errno),
          errno == Errno.EACCES.number()
              ? "As root: chmod 666 " + Connection.TUNNEL + ", as udev does on most hosts"
              : "As root: modprobe tun");
    }
  }

  private void checkCapabilities() {
    List<String> kept = new ArrayList<>();
    for (Capability power : POWERS) {
      if (request.policy().capabilities().contains(power)) {
        kept.add(power.fullName());
      }
    }
    if (!kept.isEmpty()) {
      throw refusal(
          "with "
              + String.join(" and ", kept)
              + " the program could change or pass by the filter of its private network",
          "Take it out of capabilities.keep, or use --network none or host");
    }
  }

  private void checkDestination(Destination destination) {
    Optional<AddressBlock> never = NeverReached.of(destination.place());
    if (never.isPresent()) {
      throw refusal(
          destination
              + " is on the egress list, and "
              + never.get().text()
              + " is never reached from a private network",
          "Take it off the list");
    }
  }

  /** Why this host cannot connect a network, and what to do about it. */
  record Obstacle(String cause, String remedy) {}

  static Optional<Obstacle> obstacle(Connection connection) {
    if (connection.program().isEmpty()) {
      return Optional.of(
          new Obstacle(
              "a private network is connected by pasta, which is not installed",
              "As root: apt install passt (dnf install passt), or use --network none"));
    }
    int errno = connection.tunnelErrno();
    if (errno == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Obstacle(
            "a private network needs "
                + Connection.TUNNEL
                + ": "
                + NamespaceObstacle.describe(errno),
            errno == Errno.EACCES.number()
                ? "As root: chmod 666 " + Connection.TUNNEL + ", as udev does on most hosts"
                : "As root: modprobe tun"));
  }

  private PlanRefusal refusal(String why, String remedy) {
    return new PlanRefusal("carry out the policy " + request.policy().name(), why, remedy);
  }
}

package dev.caisson.policy;

import dev.caisson.policy.Network.Host;
import dev.caisson.policy.Network.None;
import dev.caisson.policy.Network.Private;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The order of networks: none, a list, private, the host's. */
final class NetworkOrder {
  private NetworkOrder() {}

  /** What {@code one} reaches and {@code other} does not, in words. */
  static Optional<String> excess(Network one, Network other) {
    if (one instanceof None || other instanceof Host all && all.egress().isEmpty()) {
      return Optional.empty();
    }
    if (other instanceof Host listed) {
      return beyondListed(one, listed.egress().orElseThrow());
    }
    if (one instanceof Host || !(one instanceof Private mine)) {
      return Optional.of("is host, not " + word(other));
    }
    return other instanceof Private theirs ? excess(mine, theirs) : beyondNone(mine);
  }

  /** A list of the host's network lets every port be bound. */
  private static Optional<String> beyondListed(Network one, List<Destination> allowed) {
    if (one instanceof Host mine) {
      return mine.egress().isEmpty()
          ? Optional.of("is all of host, not a list")
          : uncovered(mine.egress().get(), allowed);
    }
    Private mine = (Private) one;
    return excess(
        new Private(mine.egress(), mine.dns(), List.of()),
        new Private(new Egress.Listed(allowed), false, List.of()));
  }

  private static Optional<String> uncovered(List<Destination> mine, List<Destination> allowed) {
    List<String> found =
        mine.stream()
            .filter(destination -> !isCovered(destination, allowed))
            .map(destination -> "reaches " + destination)
            .toList();
    return found.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", found));
  }

  private static String word(Network network) {
    return network instanceof None ? "none" : "private";
  }

  /** A private network that reaches and publishes nothing is none. */
  private static Optional<String> beyondNone(Private mine) {
    return excess(mine, new Private(new Egress.Listed(List.of()), false, List.of()))
        .map(said -> said + ", and there is no network");
  }

  private static Optional<String> excess(Private mine, Private theirs) {
    List<String> found = new ArrayList<>();
    if (theirs.egress() instanceof Egress.Listed allowed) {
      if (mine.egress() instanceof Egress.Listed wanted) {
        uncovered(wanted.destinations(), allowed.destinations()).ifPresent(found::add);
      } else {
        found.add("reaches any host");
      }
    }
    if (mine.dns() && !theirs.dns()) {
      found.add("looks up names");
    }
    mine.published().stream()
        .filter(port -> theirs.published().stream().noneMatch(other -> covers(other, port)))
        .forEach(port -> found.add("publishes " + port));
    return found.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", found));
  }

  /** Whether each of the ports is allowed for a place that holds the wanted one. */
  private static boolean isCovered(Destination wanted, List<Destination> allowed) {
    List<Destination> fitting = new ArrayList<>(allowed);
    fitting.removeIf(d -> d.protocol() != wanted.protocol() || !d.place().covers(wanted.place()));
    fitting.sort(Comparator.comparingInt(Destination::firstPort));
    int next = wanted.firstPort();
    for (Destination destination : fitting) {
      if (destination.firstPort() <= next) {
        next = Math.max(next, destination.lastPort() + 1);
      }
    }
    return next > wanted.lastPort();
  }

  private static boolean covers(PublishedPort theirs, PublishedPort mine) {
    return theirs.hostPort() == mine.hostPort()
        && theirs.insidePort() == mine.insidePort()
        && theirs.protocol() == mine.protocol()
        && (theirs.hostAddress().isEmpty() || theirs.hostAddress().equals(mine.hostAddress()));
  }
}

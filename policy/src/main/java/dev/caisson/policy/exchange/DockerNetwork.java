package dev.caisson.policy.exchange;

import dev.caisson.policy.exchange.DockerFlags.Given;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** {@code --network} and {@code -p}. */
final class DockerNetwork {
  private static final int MOST_PORT = 65535;

  /** More ports than this in one range are a mistake rather than a wish. */
  private static final int MOST_PUBLISHED = 1024;

  private final Report report;
  private final ContainerDraft draft;
  private final List<Given> published = new ArrayList<>();
  private String mode = "private";

  DockerNetwork(Report report, ContainerDraft draft) {
    this.report = report;
    this.draft = draft;
  }

  void mode(Given flag) {
    switch (flag.value()) {
      case "none", "host" -> mode = flag.value();
      case "bridge", "default", "private", "slirp4netns", "pasta" -> mode = "private";
      default -> {
        mode = "none";
        report.add(
            Kind.NOT_ALLOWED,
            flag.place(),
            "the network " + flag.value() + " of the engine's; there is none then");
      }
    }
  }

  void publish(Given flag) {
    published.add(flag);
  }

  /** What the flags say together: without a network of its own nothing is published. */
  void finish() {
    draft.network(mode);
    for (Given flag : published) {
      if (mode.equals("private")) {
        port(flag);
      } else {
        report.add(Kind.NOTE, flag.place(), "has no effect with the network " + mode);
      }
    }
  }

  /** [[ADDRESS:]HOST:]INSIDE[/PROTOCOL], each port perhaps a range. */
  private void port(Given flag) {
    String text = flag.value();
    int slash = text.indexOf('/');
    String protocol = slash < 0 ? "tcp" : text.substring(slash + 1);
    String ports = slash < 0 ? text : text.substring(0, slash);
    int last = ports.lastIndexOf(':');
    if (!List.of("tcp", "udp").contains(protocol)) {
      report.add(Kind.NOT_ALLOWED, flag.place(), "a port of " + protocol);
      return;
    }
    if (last < 0 || last == 0 || ports.charAt(last - 1) == ':') {
      report.add(Kind.NOT_ALLOWED, flag.place(), "a port of the host's choice; write HOST:" + text);
      return;
    }
    String before = ports.substring(0, last);
    int middle = before.lastIndexOf(':');
    String address = before.substring(0, middle + 1);
    OptionalLong[] host = range(before.substring(middle + 1));
    OptionalLong[] inside = range(ports.substring(last + 1));
    boolean sound =
        host[1].isPresent()
            && inside[1].isPresent()
            && host[1].getAsLong() - host[0].getAsLong()
                == inside[1].getAsLong() - inside[0].getAsLong()
            && host[1].getAsLong() - host[0].getAsLong() < MOST_PUBLISHED;
    if (!sound) {
      report.mistake(flag.place(), "expected ports as 127.0.0.1:8080:80/tcp, found " + text);
      return;
    }
    for (long i = 0; i <= host[1].getAsLong() - host[0].getAsLong(); i++) {
      draft.publish(
          address, (int) (host[0].getAsLong() + i), (int) (inside[0].getAsLong() + i), protocol);
    }
  }

  /** First and last; the last is empty where it is no range of ports. */
  private static OptionalLong[] range(String text) {
    int dash = text.indexOf('-');
    OptionalLong first = DockerImport.number(dash < 0 ? text : text.substring(0, dash));
    OptionalLong last = dash < 0 ? first : DockerImport.number(text.substring(dash + 1));
    boolean sound =
        first.isPresent()
            && last.isPresent()
            && first.getAsLong() > 0
            && first.getAsLong() <= last.getAsLong()
            && last.getAsLong() <= MOST_PORT;
    return new OptionalLong[] {first, sound ? last : OptionalLong.empty()};
  }
}

package dev.caisson.policy;

import java.util.List;

/** What a private network may reach. */
public sealed interface Egress permits Egress.Anywhere, Egress.Listed {
  /** Whatever the caller reaches, but the host itself. */
  record Anywhere() implements Egress {}

  /** These destinations and nothing else; none where the list is empty. */
  record Listed(List<Destination> destinations) implements Egress {
    public Listed {
      destinations = List.copyOf(destinations);
    }
  }
}

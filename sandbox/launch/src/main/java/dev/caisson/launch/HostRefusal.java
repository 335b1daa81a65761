package dev.caisson.launch;

import dev.caisson.Refusal;

/** The host is not in a state that Caisson can work in. */
public final class HostRefusal extends Refusal {
  public HostRefusal(String attempted, String why, String remedy) {
    super(attempted, why, remedy);
  }
}

package dev.caisson.launch;

import dev.caisson.Refusal;

/** A policy that cannot be carried out on this host, found before anything was started. */
public final class PlanRefusal extends Refusal {
  PlanRefusal(String attempted, String why, String remedy) {
    super(attempted, why, remedy);
  }
}

package dev.caisson.signing;

import dev.caisson.Refusal;

/** An image is not trusted, or a key or signature cannot be used. */
public final class TrustRefusal extends Refusal {
  public TrustRefusal(String attempted, String why, String remedy) {
    super(attempted, why, remedy);
  }
}

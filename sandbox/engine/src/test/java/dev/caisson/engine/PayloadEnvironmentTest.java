package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy.Environment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PayloadEnvironmentTest {
  private static final Map<String, UnixPath> CALLER =
      Map.of("LC_ALL", text("C"), "TOKEN", text("secret"), "TERM", text("xterm"));

  @Test
  void theImageLiesBelowThePolicyAndThePolicyBelowTheFlags() {
    Map<String, UnixPath> environment =
        new PayloadEnvironment(Map.of("A", text("image"), "B", text("image")), CALLER)
            .policy(new Environment(List.of("LC_*"), Map.of("B", text("policy"), "C", text("p"))))
            .flags(variables(new Adjustments.Variable("C", Optional.of(text("flag")))))
            .fallback("A", text("fallback"))
            .build();

    assertEquals(text("image"), environment.get("A"));
    assertEquals(text("policy"), environment.get("B"));
    assertEquals(text("flag"), environment.get("C"));
    assertEquals(text("C"), environment.get("LC_ALL"));
  }

  @Test
  void nothingOfTheCallerPassesUnasked() {
    Map<String, UnixPath> environment =
        new PayloadEnvironment(Map.of(), CALLER)
            .policy(new Environment(List.of(), Map.of()))
            .flags(variables(new Adjustments.Variable("TERM", Optional.empty())))
            .build();

    assertEquals(
        Map.of("TERM", text("xterm")).entrySet().iterator().next(),
        environment.entrySet().stream()
            .filter(entry -> !entry.getKey().equals("PATH"))
            .findFirst()
            .orElseThrow());
    assertEquals(2, environment.size());
  }

  @Test
  void aVariableThatTheCallerLacksStaysUnset() {
    Map<String, UnixPath> environment =
        new PayloadEnvironment(Map.of(), CALLER)
            .flags(variables(new Adjustments.Variable("NONE", Optional.empty())))
            .build();

    assertEquals(List.of("PATH"), List.copyOf(environment.keySet()));
  }

  private static Adjustments variables(Adjustments.Variable... variables) {
    return new Adjustments(
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(variables),
        false,
        NetworkFlags.NONE,
        LimitFlags.NONE,
        IdentityFlags.NONE,
        Optional.empty(),
        Optional.empty(),
        false,
        List.of());
  }

  private static UnixPath text(String text) {
    return UnixPath.of(text);
  }
}

package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy.Environment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The payload's environment: what an image brings, over it what the policy passes and sets, over
 * that the flags.
 */
final class PayloadEnvironment {
  private static final UnixPath DEFAULT_PATH =
      UnixPath.of("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

  private final Map<String, UnixPath> variables;
  private final Map<String, UnixPath> caller;

  PayloadEnvironment(Map<String, UnixPath> image, Map<String, UnixPath> caller) {
    this.variables = new HashMap<>(image);
    this.caller = caller;
  }

  PayloadEnvironment policy(Environment environment) {
    caller.forEach(
        (name, value) -> {
          if (passes(environment.pass(), name)) {
            variables.put(name, value);
          }
        });
    variables.putAll(environment.set());
    return this;
  }

  PayloadEnvironment flags(Adjustments adjustments) {
    if (adjustments.hostEnvironment()) {
      variables.putAll(caller);
    }
    for (Adjustments.Variable variable : adjustments.variables()) {
      variable
          .value()
          .or(() -> Optional.ofNullable(caller.get(variable.name())))
          .ifPresent(value -> variables.put(variable.name(), value));
    }
    return this;
  }

  /** Sets what nothing has set so far. */
  PayloadEnvironment fallback(String name, UnixPath value) {
    return fallback(name, () -> value);
  }

  /** The same with a value that is looked for only where it is used. */
  PayloadEnvironment fallback(String name, Supplier<UnixPath> value) {
    variables.computeIfAbsent(name, absent -> value.get());
    return this;
  }

  /** Drops a variable with a value that {@code unwanted} names. */
  PayloadEnvironment without(String name, Predicate<UnixPath> unwanted) {
    UnixPath value = variables.get(name);
    if (value != null && unwanted.test(value)) {
      variables.remove(name);
    }
    return this;
  }

  boolean has(String name) {
    return variables.containsKey(name);
  }

  /** The result; every program expects a PATH. */
  Map<String, UnixPath> build() {
    fallback("PATH", DEFAULT_PATH);
    return Map.copyOf(variables);
  }

  private static boolean passes(List<String> names, String name) {
    for (String pass : names) {
      boolean matches =
          pass.endsWith("*")
              ? name.startsWith(pass.substring(0, pass.length() - 1))
              : name.equals(pass);
      if (matches) {
        return true;
      }
    }
    return false;
  }
}

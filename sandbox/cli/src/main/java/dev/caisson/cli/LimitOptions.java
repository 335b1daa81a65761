package dev.caisson.cli;

import dev.caisson.engine.LimitFlags;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/** The flags that say how much a workload may use up. */
final class LimitOptions {
  static final Flag MEMORY =
      Flag.value(
          "-m --memory",
          "SIZE",
          "End the sandbox when it uses more memory than this: 512MiB, or 512m.");
  static final Flag PROCESSORS =
      Flag.value("--cpus", "N", "Give it as much processor time as N processors have: 1.5.");
  static final Flag PROCESSES =
      Flag.value("--pids-limit", "N", "Let it have at most N processes and threads.");
  static final Flag TIMEOUT =
      Flag.value(
          "--timeout",
          "TIME",
          "End it with status 124 when it runs longer: 90s, 10m, or seconds alone.");

  static final List<Flag> ALL = List.of(MEMORY, PROCESSORS, PROCESSES, TIMEOUT);

  private final Syntax syntax;
  private final Arguments arguments;

  LimitOptions(Syntax syntax, Arguments arguments) {
    this.syntax = syntax;
    this.arguments = arguments;
  }

  LimitFlags limits() {
    return new LimitFlags(
        amount(MEMORY, Amount::bytes, "a size above 0 with its unit: 512MiB"),
        amount(PROCESSORS, Amount::thousandths, "a number above 0 with at most three decimals"),
        amount(PROCESSES, Amount::count, "a whole number above 0"),
        read(TIMEOUT, Amount::time, Optional::isPresent, "a time above 0 with its unit: 90s")
            .flatMap(time -> time));
  }

  private OptionalLong amount(Flag flag, Function<String, OptionalLong> parse, String form) {
    return read(flag, parse, OptionalLong::isPresent, form).orElse(OptionalLong.empty());
  }

  private <T> Optional<T> read(
      Flag flag, Function<String, T> parse, Predicate<T> understood, String form) {
    Optional<String> text = arguments.text(flag);
    Optional<T> amount = text.map(parse);
    if (amount.isPresent() && !understood.test(amount.get())) {
      throw UsageRefusal.of(
          syntax, flag.name() + " " + text.get() + " is not understood", "Write " + form);
    }
    return amount;
  }
}

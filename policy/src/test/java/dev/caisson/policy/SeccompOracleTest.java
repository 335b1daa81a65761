package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonObject;
import dev.caisson.policy.seccomp.Abi;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.BpfSimulator;
import dev.caisson.policy.seccomp.FilterProver;
import dev.caisson.policy.seccomp.FilterRules;
import dev.caisson.policy.seccomp.ReferenceLayers;
import dev.caisson.policy.seccomp.SeccompCompiler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Oracle, rules and filter agree on random policies and calls. */
class SeccompOracleTest {
  private static final List<String> CALLS =
      List.of(
          "socket", "lseek", "ioctl", "fchmod", "unshare", "keyctl", "getpid", "sync", "swapon");

  /** An argument of each of the calls but the last three, and numbers that it may be. */
  private static final List<String> ARGUMENTS =
      List.of("family", "offset", "cmd", "mode", "unshare_flags", "0");

  private static final List<String> NUMBERS =
      List.of("0", "1", "2", "\"0x8\"", "15", "\"0x7fff\"", "\"AF_UNIX\"", "\"AF_VSOCK|1\"");

  @Provide
  Arbitrary<String> sections() {
    Arbitrary<String> layers =
        layer().map(l -> "{" + l + "}").list().ofMaxSize(2).map(Object::toString);
    Arbitrary<String> profile = Arbitraries.of("default", "strict", "developer");
    return Combinators.combine(profile, layers, layer())
        .as(
            (p, beneath, own) ->
                "{\"profile\": \"" + p + "\", \"layers\": " + beneath + ", " + own + "}");
  }

  private static Arbitrary<String> layer() {
    Arbitrary<List<String>> calls =
        Arbitraries.of("\"ioctl\"", "\"getpid\"", "\"@sync\"", "\"@swap\"", "\"@privileged\"")
            .list()
            .ofMaxSize(2);
    Arbitrary<List<String>> rules = rule().list().ofMaxSize(4);
    Arbitrary<String> otherwise =
        Combinators.combine(Arbitraries.of("socket", "lseek", "@sync", "ioctl"), action())
            .as((call, action) -> "{\"" + call + "\": " + action + "}")
            .injectDuplicates(0.1);
    return Combinators.combine(calls, calls, rules, otherwise, Arbitraries.of(true, false))
        .as(
            (allow, deny, all, last, has) ->
                "\"allow\": "
                    + allow
                    + ", \"deny\": "
                    + deny
                    + ", \"rules\": "
                    + all
                    + (has ? ", \"otherwise\": " + last : ""));
  }

  private static Arbitrary<String> action() {
    // of errnos one only: two on one region are refused
    return Arbitraries.of("allow", "deny", "kill-process", "kill-thread", "trap", "log", "notify")
        .map(word -> "\"" + word + "\"");
  }

  private static Arbitrary<String> rule() {
    return Combinators.combine(
            Arbitraries.integers().between(0, CALLS.size() - 1),
            conditions(),
            conditions(),
            action())
        .as(
            (call, one, two, action) -> {
              String when =
                  call < ARGUMENTS.size()
                      ? ", \"when\": {\""
                          + ARGUMENTS.get(call)
                          + "\": "
                          + one
                          + (call == 0 ? ", \"type\": " + two : "")
                          + "}"
                      : "";
              return "{\"syscall\": \""
                  + CALLS.get(call)
                  + "\""
                  + when
                  + ", \"then\": "
                  + action
                  + "}";
            });
  }

  private static Arbitrary<String> conditions() {
    Arbitrary<String> number = Arbitraries.of(NUMBERS);
    Arbitrary<String> several = number.list().ofMinSize(1).ofMaxSize(3).map(Object::toString);
    Arbitrary<String> one =
        Combinators.combine(Arbitraries.of("eq", "ne", "lt", "le", "gt", "ge"), number)
            .as((operator, operand) -> "{\"" + operator + "\": " + operand + "}");
    Arbitrary<String> set =
        Combinators.combine(Arbitraries.of("in", "notIn"), several)
            .as((operator, operands) -> "{\"" + operator + "\": " + operands + "}");
    Arbitrary<String> both =
        Combinators.combine(number, several)
            .as((low, others) -> "{\"ge\": " + low + ", \"notIn\": " + others + "}");
    Arbitrary<String> range =
        Arbitraries.of("[0, 1]", "[2, \"0x20\"]", "[\"AF_UNIX\", \"AF_INET6\"]")
            .map(ends -> "{\"range\": " + ends + "}");
    Arbitrary<String> mask =
        Arbitraries.of("{\"mask\": 15, \"eq\": 1}", "{\"mask\": \"0x11\", \"in\": [0, 16, 17]}");
    return Arbitraries.oneOf(number, one, set, both, range, mask);
  }

  @Provide
  Arbitrary<List<Long>> arguments() {
    Arbitrary<Long> value =
        Arbitraries.oneOf(
            Arbitraries.of(
                0L, 1L, 2L, 8L, 10L, 15L, 16L, 17L, 40L, 41L, 0x7fffL, 0x10001L, 1L << 32, -1L),
            Arbitraries.longs());
    return value.list().ofSize(3 * 30);
  }

  @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
  void oracleRulesAndFilterAgree(
      @ForAll("sections") String text,
      @ForAll("arguments") List<Long> arguments,
      @ForAll Architecture architecture)
      throws IOException {
    EffectivePolicy policy = Policies.effective("\"seccomp\": " + text);
    var target = policy.seccomp().target(architecture, new KernelVersion(6, 12), Set.of());
    FilterRules rules = policy.seccomp().resolve(target);
    BpfProgram program = SeccompCompiler.compile(rules);
    assertFalse(FilterProver.prove(rules, program) instanceof FilterProver.Refuted, text);
    JsonDocument section = JsonDocument.read("section", text.getBytes(StandardCharsets.UTF_8));
    ReferenceLayers oracle =
        new ReferenceLayers(
            (JsonObject) section.valueOrRefuse(),
            profile(policy.seccomp().name()),
            Abi.of(architecture).kernelName());
    List<Integer> numbers = new ArrayList<>(List.of(600, 0x40000000));
    CALLS.forEach(call -> numbers.add(oracle.number(call)));
    for (int number : numbers) {
      for (int at = 0; at < arguments.size(); at += 3) {
        long[] six = {arguments.get(at), arguments.get(at + 1), arguments.get(at + 2), 0, 0, 0};
        int expected = oracle.returnValue(number, six);
        String call = number + " " + java.util.Arrays.toString(six);
        assertEquals(
            expected,
            rules.decide(target.nativeAbi().auditArch(), number, six).returnValue(),
            call);
        assertEquals(
            expected, BpfSimulator.run(program, architecture, number, six).returnValue(), call);
      }
    }
  }

  private static byte[] profile(String name) throws IOException {
    String file = "/dev/caisson/profiles/seccomp/" + name + ".json";
    try (InputStream in = SeccompOracleTest.class.getResourceAsStream(file)) {
      return in.readAllBytes();
    }
  }
}

package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.caisson.json.JsonDocument;
import dev.caisson.policy.KernelVersion;
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

/** Oracle, rules and filter agree on random profiles and calls. */
class SeccompPropertyTest {
  /** Calls whose arguments the kernel reads at 2, 4 and 8 bytes, and narrowed ones. */
  private static final List<String> CALLS =
      List.of(
          "socket",
          "personality",
          "fchmod",
          "clone",
          "mmap",
          "lseek",
          "prlimit64",
          "ptrace",
          "keyctl",
          "ioctl",
          "mount_setattr",
          "getpid",
          "futex_wait",
          "readv");

  private static final Long[] VALUES = {
    0L,
    1L,
    2L,
    3L,
    8L,
    15L,
    0x20000L,
    0x20008L,
    0xffffL,
    0x10000L,
    0x7fffffffL,
    0x80000000L,
    0xfffffffeL,
    0xffffffffL,
    0x100000000L,
    0x100000001L,
    0x1ffffffffL,
    0x7e020000L,
    0x7fffffffffffffffL,
    0x8000000000000000L,
    0xffffffff80000000L,
    -2L,
    -1L
  };

  @Provide
  Arbitrary<String> profile() {
    Arbitrary<String> rules =
        rule().list().ofMinSize(1).ofMaxSize(12).map(list -> String.join(",", list));
    Arbitrary<String> through =
        Arbitraries.of("", "\"knownThrough\":\"5.10\",", "\"knownThrough\":\"6.18\",");
    return Combinators.combine(action(), through, rules)
        .as(
            (action, known, all) ->
                "{"
                    + action
                        .replace("\"action\"", "\"defaultAction\"")
                        .replace("errnoRet", "defaultErrnoRet")
                    + ","
                    + known
                    + "\"syscalls\":["
                    + all
                    + "]}");
  }

  private static Arbitrary<String> action() {
    // one errno only: two on one region are refused, which another test shows
    return Arbitraries.of(
            "ALLOW",
            "ERRNO",
            "KILL",
            "KILL_PROCESS",
            "KILL_THREAD",
            "LOG",
            "NOTIFY",
            "TRACE",
            "TRAP")
        .map(
            action ->
                "\"action\":\"SCMP_ACT_"
                    + action
                    + "\""
                    + (action.equals("ERRNO") || action.equals("TRACE") ? ",\"errnoRet\":13" : ""));
  }

  private static Arbitrary<String> rule() {
    Arbitrary<List<String>> names = Arbitraries.of(CALLS).list().ofMinSize(1).ofMaxSize(3);
    Arbitrary<List<String>> checks = check().list().ofMaxSize(4);
    return Combinators.combine(names, action(), checks)
        .as(
            (calls, action, all) ->
                "{\"names\":[\""
                    + String.join("\",\"", calls)
                    + "\"],"
                    + action
                    + ",\"args\":["
                    + String.join(",", all)
                    + "]}");
  }

  private static Arbitrary<String> check() {
    Arbitrary<Long> value = value();
    return Combinators.combine(
            Arbitraries.integers().between(0, 5),
            value,
            value,
            Arbitraries.of(Comparison.values()),
            Arbitraries.of(true, false))
        .as(
            (index, one, two, comparison, within) -> {
              long expected = within ? one & two : two;
              return "{\"index\":"
                  + (index > 3 ? 0 : index)
                  + ",\"value\":"
                  + Long.toUnsignedString(one)
                  + (comparison == Comparison.MASKED_EQ
                      ? ",\"valueTwo\":" + Long.toUnsignedString(expected)
                      : "")
                  + ",\"op\":\""
                  + comparison.profileName()
                  + "\"}";
            });
  }

  @Provide
  static Arbitrary<Long> value() {
    return Arbitraries.oneOf(Arbitraries.of(VALUES), Arbitraries.longs());
  }

  @Provide
  Arbitrary<List<Long>> arguments() {
    return value().list().ofSize(6 * 40);
  }

  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void oracleRulesAndFilterAgree(
      @ForAll("profile") String text,
      @ForAll("arguments") List<Long> arguments,
      @ForAll Abi abi,
      @ForAll Reading reading) {
    JsonDocument document = Profiles.parse(text);
    KernelVersion kernel = new KernelVersion(6, 1);
    SeccompProfile profile = SeccompProfile.read(document);
    FilterTarget target = new FilterTarget(abi, List.of(), kernel, Set.of(), reading);
    SeccompRules rules = profile.resolve(target).abis().get(0);
    BpfProgram program = SeccompCompiler.compile(rules);
    FilterProver.Verdict verdict = FilterProver.prove(FilterRules.of(rules), program);
    assertFalse(verdict instanceof FilterProver.Refuted, verdict.toString());
    ReferenceEvaluator oracle =
        new ReferenceEvaluator(
            document, abi.kernelName(), 6, 1, Set.of(), reading == Reading.COMPAT);
    List<Integer> numbers =
        new ArrayList<>(
            abi == Abi.X32
                ? List.of(0x40000000, 0x40000190, 0x400001d7, 0x40000400, -2)
                : List.of(0, 400, 471, 472, 0xf0005, 0x40000000, -2, -1));
    for (String call : CALLS) {
      rules.table().number(call).ifPresent(numbers::add);
    }
    for (int number : numbers) {
      for (int at = 0; at < arguments.size(); at += 6) {
        long[] six = new long[6];
        for (int i = 0; i < 6; i++) {
          six[i] = arguments.get(at + i);
        }
        int expected = oracle.returnValue(number, six);
        String call = number + " " + java.util.Arrays.toString(six);
        assertEquals(expected, rules.decide(number, six).returnValue(), call);
        assertEquals(
            expected, BpfSimulator.run(program, abi.auditArch(), number, six).returnValue(), call);
      }
    }
  }
}

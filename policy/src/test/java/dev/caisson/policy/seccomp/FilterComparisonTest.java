package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.seccomp.FilterComparison.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Comparison of filters, beside trying every call of a small domain. */
class FilterComparisonTest {
  private static final String CALL = "prctl";
  private static final int NUMBER = 157;

  private static FilterRules rules(List<SyscallRule> layer) {
    return FilterRules.of(
        new SeccompRules(
            "test",
            SyscallTable.of(Abi.X86_64),
            Reading.STRICT,
            new SeccompAction.Errno(1),
            Optional.empty(),
            List.of(layer)));
  }

  @Provide
  Arbitrary<List<SyscallRule>> layer() {
    Arbitrary<ArgumentCheck> check =
        Combinators.combine(
                Arbitraries.integers().between(0, 1),
                Arbitraries.of(Comparison.values()),
                Arbitraries.longs().between(0, 3),
                Arbitraries.longs().between(0, 3))
            .as(ArgumentCheck::new);
    Arbitrary<SeccompAction> action =
        Arbitraries.of(
            new SeccompAction.Allow(),
            new SeccompAction.Log(),
            new SeccompAction.Errno(2),
            new SeccompAction.KillProcess());
    return Combinators.combine(action, check.list().ofMaxSize(3))
        .as((does, when) -> new SyscallRule(CALL, does, when))
        .list()
        .ofMaxSize(4);
  }

  @Property(tries = 300)
  void agreesWithTryingEveryCall(
      @ForAll("layer") List<SyscallRule> one, @ForAll("layer") List<SyscallRule> two) {
    FilterRules first = rules(one);
    FilterRules second = rules(two);
    boolean more = false;
    boolean differ = false;
    // no check knows more of a value than whether it is above 3 and, by a mask, its low two bits
    for (long a = 0; a < 8; a++) {
      for (long b = 0; b < 8; b++) {
        SeccompAction x = first.decide(Abi.X86_64.auditArch(), NUMBER, a, b);
        SeccompAction y = second.decide(Abi.X86_64.auditArch(), NUMBER, a, b);
        more |= x.executes() && !y.executes();
        differ |= !x.equals(y);
      }
    }
    List<Side> firsts = List.of(Side.of(first), Side.of(SeccompCompiler.compile(first)));
    List<Side> seconds = List.of(Side.of(second), Side.of(SeccompCompiler.compile(second)));
    for (Side a : firsts) {
      for (Side b : seconds) {
        FilterComparison comparison = FilterComparison.of(a, b);
        assertEquals(more, !comparison.excess().isEmpty());
        assertEquals(differ, comparison.inequality().isPresent());
        for (var excess : comparison.excess()) {
          CallExample call = excess.call();
          long[] arguments = call.arguments().stream().mapToLong(Long::longValue).toArray();
          SeccompAction x = first.decide(call.auditArch(), call.number(), arguments);
          SeccompAction y = second.decide(call.auditArch(), call.number(), arguments);
          assertEquals(excess.first(), x);
          assertEquals(excess.second(), y);
          assertTrue(x.executes() && !y.executes());
        }
      }
    }
  }

  @Test
  void eachCallThatIsMoreIsNamedOnce() {
    FilterRules less = rules(List.of());
    FilterRules more =
        rules(
            List.of(
                SyscallRule.always("read", new SeccompAction.Trace(1)),
                SyscallRule.always("write", new SeccompAction.Notify())));
    List<String> calls = new ArrayList<>();
    for (var excess : FilterComparison.of(Side.of(more), Side.of(less)).excess()) {
      calls.add(excess.call().toString());
    }
    assertEquals(List.of("read(0)", "write(0)"), calls);
    FilterComparison other = FilterComparison.of(Side.of(less), Side.of(more));
    assertEquals(List.of(), other.excess());
    assertTrue(other.inequality().isPresent());
    assertFalse(FilterComparison.of(Side.of(more), Side.of(more)).inequality().isPresent());
  }

  @Test
  void aProgramThatIsNotFollowedIsRefused() {
    BpfProgram strange =
        new BpfProgram(List.of(new SockFilter(0x07, 0, 0, 0), new SockFilter(Bpf.RET, 0, 0, 0)));
    SeccompRefusal refusal =
        assertThrows(
            SeccompRefusal.class,
            () -> FilterComparison.of(Side.of(strange), Side.of(rules(List.of()))));
    assertTrue(refusal.why().contains("operation 0x7"), refusal.why());
  }
}

package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.KernelVersion;
import dev.caisson.policy.seccomp.FilterProver.NotDecided;
import dev.caisson.policy.seccomp.FilterProver.Proved;
import dev.caisson.policy.seccomp.FilterProver.Refuted;
import dev.caisson.policy.seccomp.FilterProver.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterProverTest {
  private static final KernelVersion KERNEL = new KernelVersion(6, 18);

  private static FilterRules rules(String profile, Reading reading, Abi... abis) {
    List<Abi> compat = List.of(abis).subList(1, abis.length);
    return SeccompProfile.read(Profiles.document(profile))
        .resolve(new FilterTarget(abis[0], compat, KERNEL, Set.of(), reading));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "default",
        "strict",
        "developer",
        "moby-default",
        "containers-common",
        "strict-allowlist",
        "arg-heavy"
      })
  void everyProfileIsProvedOnEveryAbi(String profile) {
    for (Reading reading : Reading.values()) {
      for (Abi[] abis :
          new Abi[][] {
            {Abi.X86_64},
            {Abi.X86_64, Abi.I386, Abi.X32},
            {Abi.AARCH64},
            {Abi.AARCH64, Abi.ARM},
            {Abi.RISCV64},
            {Abi.LOONGARCH64},
            {Abi.PPC64},
            {Abi.S390X}
          }) {
        FilterRules rules = rules(profile, reading, abis);
        Verdict verdict = FilterProver.prove(rules, SeccompCompiler.compile(rules));
        assertInstanceOf(Proved.class, verdict, abis[0] + " " + reading + ": " + verdict);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"moby-default", "arg-heavy"})
  void eachChangedInstructionIsRefutedByACall(String profile) {
    FilterRules rules = rules(profile, Reading.STRICT, Abi.X86_64);
    List<SockFilter> good = SeccompCompiler.compile(rules).instructions();
    int equivalent = 0;
    int mutants = 0;
    for (int at = 0; at < good.size(); at++) {
      for (SockFilter changed : mutants(good.get(at), at, good.size())) {
        List<SockFilter> bad = new ArrayList<>(good);
        bad.set(at, changed);
        BpfProgram program = new BpfProgram(bad);
        Verdict verdict = FilterProver.prove(rules, program);
        mutants++;
        if (verdict instanceof Proved) {
          equivalent++;
          sampleAgrees(rules, program);
        } else {
          checkWitness(rules, program, assertInstanceOf(Refuted.class, verdict));
        }
      }
    }
    // a change may lie where other tests have settled the matter, but seldom
    assertTrue(equivalent * 20 < mutants, equivalent + " of " + mutants);
  }

  private static List<SockFilter> mutants(SockFilter i, int at, int size) {
    List<SockFilter> mutants = new ArrayList<>();
    boolean jump = i.code() == Bpf.JEQ || i.code() == Bpf.JGE || i.code() == Bpf.JSET;
    if (jump) {
      mutants.add(new SockFilter(i.code(), i.jf(), i.jt(), i.k()));
      mutants.add(new SockFilter(i.code(), i.jt(), i.jf(), i.k() + 1));
      mutants.add(new SockFilter(i.code(), i.jt(), i.jf(), i.k() ^ 0x80000000));
      if (at + 2 + i.jt() < size) {
        mutants.add(new SockFilter(i.code(), i.jt() + 1, i.jf(), i.k()));
      }
    } else if (i.code() == Bpf.RET) {
      mutants.add(new SockFilter(i.code(), 0, 0, i.k() ^ 1));
    } else if (i.code() == Bpf.LD) {
      mutants.add(new SockFilter(i.code(), 0, 0, i.k() ^ 4));
    }
    return mutants;
  }

  private static void checkWitness(FilterRules rules, BpfProgram program, Refuted refuted) {
    CallExample call = refuted.witness();
    long[] arguments = call.arguments().stream().mapToLong(Long::longValue).toArray();
    SeccompAction wanted = rules.decide(call.auditArch(), call.number(), arguments);
    int made = BpfSimulator.run(program, call.auditArch(), call.number(), arguments).returnValue();
    assertEquals(refuted.rules(), wanted, call.toString());
    assertNotEquals(wanted.returnValue(), made, call.toString());
  }

  private static void sampleAgrees(FilterRules rules, BpfProgram program) {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      int number = random.nextInt(500) | (random.nextBoolean() ? SyscallTable.X32_BIT : 0);
      long[] arguments = random.longs(6, 0, 64).toArray();
      assertEquals(
          rules.decide(Abi.X86_64.auditArch(), number, arguments).returnValue(),
          BpfSimulator.run(program, Abi.X86_64.auditArch(), number, arguments).returnValue());
    }
  }

  @Test
  void whatIsNoPlainFilterIsNotDecided() {
    FilterRules rules = rules("default", Reading.STRICT, Abi.X86_64);
    SockFilter end = new SockFilter(Bpf.RET, 0, 0, 0);
    for (SockFilter strange :
        List.of(
            new SockFilter(0x16, 0, 0, 0), // return the accumulator
            new SockFilter(0x07, 0, 0, 0), // to the index register
            new SockFilter(Bpf.LD, 0, 0, 2),
            new SockFilter(Bpf.LD, 0, 0, 64),
            new SockFilter(Bpf.LD, 0, 0, -4),
            new SockFilter(Bpf.JEQ, 0, 9, 0),
            new SockFilter(Bpf.JA, 0, 0, -1))) {
      BpfProgram program = new BpfProgram(List.of(strange, end));
      assertInstanceOf(NotDecided.class, FilterProver.prove(rules, program), strange.toString());
    }
  }

  @Test
  void aProfileWhoseDiagramExplodesIsNotDecided() {
    StringBuilder text = new StringBuilder("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
    for (int bit = 0; bit < 24; bit++) {
      String mask = "\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":" + (1 << bit);
      text.append(bit == 0 ? "" : ",")
          .append("{\"names\":[\"mmap\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[")
          .append("{\"index\":0," + mask + ",\"valueTwo\":" + (1 << bit) + "},")
          .append("{\"index\":1," + mask + ",\"valueTwo\":" + (1 << bit) + "}]}");
    }
    SeccompProfile profile = SeccompProfile.read(Profiles.parse(text.append("]}").toString()));
    FilterRules rules =
        profile.resolve(new FilterTarget(Abi.X86_64, List.of(), KERNEL, Set.of(), Reading.STRICT));
    BpfProgram program = SeccompCompiler.compile(rules);
    NotDecided verdict = assertInstanceOf(NotDecided.class, FilterProver.prove(rules, program));
    assertTrue(verdict.why().contains("1000000"), verdict.why());
  }
}

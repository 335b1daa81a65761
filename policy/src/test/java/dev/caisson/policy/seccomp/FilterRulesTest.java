package dev.caisson.policy.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.KernelVersion;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules of several ABIs in one filter. */
class FilterRulesTest {
  private static final SeccompAction ALLOW = new SeccompAction.Allow();
  private static final SeccompAction ENOSYS = new SeccompAction.Errno(38);
  private static final SeccompAction KILL = new SeccompAction.KillProcess();

  private static FilterRules rules(String profile, Abi... abis) {
    String text = "{" + profile.replace('\'', '"') + "}";
    return rules(SeccompProfile.read(Profiles.parse(text)), abis);
  }

  private static FilterRules rules(SeccompProfile profile, Abi... abis) {
    List<Abi> compat = List.of(abis).subList(1, abis.length);
    return profile.resolve(
        new FilterTarget(abis[0], compat, new KernelVersion(6, 18), Set.of(), Reading.STRICT));
  }

  private static SeccompAction decide(FilterRules rules, Abi abi, String call, long... arguments) {
    int number = SyscallTable.of(abi).number(call).orElseThrow();
    SeccompAction action = rules.decide(abi.auditArch(), number, arguments);
    BpfProgram program = SeccompCompiler.compile(rules);
    assertEquals(
        action, BpfSimulator.run(program, abi.auditArch(), number, arguments).action(), call);
    return action;
  }

  @Test
  void compatAbisAreLetInOnRequestOnly() {
    String reading =
        "'defaultAction':'SCMP_ACT_ERRNO','syscalls':[{'names':['read'],'action':'SCMP_ACT_ALLOW'}]";
    FilterRules one = rules(reading, Abi.X86_64);
    assertEquals(ALLOW, decide(one, Abi.X86_64, "read"));
    assertEquals(KILL, decide(one, Abi.I386, "read"));
    assertEquals(KILL, decide(one, Abi.X32, "read"));
    FilterRules three = rules(reading, Abi.X86_64, Abi.I386, Abi.X32);
    for (Abi abi : List.of(Abi.X86_64, Abi.I386, Abi.X32)) {
      assertEquals(ALLOW, decide(three, abi, "read"));
      assertEquals(new SeccompAction.Errno(1), decide(three, abi, "write"));
    }
    assertEquals(KILL, decide(three, Abi.AARCH64, "read"));
    int arch = Abi.X86_64.auditArch();
    assertEquals(ENOSYS, three.decide(arch, 0x40000000 + 9999));
    assertEquals(ENOSYS, three.decide(arch, -1));
    assertEquals(KILL, one.decide(arch, 0x40000000 + 9999));
    assertEquals(ENOSYS, one.decide(arch, -1));
  }

  @Test
  void aMultiplexerCannotGetAroundARule() {
    SeccompProfile moby = SeccompProfile.read(Profiles.document("moby-default"));
    FilterRules rules = rules(moby, Abi.X86_64, Abi.I386);
    assertEquals(ENOSYS, decide(rules, Abi.I386, "socketcall", 1));
    assertEquals(ALLOW, decide(rules, Abi.I386, "ipc", 1));
    // semop has no number of its own on i386
    String denied =
        "'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['%s'],'action':'SCMP_ACT_ERRNO'}]";
    FilterRules semop = rules(denied.formatted("semop"), Abi.I386);
    assertEquals(ENOSYS, decide(semop, Abi.I386, "ipc", 1));
    assertEquals(ALLOW, decide(semop, Abi.I386, "socketcall", 1));
    assertEquals(
        ENOSYS, decide(rules(denied.formatted("bind"), Abi.S390X), Abi.S390X, "socketcall"));
  }

  @ParameterizedTest
  @EnumSource
  void clone3IsRefusedWhereTheFlagsOfCloneAreLookedAt(Abi abi) {
    int flags = abi == Abi.S390X ? 1 : 0;
    String masked =
        """
        'defaultAction':'SCMP_ACT_ERRNO','syscalls':[
          {'names':['clone3'],'action':'SCMP_ACT_ALLOW'},
          {'names':['clone'],'action':'SCMP_ACT_ALLOW',
           'args':[{'index':%d,'value':2114060288,'valueTwo':0,'op':'SCMP_CMP_MASKED_EQ'}]}]"""
            .formatted(flags);
    assertEquals(ENOSYS, decide(rules(masked, abi), abi, "clone3"));
    String free =
        "'defaultAction':'SCMP_ACT_ERRNO','syscalls':["
            + "{'names':['clone','clone3'],'action':'SCMP_ACT_ALLOW'}]";
    assertEquals(ALLOW, decide(rules(free, abi), abi, "clone3"));
    long newUser = 0x10000000L;
    long[] arguments = flags == 0 ? new long[] {newUser, 0} : new long[] {0, newUser};
    assertFalse(decide(rules(masked, abi), abi, "clone", arguments).executes());
    arguments[flags] |= 1L << 40;
    assertFalse(decide(rules(masked, abi), abi, "clone", arguments).executes());
    arguments[flags] = 0x11;
    assertTrue(decide(rules(masked, abi), abi, "clone", arguments).executes());
  }

  @Test
  void wordsLieWhereTheAbiPutsThem() {
    String seek =
        """
        'defaultAction':'SCMP_ACT_ERRNO','syscalls':[{'names':['lseek'],
          'action':'SCMP_ACT_ALLOW','args':[{'index':1,'value':4294967298,'op':'SCMP_CMP_EQ'}]}]""";
    for (Abi abi : List.of(Abi.X86_64, Abi.S390X)) {
      assertEquals(ALLOW, decide(rules(seek, abi), abi, "lseek", 0, 1L << 32 | 2));
      assertFalse(decide(rules(seek, abi), abi, "lseek", 0, 2L << 32 | 1).executes());
    }
    // no register of 32 bits holds the value
    assertFalse(decide(rules(seek, Abi.I386), Abi.I386, "lseek", 0, 2).executes());
  }

  @Test
  void aPairOfRegistersShiftsWhatFollows() {
    SyscallTable arm = SyscallTable.of(Abi.ARM);
    int pread = arm.number("pread64").orElseThrow();
    assertEquals("unused", arm.arguments(pread).get(3).name());
    assertEquals("pos low", arm.arguments(pread).get(4).name());
    SyscallTable i386 = SyscallTable.of(Abi.I386);
    int sync = i386.number("sync_file_range").orElseThrow();
    assertEquals("flags", i386.arguments(sync).get(5).name());
  }

  @Test
  void theReadingsDifferForListedCausesOnly() {
    SeccompProfile moby = SeccompProfile.read(Profiles.document("moby-default"));
    Set<ReadingDifference.Cause> causes = new java.util.TreeSet<>();
    for (ReadingDifference difference :
        ReadingDifference.all(
            moby,
            new FilterTarget(
                Abi.X86_64,
                List.of(Abi.I386),
                new KernelVersion(6, 18),
                Set.of(),
                Reading.STRICT))) {
      causes.add(difference.cause());
      String call = difference.call().toString();
      assertEquals(
          call.startsWith("socketcall"),
          difference.cause() == ReadingDifference.Cause.UNINSPECTED,
          call);
    }
    assertEquals(
        Set.of(
            ReadingDifference.Cause.WIDTH,
            ReadingDifference.Cause.NEWER,
            ReadingDifference.Cause.UNINSPECTED),
        causes);
  }
}

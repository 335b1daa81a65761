package dev.caisson.engine.emulate;

import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.NotifiedCall;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.seccomp.SyscallTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers the calls of one sandbox that change or tell owners and ids, by what was changed before.
 * Nothing is granted by an answer: a call is either made by the kernel, which decides as it would
 * without emulation, or not made at all. So what is read of a program's memory and files need not
 * hold still; a program that changes it meanwhile deceives itself.
 */
public final class Emulation implements CallAnswer.Supervisor {
  private static final List<String> FILES =
      List.of(
          "chown",
          "fchown",
          "lchown",
          "fchownat",
          "stat",
          "lstat",
          "fstat",
          "newfstatat",
          "statx",
          "mknod",
          "mknodat",
          "setxattr",
          "lsetxattr",
          "fsetxattr");

  private final Map<Integer, String> names = new HashMap<>();
  private final IdCalls ids;
  private final OwnerCalls owners;
  private final NodeCalls nodes;
  private final int auditArch;

  /**
   * @param user the user that the sandbox starts as, by its number inside
   * @param group its group
   * @param groups its supplementary groups
   */
  public Emulation(Architecture architecture, int user, int group, List<Integer> groups) {
    CredentialTable table =
        new CredentialTable(new Credentials(Ids.all(user), Ids.all(group), groups));
    OwnerTable files = new OwnerTable();
    ids = new IdCalls(table);
    owners = new OwnerCalls(table, files, StatLayout.of(architecture));
    nodes = new NodeCalls(table, files);
    auditArch = architecture.auditArch();
    SyscallTable calls = SyscallTable.of(architecture);
    FILES.forEach(name -> calls.number(name).ifPresent(number -> names.put(number, name)));
    IdCalls.NAMES.forEach(name -> calls.number(name).ifPresent(number -> names.put(number, name)));
  }

  /** The numbers of the calls that it answers. */
  public static Set<Integer> calls(Architecture architecture) {
    return new Emulation(architecture, 0, 0, List.of()).names.keySet();
  }

  @Override
  public CallAnswer answer(NotifiedCall call) {
    String name = names.get(call.number());
    if (name == null || call.auditArch() != auditArch) {
      return new CallAnswer.Proceed();
    }
    return switch (name) {
      case "chown",
          "lchown",
          "fchown",
          "fchownat",
          "stat",
          "lstat",
          "fstat",
          "newfstatat",
          "statx" ->
          owners.answer(name, call);
      case "mknod", "mknodat" -> nodes.answer(name, call);
      case "setxattr", "lsetxattr", "fsetxattr" -> owners.setAttribute(call);
      default -> ids.answer(name, call);
    };
  }
}

package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The map of a range of ids. */
final class IdMapSteps {
  static final String USER_MAPPER = "/usr/bin/newuidmap";
  static final String GROUP_MAPPER = "/usr/bin/newgidmap";

  private final LaunchContext c;
  private final ProgramBuilder b;

  IdMapSteps(LaunchContext context) {
    c = context;
    b = context.b;
  }

  /** Writes the map of a range of ids, which only a process outside the sandbox may. */
  void map() {
    if (c.ids instanceof IdMap.Delegated delegated) {
      mapDelegated(delegated);
    } else if (c.ids instanceof IdMap.Range range) {
      mapOfRoot(range);
    } else {
      return;
    }
    b.call("release the sandbox's first process", Syscall.WRITE, c.aliveWrite, b.text("x"), n(1));
  }

  /** By the programs that the system lets map ids for an ordinary user. */
  private void mapDelegated(IdMap.Delegated ids) {
    Operand.Immediate number = b.zeroes(24);
    Operand.Slot end = b.slot();
    b.set(end, number);
    Decimal.append(b, c.init, end);
    runMapper("map a range of user ids", USER_MAPPER, number, ids.users());
    runMapper("map a range of group ids", GROUP_MAPPER, number, ids.groups());
  }

  private void runMapper(String meaning, String tool, Operand process, DelegatedIds ids) {
    Operand.Slot child = b.slot();
    Operand.Immediate status = b.zeroes(8);
    Label start = b.label();
    Label failed = b.label();
    Label mapped = b.label();
    c.fork(meaning, 0, child, start);
    b.call(meaning, Syscall.WAIT4, child, status, n(0), n(0)).again();
    b.load(4, c.scratch, status, 0);
    b.jumpIfEqual(c.scratch, n(0), mapped);
    b.fail(
        meaning
            + ": "
            + tool
            + " refused "
            + String.join(" ", ids.arguments())
            + ". Compare them with /etc/subuid and /etc/subgid");
    b.role(Role.MAPPER);
    b.place(start);
    List<String> words = ids.arguments();
    Operand.Immediate argv = b.zeroes(8 * (words.size() + 3));
    b.store(8, argv, 0, b.text(tool));
    b.store(8, argv, 8, process);
    for (int i = 0; i < words.size(); i++) {
      b.store(8, argv, 8L * (i + 2), b.text(words.get(i)));
    }
    b.call(Syscall.RT_SIGPROCMASK, n(Linux.SIG_SETMASK), b.words(0), n(0), n(8)).otherwise(failed);
    b.call(Syscall.EXECVE, b.text(tool), argv, b.words(0)).otherwise(failed);
    b.place(failed);
    b.call(Syscall.EXIT_GROUP, n(127)).otherwise(failed);
    b.role(Role.KEEPER);
    b.place(mapped);
  }

  private void mapOfRoot(IdMap.Range range) {
    String meaning =
        String.format(
            "give the sandbox of root other ids: 0 to %d inside are %d to %d of the host",
            range.count() - 1, range.first(), range.first() + range.count() - 1);
    ProcessFile file = new ProcessFile(c.init);
    writeMap(meaning, file, "/uid_map", range.uidLine());
    writeMap(meaning, file, "/gid_map", range.gidLine());
  }

  /** Maps the ids of another process's user namespace, as root, and opens that namespace. */
  void mapOther(
      String meaning, Operand.Slot process, String users, String groups, Operand.Slot namespace) {
    ProcessFile file = new ProcessFile(process);
    writeMap(meaning, file, "/uid_map", users);
    writeMap(meaning, file, "/gid_map", groups);
    open(meaning, file, "/ns/user", Linux.O_RDONLY, namespace);
  }

  /** The path of a file below "/proc/" and a process's number in decimal, in memory. */
  private final class ProcessFile {
    private final Operand.Immediate path = b.zeroes(64);
    private final Operand.Slot end = b.slot();

    ProcessFile(Operand.Slot process) {
      byte[] prefix = "/proc/".getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < prefix.length; i++) {
        b.store(1, path, i, n(prefix[i]));
      }
      b.set(end, n(path.value() + prefix.length));
      Decimal.append(b, process, end);
    }

    Operand named(String name) {
      byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < bytes.length; i++) {
        b.store(1, end, i, n(bytes[i]));
      }
      b.store(1, end, bytes.length, n(0));
      return path;
    }
  }

  private void writeMap(String meaning, ProcessFile file, String name, String line) {
    open(meaning, file, name, Linux.O_WRONLY, c.scratch);
    b.call(meaning, Syscall.WRITE, c.scratch, b.text(line), n(line.length()))
        .advise(Errno.EPERM, "Root lacks CAP_SETUID here, as in a container; run as another user");
    b.call(Syscall.CLOSE, c.scratch);
  }

  private void open(
      String meaning, ProcessFile file, String name, long flags, Operand.Slot opened) {
    b.call(meaning, Syscall.OPENAT, Linux.AT_FDCWD, file.named(name), n(flags | Linux.O_CLOEXEC))
        .into(opened);
  }
}

package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Network;
import dev.caisson.policy.NeverReached;
import dev.caisson.policy.Protocol;
import dev.caisson.policy.PublishedPort;
import java.util.ArrayList;
import java.util.List;

/**
 * The fork of the keeper that becomes pasta(1). It ends with the keeper, whatever ends that, and
 * carries on nothing of it: no descriptor, variable, signal mask or terminal.
 */
final class PastaSteps {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Operand.Slot value;

  PastaSteps(LaunchContext context) {
    c = context;
    b = context.b;
    value = b.slot();
  }

  /**
   * Nothing falls through to these steps.
   *
   * @param keeper the process that this one ends with
   * @param ready where pasta shows that it is ready
   * @param said where it says why it is not
   */
  void emit(Label start, Operand keeper, Operand ready, Operand said) {
    UnixPath program = c.request.connection().program().orElseThrow();
    Label failed = b.label();
    b.role(Role.CONNECTION);
    b.onFailure(failed);
    b.place(start);
    endWith(keeper);
    // else the terminal's ^C would end it, and not only be the payload's to deal with
    b.call(Syscall.SETSID);
    b.call(Syscall.RT_SIGPROCMASK, n(Linux.SIG_SETMASK), b.words(0), n(0), n(8));
    takeDescriptors(ready, said);
    Operand.Immediate pid = b.zeroes(32);
    Operand.Slot end = b.slot();
    b.set(end, pid);
    Decimal.append(b, c.init, end);
    b.call("start pasta", Syscall.EXECVE, b.text(program), b.words(arguments(pid)), b.words(0));
    b.place(failed);
    String message = program + " cannot be started\n";
    b.call(Syscall.WRITE, n(2), b.text(message), n(message.length())).tolerateAll();
    b.call(Syscall.EXIT_GROUP, n(127)).otherwise(failed);
  }

  private void endWith(Operand keeper) {
    Label alive = b.label();
    b.call(Syscall.PRCTL, n(Linux.PR_SET_PDEATHSIG), n(Linux.SIGKILL));
    b.call(Syscall.GETPPID).into(value);
    b.jumpIfEqual(value, keeper, alive);
    b.call(Syscall.EXIT_GROUP, n(0));
    b.place(alive);
  }

  /** Nothing to read, the pipe that it shows its number on, the pipe for what it says. */
  private void takeDescriptors(Operand ready, Operand said) {
    b.call(Syscall.OPENAT, Linux.AT_FDCWD, b.text("/dev/null"), n(Linux.O_RDONLY)).into(value);
    Operand[] taken = {value, ready, said};
    Operand.Slot[] spare = {b.slot(), b.slot(), b.slot()};
    for (int fd = 0; fd < taken.length; fd++) {
      // away from the numbers that are taken next, should one stand there
      b.call(Syscall.FCNTL, taken[fd], n(Linux.F_DUPFD), n(taken.length)).into(spare[fd]);
    }
    for (int fd = 0; fd < taken.length; fd++) {
      b.call(Syscall.DUP3, spare[fd], n(fd), n(0));
    }
    b.call(Syscall.CLOSE_RANGE, n(taken.length), n(Linux.LAST_DESCRIPTOR), n(0));
  }

  private long[] arguments(Operand.Immediate pid) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("pasta", "--foreground", "--quiet", "--config-net", "--no-map-gw"));
    words.addAll(List.of("--no-dhcp", "--no-dhcpv6", "--no-ra", "--ns-ifname", "eth0"));
    words.addAll(List.of("--pid", "/proc/self/fd/1"));
    if (c.request.host().uid() == 0) {
      // it would become nobody, who may not enter the sandbox's namespaces
      words.addAll(List.of("--runas", "0"));
    }
    Network.Private network = (Network.Private) c.policy.network();
    if (network.dns()) {
      words.addAll(List.of("--dns-forward", NeverReached.RESOLVER.toString()));
    }
    words.addAll(List.of("--tcp-ns", "none", "--udp-ns", "none"));
    for (Protocol protocol : Protocol.values()) {
      publish(words, protocol, network.published());
    }
    long[] pointers = new long[words.size() + 2];
    for (int i = 0; i < words.size(); i++) {
      pointers[i] = b.text(words.get(i)).value();
    }
    pointers[words.size()] = pid.value();
    return pointers;
  }

  private static void publish(List<String> words, Protocol protocol, List<PublishedPort> ports) {
    String option = protocol == Protocol.TCP ? "--tcp-ports" : "--udp-ports";
    List<PublishedPort> published =
        ports.stream().filter(port -> port.protocol() == protocol).toList();
    if (published.isEmpty()) {
      words.addAll(List.of(option, "none"));
    }
    for (PublishedPort port : published) {
      String address = port.hostAddress().map(a -> a + "/").orElse("");
      words.addAll(List.of(option, address + port.hostPort() + ":" + port.insidePort()));
    }
  }
}

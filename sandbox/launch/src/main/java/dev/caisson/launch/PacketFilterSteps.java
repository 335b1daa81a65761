package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;

/** Gives a packet filter to the kernel, for the network namespace of the process that does it. */
final class PacketFilterSteps {
  private static final String MEANING = "filter the sandbox's network";
  private static final String MODULES =
      "It needs nf_tables; as root: modprobe -a nf_tables nft_ct nft_reject_inet";

  private final ProgramBuilder b;
  private final Operand.Slot socket;
  private final Operand.Slot value;
  private final Operand.Immediate answer;

  PacketFilterSteps(ProgramBuilder builder) {
    b = builder;
    socket = b.slot();
    value = b.slot();
    answer = b.zeroes(4096);
  }

  /** One message of the kernel's says whether all of it holds; anything else is a failure. */
  void install(PacketFilter filter) {
    b.call(
            MEANING,
            Syscall.SOCKET,
            n(Linux.AF_NETLINK),
            n(Linux.SOCK_RAW | Linux.O_CLOEXEC | Linux.O_NONBLOCK),
            n(Netlink.FAMILY_NETFILTER))
        .into(socket)
        .advise(Errno.EPROTONOSUPPORT, MODULES);
    b.call(
        MEANING,
        Syscall.SENDTO,
        socket,
        b.bytes(filter.batch()),
        n(filter.batch().length),
        n(0),
        n(0),
        n(0));
    readAnswer(filter.last());
    b.call(Syscall.CLOSE, socket);
  }

  /** The kernel answers the first message that it refuses, or else the last. */
  private void readAnswer(int last) {
    Label unexpected = b.label();
    Label refused = b.label();
    Label done = b.label();
    b.call(MEANING, Syscall.READ, socket, answer, n(4096));
    b.load(2, value, answer, Netlink.TYPE_OFFSET);
    b.jumpIfNotEqual(value, n(Netlink.ERROR), unexpected);
    b.load(4, value, answer, Netlink.HEADER_BYTES);
    b.jumpIfNotEqual(value, n(0), refused);
    b.load(4, value, answer, Netlink.SEQUENCE_OFFSET);
    b.jumpIfEqual(value, n(last), done);
    b.place(unexpected);
    b.fail(MEANING + ": the kernel's answer is not the expected one");
    b.place(refused);
    b.arithmetic(Operation.SUBTRACT, value, n(1L << 32), value);
    b.fail(MEANING + ". " + MODULES + ". The kernel's answer is", value);
    b.place(done);
  }
}

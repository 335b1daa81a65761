package dev.caisson.engine.learn;

import dev.caisson.UnixPath;
import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.FileType;
import dev.caisson.launch.NotifiedCall;
import dev.caisson.launch.PayloadSocket;
import dev.caisson.launch.SandboxView;
import dev.caisson.launch.SandboxView.Place;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.seccomp.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes down what a sandboxed program does. It is told of each call before that is made, and looks
 * at the memory and the files that the call is about; it decides nothing.
 */
public final class Observation implements CallAnswer.Observer {
  private static final int AT_FDCWD = -100;
  private static final int MMSGHDR = 64;
  private static final int MOST_SENT = 16;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_DGRAM = 2;

  private final SyscallTable table;
  private final int auditArch;
  private final CallLog calls = new CallLog();
  private final PathLog paths;
  private final NetworkLog network = new NetworkLog();
  private final Set<String> daemons = new TreeSet<>();
  private final Set<String> sockets = new TreeSet<>();
  private Optional<SandboxView> view = Optional.empty();
  private long seen;
  private long unread;
  private boolean foreign;

  /** Of a program that runs under {@code policy} on a host of {@code table}'s architecture. */
  Observation(EffectivePolicy policy, SyscallTable table, int auditArch) {
    this.table = table;
    this.auditArch = auditArch;
    paths = new PathLog(new Mounts(policy));
  }

  @Override
  public void seen(NotifiedCall call, CallAnswer decision) {
    seen++;
    if (call.auditArch() != auditArch) {
      foreign = true;
      return;
    }
    String name = table.name(call.number()).orElse("call " + call.number());
    calls.add(name, call.arguments(), decision);
    if (decision instanceof CallAnswer.Proceed) {
      look(name, call);
    }
  }

  private void look(String name, NotifiedCall call) {
    switch (name) {
      case "open" -> opened(call, AT_FDCWD, 0, call.argument(1));
      case "openat" -> opened(call, call.word(0), 1, call.argument(2));
      case "openat2" -> opened(call, call.word(0), 1, openHow(call));
      case "creat" -> opened(call, AT_FDCWD, 0, OpenUse.OF_CREAT);
      case "connect" -> connected(call, call.argument(1), call.argument(2));
      case "sendto" -> connected(call, call.argument(4), call.argument(5));
      case "sendmsg" -> sent(call, call.argument(1), 1);
      case "sendmmsg" -> sent(call, call.argument(1), (int) Math.min(call.argument(2), MOST_SENT));
      case "bind" -> bound(call);
      default -> {
        for (PathArguments.Argument argument : PathArguments.of(name)) {
          named(call, argument);
        }
      }
    }
  }

  /** The flags of openat2's struct open_how. */
  private long openHow(NotifiedCall call) {
    Optional<byte[]> how = call.bytes(call.argument(2), 8);
    return how.filter(bytes -> bytes.length == 8)
        .map(bytes -> ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong())
        .orElse(0L);
  }

  private void opened(NotifiedCall call, int directory, int path, long flags) {
    Optional<UnixPath> absolute = absolute(call, directory, call.argument(path));
    if (absolute.isEmpty()) {
      return;
    }
    Optional<Place> place = find(call, absolute.get(), OpenUse.follows(flags));
    place.ifPresent(found -> OpenUse.of(flags, found).forEach(use -> paths.add(found, use)));
  }

  private void named(NotifiedCall call, PathArguments.Argument argument) {
    int directory = argument.directory() < 0 ? AT_FDCWD : call.word(argument.directory());
    Optional<UnixPath> absolute = absolute(call, directory, call.argument(argument.path()));
    if (absolute.isEmpty()) {
      return;
    }
    long flags = argument.flags() < 0 ? 0 : call.argument(argument.flags());
    Optional<Place> place = find(call, absolute.get(), argument.follows(flags));
    place.ifPresent(found -> paths.add(found, argument.use()));
    if (argument.use() == Use.EXECUTE && place.isPresent() && place.get().is(FileType.REGULAR)) {
      executed(call, place.get(), 0);
    }
  }

  /** The kernel itself opens what a program names as its interpreter. */
  private void executed(NotifiedCall call, Place program, int depth) {
    Optional<UnixPath> interpreter =
        view.flatMap(tree -> tree.start(program.path(), ProgramStart.LENGTH))
            .flatMap(ProgramStart::interpreter)
            .flatMap(name -> absolute(call, AT_FDCWD, name));
    if (interpreter.isEmpty() || depth > 4) {
      return;
    }
    Optional<Place> place = find(call, interpreter.get(), true);
    place.ifPresent(found -> paths.add(found, Use.EXECUTE));
    if (place.isPresent() && place.get().is(FileType.REGULAR)) {
      executed(call, place.get(), depth + 1);
    }
  }

  private Optional<UnixPath> absolute(NotifiedCall call, int directory, long address) {
    Optional<byte[]> text = address == 0 ? Optional.empty() : call.text(address);
    if (text.isEmpty()) {
      unread += address == 0 ? 0 : 1;
      return Optional.empty();
    }
    return absolute(call, directory, UnixPath.of(text.get()));
  }

  private static Optional<UnixPath> absolute(NotifiedCall call, int directory, UnixPath path) {
    if (path.isAbsolute() || path.bytes().length == 0) {
      // an empty one stands for the descriptor, which was opened before
      return Optional.of(path).filter(UnixPath::isAbsolute);
    }
    Optional<UnixPath> start =
        directory == AT_FDCWD
            ? SandboxView.directory(call.thread())
            : SandboxView.descriptor(call.thread(), directory);
    return start.map(each -> each.resolve(path));
  }

  private Optional<Place> find(NotifiedCall call, UnixPath path, boolean follows) {
    if (view.isEmpty()) {
      view = SandboxView.of(call.thread());
    }
    return view.map(tree -> tree.find(path, follows));
  }

  private void connected(NotifiedCall call, long address, long length) {
    Optional<SocketAddress> to = address(call, address, length);
    if (to.isPresent() && to.get() instanceof SocketAddress.Internet internet) {
      network.reached(new NetworkLog.Destination(internet, protocol(call)));
    }
    if (to.isPresent() && to.get() instanceof SocketAddress.Unix unix) {
      String name = unix.isAbstract() ? "@" + unix.path() : unix.path().toString();
      Set<String> names = NeverLearned.isDaemon(name) ? daemons : sockets;
      if (names.size() < NetworkLog.MOST) {
        names.add(name);
      }
    }
  }

  /** Messages of sendmsg and sendmmsg: struct msghdr, with a length behind it in the latter. */
  private void sent(NotifiedCall call, long messages, int count) {
    for (int i = 0; i < count; i++) {
      Optional<byte[]> header = call.bytes(messages + (long) i * MMSGHDR, 12);
      if (header.isPresent() && header.get().length == 12) {
        ByteBuffer fields = ByteBuffer.wrap(header.get()).order(ByteOrder.nativeOrder());
        connected(call, fields.getLong(0), fields.getInt(8) & 0xffffffffL);
      }
    }
  }

  private void bound(NotifiedCall call) {
    Optional<SocketAddress> at = address(call, call.argument(1), call.argument(2));
    if (at.isPresent() && at.get() instanceof SocketAddress.Internet internet) {
      network.bound(new NetworkLog.Destination(internet, protocol(call)));
    }
    if (at.isPresent() && at.get() instanceof SocketAddress.Unix unix && !unix.isAbstract()) {
      absolute(call, AT_FDCWD, unix.path())
          .flatMap(path -> find(call, path, false))
          .ifPresent(place -> paths.add(place, Use.CREATE));
    }
  }

  private static Optional<SocketAddress> address(NotifiedCall call, long address, long length) {
    if (address == 0 || length <= 0) {
      return Optional.empty();
    }
    int known = (int) Math.min(length, SocketAddress.LONGEST);
    return call.bytes(address, known).flatMap(SocketAddress::read);
  }

  private static String protocol(NotifiedCall call) {
    int type = PayloadSocket.of(call.thread(), call.word(0)).map(PayloadSocket::type).orElse(0);
    return switch (type) {
      case SOCK_STREAM -> "tcp";
      case SOCK_DGRAM -> "udp";
      default -> "socket type " + type;
    };
  }

  /** The run has ended. */
  void end() {
    view.ifPresent(SandboxView::close);
    view = Optional.empty();
  }

  CallLog calls() {
    return calls;
  }

  PathLog paths() {
    return paths;
  }

  NetworkLog network() {
    return network;
  }

  /** Sockets of daemons that it asked for. */
  Set<String> daemons() {
    return daemons;
  }

  /** Other Unix sockets that it connected to. */
  Set<String> unixSockets() {
    return sockets;
  }

  /** How many calls were seen. */
  long seen() {
    return seen;
  }

  /** What a reader must know of what could not be taken down. */
  List<String> gaps() {
    List<String> gaps = new ArrayList<>();
    if (unread > 0) {
      gaps.add("the paths of " + unread + " calls could not be read; what they opened is missing");
    }
    if (foreign) {
      gaps.add("calls of another ABI were made, of which nothing is learned");
    }
    return gaps;
  }
}

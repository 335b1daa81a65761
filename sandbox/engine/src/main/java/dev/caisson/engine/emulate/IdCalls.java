package dev.caisson.engine.emulate;

import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.Errno;
import dev.caisson.launch.NotifiedCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls that change or tell as whom a process runs. */
final class IdCalls {
  static final List<String> NAMES =
      List.of(
          "setuid",
          "setgid",
          "setreuid",
          "setregid",
          "setresuid",
          "setresgid",
          "setfsuid",
          "setfsgid",
          "setgroups",
          "getgroups",
          "getuid",
          "geteuid",
          "getgid",
          "getegid",
          "getresuid",
          "getresgid",
          "capset");

  /** NGROUPS_MAX of linux/limits.h. */
  private static final int MOST_GROUPS = 65536;

  private final CredentialTable table;

  IdCalls(CredentialTable table) {
    this.table = table;
  }

  CallAnswer answer(String name, NotifiedCall call) {
    Credentials now = table.of(call.thread());
    if (!call.stillWaits()) {
      return fail(Errno.ESRCH);
    }
    boolean privileged = now.isPrivileged();
    int first = call.word(0);
    int second = call.word(1);
    int third = call.word(2);
    return switch (name) {
      case "getuid" -> succeed(now.users().real());
      case "geteuid" -> succeed(now.users().effective());
      case "getgid" -> succeed(now.groupIds().real());
      case "getegid" -> succeed(now.groupIds().effective());
      case "getresuid" -> tellEach(call, now.users());
      case "getresgid" -> tellEach(call, now.groupIds());
      case "setuid" -> users(call, now, known(now.users().set(first, privileged), first));
      case "setgid" -> groups(call, now, known(now.groupIds().set(first, privileged), first));
      case "setreuid" ->
          users(call, now, now.users().setRealAndEffective(first, second, privileged));
      case "setregid" ->
          groups(call, now, now.groupIds().setRealAndEffective(first, second, privileged));
      case "setresuid" -> users(call, now, now.users().setEach(first, second, third, privileged));
      case "setresgid" ->
          groups(call, now, now.groupIds().setEach(first, second, third, privileged));
      case "setfsuid" -> {
        int before = now.users().file();
        CallAnswer given =
            give(call, now.withUsers(now.users().setFile(first, privileged)), before);
        yield given instanceof CallAnswer.Fail ? succeed(before) : given;
      }
      case "setfsgid" -> {
        int before = now.groupIds().file();
        CallAnswer given =
            give(call, now.withGroupIds(now.groupIds().setFile(first, privileged)), before);
        yield given instanceof CallAnswer.Fail ? succeed(before) : given;
      }
      case "setgroups" -> setGroups(call, now);
      case "getgroups" -> tellGroups(call, now);
      // it has none of root's capabilities, whatever it sets
      case "capset" -> privileged ? succeed(0) : new CallAnswer.Proceed();
      default -> new CallAnswer.Proceed();
    };
  }

  private CallAnswer users(NotifiedCall call, Credentials now, Optional<Ids> next) {
    return next.map(ids -> give(call, now.withUsers(ids), 0)).orElse(fail(Errno.EPERM));
  }

  private CallAnswer groups(NotifiedCall call, Credentials now, Optional<Ids> next) {
    return next.map(ids -> give(call, now.withGroupIds(ids), 0)).orElse(fail(Errno.EPERM));
  }

  private CallAnswer give(NotifiedCall call, Credentials next, int value) {
    return table.give(call.thread(), next) ? succeed(value) : fail(Errno.ENOMEM);
  }

  private CallAnswer setGroups(NotifiedCall call, Credentials now) {
    if (!now.isPrivileged()) {
      return fail(Errno.EPERM);
    }
    int count = call.word(0);
    if (count < 0 || count > MOST_GROUPS) {
      return fail(Errno.EINVAL);
    }
    Optional<byte[]> list =
        count == 0 ? Optional.of(new byte[0]) : call.bytes(call.argument(1), 4 * count);
    if (list.isEmpty() || list.get().length < 4 * count) {
      return fail(Errno.EFAULT);
    }
    List<Integer> groups = new ArrayList<>();
    ByteBuffer words = ByteBuffer.wrap(list.get()).order(ByteOrder.nativeOrder());
    while (words.hasRemaining()) {
      groups.add(words.getInt());
    }
    if (groups.contains(Ids.UNCHANGED)) {
      return fail(Errno.EINVAL);
    }
    // the kernel keeps them sorted, and so they are told
    groups.sort(Integer::compareUnsigned);
    return give(call, now.withGroups(groups), 0);
  }

  private static CallAnswer tellGroups(NotifiedCall call, Credentials now) {
    int count = now.groups().size();
    int room = call.word(0);
    if (room < 0 || room > 0 && room < count) {
      return fail(Errno.EINVAL);
    }
    if (room > 0 && count > 0) {
      ByteBuffer words = ByteBuffer.allocate(4 * count).order(ByteOrder.nativeOrder());
      now.groups().forEach(words::putInt);
      if (!call.write(call.argument(1), words.array())) {
        return fail(Errno.EFAULT);
      }
    }
    return succeed(count);
  }

  private static CallAnswer tellEach(NotifiedCall call, Ids ids) {
    int[] told = {ids.real(), ids.effective(), ids.saved()};
    for (int i = 0; i < told.length; i++) {
      byte[] word = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(told[i]).array();
      if (!call.write(call.argument(i), word)) {
        return fail(Errno.EFAULT);
      }
    }
    return succeed(0);
  }

  /** No id has the number -1; setuid(2) says EINVAL, which EPERM stands for here too. */
  private static Optional<Ids> known(Optional<Ids> next, int id) {
    return next.filter(ids -> id != Ids.UNCHANGED);
  }

  private static CallAnswer succeed(int value) {
    return new CallAnswer.Succeed(Integer.toUnsignedLong(value));
  }

  private static CallAnswer fail(Errno errno) {
    return new CallAnswer.Fail(errno.number());
  }
}

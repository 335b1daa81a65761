package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.caisson.UnixPath;
import dev.caisson.policy.Architecture;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ListingTest {
  private static final Operand ZERO = Operand.of(0);
  private static final Operand.Slot S4 = new Operand.Slot(4);
  private static final Operand.Slot S5 = new Operand.Slot(5);

  private final ProgramBuilder builder = new ProgramBuilder(Architecture.X86_64);
  private final ProgramBuilder.Label failed = builder.label();

  @Test
  void aProgramIsGroupedAndExplained() {
    builder.onFailure(failed);
    ProgramBuilder.Label inChild = builder.label();
    builder.call("start the sandbox", Syscall.CLONE, Operand.of(0x30000011)).into(S4);
    builder.jumpIfEqual(S4, ZERO, inChild);
    builder.call("wait for it", Syscall.WAIT4, S4, ZERO, ZERO, ZERO).again();
    builder.place(failed);
    builder.call(Syscall.EXIT_GROUP, new Operand.Slot(LaunchProgram.ERRNO_SLOT));
    builder.role(Role.INIT);
    builder.place(inChild);
    builder
        .call(
            "make the mounts private",
            Syscall.MOUNT,
            ZERO,
            builder.text("/"),
            ZERO,
            Operand.of(0x44000),
            ZERO)
        .tolerate(Errno.EPERM, Errno.EINVAL);
    builder.jump(failed);
    String expected =
        """
        keeper:
                on failure goto 3
             0  s4 = clone(CLONE_NEWUSER|CLONE_NEWPID|SIGCHLD, NULL, NULL, NULL, NULL)  # start the sandbox
             1  if s4 == 0 goto 4
             2  wait4(s4, NULL, 0, NULL) again on EINTR                     # wait for it
             3  exit_group(errno)
        init:
             4  mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL) or EPERM, EINVAL  # make the mounts private
             5  goto 3
        """;
    assertEquals(expected, Listing.of(builder.build()));
  }

  @Test
  void arithmeticReadsLikeArithmetic() {
    Operand.Immediate data = builder.words(1, 2);
    builder.set(S4, Operand.of(-5));
    builder.set(S4, data);
    builder.add(S4, S4, S5);
    builder.arithmetic(Operation.SUBTRACT, S4, S4, Operand.of(0x123456789L));
    builder.arithmetic(Operation.REMAINDER, S4, S5, Operand.of(10));
    builder.load(2, S5, data, 8);
    builder.load(8, S5, S4, 0);
    builder.load(8, S5, new Operand.Slot(0), 8);
    builder.store(1, S5, 3, S4);
    builder.store(8, Operand.of(LaunchProgram.SLOTS_ADDRESS + 40), 0, S4);
    builder.jumpTo(S5);
    String[] expected = {
      "s4 = -5",
      "s4 = data+0x8",
      "s4 = s4 + s5",
      "s4 = s4 - 0x123456789",
      "s4 = s5 % 10",
      "s5 = u16[data+0x10]",
      "s5 = u64[s4]",
      "s5 = u64[sp + 8]",
      "u8[s5 + 3] = s4",
      "u64[&s5] = s4",
      "goto s5"
    };
    assertLines(expected);
  }

  @Test
  void argumentsAreNamed() {
    call(
        Syscall.OPENAT, Linux.AT_FDCWD, builder.text("/x"), Operand.of(0x2b0041), Operand.of(0644));
    call(Syscall.OPENAT, S4, builder.text("."), Operand.of(0x80000), ZERO);
    call(Syscall.OPENAT2, S4, builder.text("a"), builder.words(0x200000, 0, 6), Operand.of(24));
    call(Syscall.MKNODAT, S4, builder.text("f"), Operand.of(0x8000 | 0444), ZERO);
    call(
        Syscall.MOUNT_SETATTR,
        S4,
        builder.text(""),
        Operand.of(0x9000),
        builder.words(6, 1, 0, 0),
        Operand.of(32));
    call(Syscall.PRCTL, Operand.of(1), Operand.of(9));
    call(Syscall.PRCTL, Operand.of(24), Operand.of(21));
    call(Syscall.PRCTL, Operand.of(38), Operand.of(1), ZERO, ZERO, ZERO);
    call(Syscall.PRCTL, Operand.of(47), Operand.of(4), ZERO, ZERO, ZERO);
    call(Syscall.SOCKET, Operand.of(2), Operand.of(0x80002), ZERO);
    call(Syscall.IOCTL, S4, Operand.of(0x8914), ZERO);
    call(Syscall.IOCTL, S4, Operand.of(0x12345678), ZERO);
    call(Syscall.WRITE, Operand.of(1), builder.text("deny\n"), Operand.of(4));
    call(Syscall.WRITE, Operand.of(1), S4, Operand.of(4));
    call(Syscall.UMOUNT2, builder.text("."), Operand.of(0x12));
    call(Syscall.EXECVE, argument("sh"), builder.words(argument("sh").value(), 0), ZERO);
    call(Syscall.SECCOMP, Operand.of(1), ZERO, builder.words(336, 0));
    call(Syscall.UNAME, Operand.of(7));
    String[] expected = {
      "openat(AT_FDCWD, \"/x\", O_WRONLY|O_DIRECTORY|O_NOFOLLOW|O_CREAT|O_CLOEXEC|O_PATH, 0644)",
      "openat(s4, \".\", O_RDONLY|O_CLOEXEC, 0)",
      "openat2(s4, \"a\", {flags=O_RDONLY|O_PATH, resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_NO_SYMLINKS},"
          + " 24)",
      "mknodat(s4, \"f\", S_IFREG|0444, 0)",
      "mount_setattr(s4, \"\", AT_EMPTY_PATH|AT_RECURSIVE,"
          + " {attr_set=MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV, attr_clr=MOUNT_ATTR_RDONLY}, 32)",
      "prctl(PR_SET_PDEATHSIG, SIGKILL)",
      "prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN)",
      "prctl(PR_SET_NO_NEW_PRIVS, 1)",
      "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)",
      "socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, 0)",
      "ioctl(s4, SIOCSIFFLAGS, NULL)",
      "ioctl(s4, 0x12345678, NULL)",
      "write(1, \"deny\", 4)",
      "write(1, s4, 4)",
      "umount2(\".\", MNT_DETACH|0x10)",
      "execve(\"sh\", [\"sh\"], NULL)",
      "seccomp(SECCOMP_SET_MODE_FILTER, 0, {336 instructions})",
      "uname(7, 0, 0, 0, 0, 0)"
    };
    assertLines(expected);
  }

  @Test
  void textsCannotForgeTheListing() {
    byte[] hostile = {'a', '"', '\\', '\n', 0x1b, (byte) 0xff, 'z'};
    call(Syscall.CHDIR, builder.text(UnixPath.of(hostile)));
    assertLines("chdir(\"a\\\"\\\\\\n\\x1b\\xffz\")");
  }

  @ParameterizedTest
  @EnumSource
  void namesAgreeWithTheConstants(ConstantNames names) throws ReflectiveOperationException {
    for (Field field : Linux.class.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive()) {
        assertFalse(
            names.contradicts(field.getName(), field.getLong(null)),
            names + ": " + field.getName());
      }
    }
  }

  private Operand.Immediate argument(String text) {
    return builder.text(text);
  }

  private void call(Syscall syscall, Operand... arguments) {
    builder.call(syscall, arguments).otherwise(failed);
  }

  private void assertLines(String... expected) {
    builder.place(failed);
    call(Syscall.EXIT_GROUP, ZERO);
    LaunchProgram program = builder.build();
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], Listing.step(program, i));
    }
  }
}

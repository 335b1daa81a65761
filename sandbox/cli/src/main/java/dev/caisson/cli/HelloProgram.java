package dev.caisson.cli;

import dev.caisson.launch.Errno;
import dev.caisson.launch.LaunchProgram;
import dev.caisson.launch.OpenFlags;
import dev.caisson.launch.Operand;
import dev.caisson.launch.Operation;
import dev.caisson.launch.ProgramBuilder;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.launch.Role;
import dev.caisson.launch.Syscall;
import dev.caisson.policy.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The program of the embedded {@code hello} image: says what a payload sees of itself and of its
 * sandbox. It is made of the steps that launches are made of, so it needs no compiler and no libc.
 */
final class HelloProgram {
  private static final Operand ZERO = Operand.of(0);
  private static final Operand ONE = Operand.of(1);
  private static final Operand.Immediate AT_FDCWD = Operand.of(-100);
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int NODENAME_OFFSET = 65;
  private static final int RECORD_LENGTH_OFFSET = 16;
  private static final int RECORD_NAME_OFFSET = 19;

  private final ProgramBuilder b;
  private final ReportWriter out;
  private final Operand.Immediate buffer;
  private final Operand.Slot file;
  private final Operand.Slot result;
  private final Operand.Slot at;
  private final Operand.Slot end;
  private final Operand.Slot value;
  private final Operand.Slot wanted;
  private final Operand.Slot mask;
  private final Operand.Slot path;
  private final Operand.Slot back;
  private final Label read;
  private final Label find;

  private HelloProgram(Architecture architecture) {
    b = new ProgramBuilder(architecture);
    b.role(Role.PAYLOAD);
    out = new ReportWriter(b);
    buffer = b.zeroes(BUFFER_BYTES);
    file = b.slot();
    result = b.slot();
    at = b.slot();
    end = b.slot();
    value = b.slot();
    wanted = b.slot();
    mask = b.slot();
    path = b.slot();
    back = b.slot();
    read = b.label();
    find = b.label();
  }

  /** The program for {@code architecture}; its exit status is 0, or 1 if it cannot print. */
  static LaunchProgram of(Architecture architecture) {
    return new HelloProgram(architecture).build();
  }

  private LaunchProgram build() {
    Label failed = b.label();
    b.onFailure(failed);
    out.print("Hello! This program runs inside a Caisson sandbox. What it sees:\n\n");
    identity();
    privileges();
    mounts();
    devices();
    newFile();
    b.call(Syscall.EXIT_GROUP, ZERO);
    b.place(failed);
    b.call(Syscall.EXIT_GROUP, ONE);
    out.routines();
    readRoutine();
    findRoutine();
    return b.build();
  }

  private void identity() {
    out.label("host name");
    b.call(Syscall.UNAME, buffer);
    out.printUpTo(Operand.of(buffer.value() + NODENAME_OFFSET), 0);
    out.print("\n");
    number("process", Syscall.GETPID);
    number("user", Syscall.GETUID);
    number("group", Syscall.GETGID);
  }

  private void number(String label, Syscall syscall) {
    out.label(label);
    b.call(syscall).into(value);
    out.printDecimal(value);
    out.print("\n");
  }

  /** From /proc/self/status (proc_pid_status(5)). */
  private void privileges() {
    readFile("/proc/self/status");
    out.print("  capabilities\n");
    capabilities("  inheritable", "CapInh");
    capabilities("  permitted", "CapPrm");
    capabilities("  effective", "CapEff");
    capabilities("  bounding", "CapBnd");
    capabilities("  ambient", "CapAmb");
    oneOf("no_new_privs", "NoNewPrivs", "off", "on");
    oneOf("seccomp", "Seccomp", "off", "strict mode", "a filter");
  }

  private void capabilities(String label, String field) {
    Label some = b.label();
    Label done = b.label();
    long zeroes = word("00000000");
    out.label(label);
    findField(field, done);
    b.load(8, value, at, 0);
    b.jumpIfNotEqual(value, Operand.of(zeroes), some);
    b.load(8, value, at, 8);
    b.jumpIfNotEqual(value, Operand.of(zeroes), some);
    out.print("none");
    b.jump(done);
    b.place(some);
    out.printUpTo(at, '\n');
    b.place(done);
    out.print("\n");
  }

  /** A field that is a number below {@code names.length}. */
  private void oneOf(String label, String field, String... names) {
    Label done = b.label();
    out.label(label);
    findField(field, done);
    b.load(1, value, at, 0);
    for (int i = 0; i < names.length; i++) {
      Label other = b.label();
      b.jumpIfNotEqual(value, Operand.of('0' + i), other);
      out.print(names[i]);
      b.place(other);
    }
    b.place(done);
    out.print("\n");
  }

  /** {@code at} becomes the field's value; where there is none, says so and goes on there. */
  private void findField(String field, Label otherwise) {
    Label found = b.label();
    String start = ("\n" + field).substring(0, Math.min(8, field.length() + 1));
    b.set(wanted, Operand.of(word(start)));
    b.set(mask, Operand.of(start.length() == 8 ? -1 : (1L << (8 * start.length())) - 1));
    b.perform(find, back);
    b.jumpIfNotEqual(at, end, found);
    out.print("unknown: /proc does not say");
    b.jump(otherwise);
    b.place(found);
    // newline, colon and tab
    b.add(at, at, Operand.of(field.length() + 3L));
  }

  private void mounts() {
    Label none = b.label();
    Label done = b.label();
    Label another = b.label();
    Label counted = b.label();
    Operand.Slot count = b.slot();
    out.label("mounts");
    readFile("/proc/self/mountinfo");
    b.jumpIfEqual(end, buffer, none);
    b.set(at, buffer);
    b.place(another);
    b.jumpIfEqual(at, end, counted);
    skipPast('\n');
    b.add(count, count, ONE);
    b.jump(another);
    b.place(counted);
    out.printDecimal(count);
    out.print("\n");
    out.list("");
    mountPoints();
    b.jump(done);
    b.place(none);
    out.print("unknown: /proc shows processes only");
    b.place(done);
    out.print("\n");
  }

  /** The fifth word of each line. */
  private void mountPoints() {
    Label another = b.label();
    Label done = b.label();
    b.set(at, buffer);
    b.place(another);
    b.jumpIfEqual(at, end, done);
    for (int i = 0; i < 4; i++) {
      skipPast(' ');
    }
    out.printWord(at, ' ');
    skipPast('\n');
    b.jump(another);
    b.place(done);
  }

  private void skipPast(char character) {
    Label next = b.label();
    b.place(next);
    b.load(1, value, at, 0);
    b.add(at, at, ONE);
    b.jumpIfNotEqual(value, Operand.of(character), next);
  }

  /** The names in /dev (getdents64(2)). */
  private void devices() {
    Label more = b.label();
    Label entry = b.label();
    Label hidden = b.label();
    Label unreadable = b.label();
    Label done = b.label();
    Operand flags = Operand.of(OpenFlags.directory(b.architecture()));
    out.list("in /dev");
    b.call(Syscall.OPENAT, AT_FDCWD, b.text("/dev"), flags).into(file).otherwise(unreadable);
    b.place(more);
    b.call(Syscall.GETDENTS64, file, buffer, Operand.of(BUFFER_BYTES)).into(end);
    b.jumpIfEqual(end, ZERO, done);
    b.add(end, end, buffer);
    b.set(at, buffer);
    b.place(entry);
    b.load(1, value, at, RECORD_NAME_OFFSET);
    b.jumpIfEqual(value, Operand.of('.'), hidden);
    b.add(value, at, Operand.of(RECORD_NAME_OFFSET));
    out.printWord(value, 0);
    b.place(hidden);
    b.load(2, value, at, RECORD_LENGTH_OFFSET);
    b.add(at, at, value);
    b.jumpIfLess(at, end, entry);
    b.jump(more);
    b.place(unreadable);
    out.print(" unreadable");
    b.place(done);
    out.print("\n");
  }

  private void newFile() {
    Label created = b.label();
    Label readOnly = b.label();
    Label done = b.label();
    Operand.Immediate name = b.text("/caisson-hello");
    Operand flags = Operand.of(O_WRONLY | O_CREAT | O_EXCL);
    out.label("a new file in /");
    b.call(Syscall.OPENAT, AT_FDCWD, name, flags, Operand.of(0600)).into(result).tolerateAll();
    b.jumpIfLess(result, Operand.of(-4095), created);
    b.jumpIfEqual(result, Operand.of(-Errno.EROFS.number()), readOnly);
    out.print("refused, error ");
    b.arithmetic(Operation.SUBTRACT, value, ZERO, result);
    out.printDecimal(value);
    b.jump(done);
    b.place(readOnly);
    out.print("refused: the root is read-only");
    b.jump(done);
    b.place(created);
    b.call(Syscall.UNLINKAT, AT_FDCWD, name, ZERO);
    out.print("can be created");
    b.place(done);
    out.print("\n");
  }

  /** The file's content is in the buffer up to {@code end}; none where it cannot be read. */
  private void readFile(String name) {
    b.set(path, b.text(name));
    b.perform(read, back);
  }

  private void readRoutine() {
    Label more = b.label();
    Label done = b.label();
    Operand.Slot room = b.slot();
    b.place(read);
    b.set(end, buffer);
    b.call(Syscall.OPENAT, AT_FDCWD, path, ZERO).into(file).otherwise(done);
    b.place(more);
    b.arithmetic(Operation.SUBTRACT, room, Operand.of(buffer.value() + BUFFER_BYTES), end);
    b.call(Syscall.READ, file, end, room).into(result).again().otherwise(done);
    b.add(end, end, result);
    b.jumpIfNotEqual(result, ZERO, more);
    b.call(Syscall.CLOSE, file);
    b.place(done);
    b.jumpTo(back);
  }

  /** {@code at} becomes the first place whose masked word is the wanted one, or {@code end}. */
  private void findRoutine() {
    Label next = b.label();
    Label done = b.label();
    b.place(find);
    b.set(at, buffer);
    b.place(next);
    b.jumpIfEqual(at, end, done);
    b.load(8, value, at, 0);
    b.arithmetic(Operation.AND, value, value, mask);
    b.jumpIfEqual(value, wanted, done);
    b.add(at, at, ONE);
    b.jump(next);
    b.place(done);
    b.jumpTo(back);
  }

  /** At most eight characters as the word that a load of their place gives. */
  private static long word(String text) {
    byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), 8);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}

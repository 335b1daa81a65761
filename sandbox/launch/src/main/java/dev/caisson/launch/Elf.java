package dev.caisson.launch;

import dev.caisson.policy.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A launch program as a static executable (elf(5)): the interpreter, readable and executable; the
 * slots and data, writable; the steps, readable only; and no executable stack. The file has no
 * holes: the slots lie at a fixed offset, and the steps after the data at an address whose low 16
 * bits are their offset. The interpreter takes that address from the steps' program header.
 */
public final class Elf {
  /** Segments start on different pages up to this page size (aarch64 kernels have 64 KiB). */
  static final int ALIGNMENT = 1 << 16;

  private static final int HEADER_BYTES = 64;
  private static final int SEGMENT_HEADER_BYTES = 56;
  private static final int SEGMENTS = 4;

  /** Where in the file the interpreter starts. */
  static final int CODE_OFFSET = HEADER_BYTES + SEGMENTS * SEGMENT_HEADER_BYTES;

  /** Where in the file the steps' address stands: p_vaddr of the second segment. */
  static final int STEPS_ADDRESS_OFFSET = HEADER_BYTES + SEGMENT_HEADER_BYTES + 16;

  private static final int SLOTS_OFFSET = (int) LaunchProgram.SLOTS_ADDRESS % ALIGNMENT;
  private static final int SLOTS_BYTES = LaunchProgram.SLOTS * 8;
  private static final int DATA_OFFSET = SLOTS_OFFSET + SLOTS_BYTES;

  private static final int PT_LOAD = 1;
  private static final int PT_GNU_STACK = 0x6474_e551;
  private static final int EXECUTE = 1;
  private static final int WRITE = 2;
  private static final int READ = 4;

  private Elf() {}

  /**
   * The content of an executable file that runs {@code program}.
   *
   * @throws IllegalArgumentException if the program is empty or a step cannot be encoded
   */
  public static byte[] write(LaunchProgram program) {
    if (program.steps().isEmpty()) {
      throw new IllegalArgumentException("a program without steps does not end");
    }
    byte[] code = Interpreter.code(program.architecture());
    byte[] data = program.data();
    byte[] steps = StepCodec.encode(program.steps());
    int stepsOffset = aligned(DATA_OFFSET + data.length, StepCodec.STEP_BYTES);
    ByteBuffer out = ByteBuffer.allocate(stepsOffset + steps.length).order(ByteOrder.LITTLE_ENDIAN);
    header(out, program.architecture());
    segment(out, READ | EXECUTE, 0, LaunchProgram.TEXT_ADDRESS, CODE_OFFSET + code.length, 0);
    segment(out, READ, stepsOffset, stepsAddress(stepsOffset), steps.length, 0);
    segment(
        out,
        READ | WRITE,
        SLOTS_OFFSET,
        LaunchProgram.SLOTS_ADDRESS,
        SLOTS_BYTES + data.length,
        program.zeroBytes());
    stack(out);
    out.put(code);
    out.put(DATA_OFFSET, data);
    out.put(stepsOffset, steps);
    return out.array();
  }

  private static void header(ByteBuffer out, Architecture architecture) {
    // magic, 64 bits, little-endian, version 1
    out.putInt(0x464c_457f).putInt(0x0001_0102).putLong(0);
    out.putShort((short) 2).putShort(machine(architecture)).putInt(1);
    out.putLong(LaunchProgram.TEXT_ADDRESS + CODE_OFFSET).putLong(HEADER_BYTES).putLong(0);
    out.putInt(0).putShort((short) HEADER_BYTES);
    out.putShort((short) SEGMENT_HEADER_BYTES).putShort((short) SEGMENTS);
    // no sections
    out.putShort((short) 0).putShort((short) 0).putShort((short) 0);
  }

  private static short machine(Architecture architecture) {
    return switch (architecture) {
      case X86_64 -> 62;
      case AARCH64 -> 183;
    };
  }

  private static void segment(
      ByteBuffer out, int access, long offset, long address, long bytes, long zeroBytes) {
    out.putInt(PT_LOAD).putInt(access).putLong(offset).putLong(address).putLong(address);
    out.putLong(bytes).putLong(bytes + zeroBytes).putLong(ALIGNMENT);
  }

  private static void stack(ByteBuffer out) {
    out.putInt(PT_GNU_STACK).putInt(READ | WRITE);
    out.putLong(0).putLong(0).putLong(0).putLong(0).putLong(0).putLong(16);
  }

  private static long stepsAddress(int offset) {
    return LaunchProgram.STEPS_ADDRESS + offset % ALIGNMENT;
  }

  private static int aligned(int offset, int alignment) {
    return (offset + alignment - 1) / alignment * alignment;
  }

  /**
   * The program that {@link #write} wrote. What another version wrote is refused: what is read is
   * exactly what would run.
   *
   * @throws ProgramRefusal if {@code file} is anything else
   */
  public static LaunchProgram parse(byte[] file) {
    LaunchProgram program = read(file);
    if (!Arrays.equals(write(program), file)) {
      throw new ProgramRefusal("its interpreter or layout is not this version's");
    }
    return program;
  }

  private static LaunchProgram read(byte[] file) {
    if (file.length < DATA_OFFSET) {
      throw new ProgramRefusal("it is too short");
    }
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long stepsOffset = in.getLong(headerOf(1) + 8);
    long dataBytes = in.getLong(headerOf(2) + 32) - SLOTS_BYTES;
    long zeroBytes = in.getLong(headerOf(2) + 40) - SLOTS_BYTES - dataBytes;
    if (dataBytes < 0
        || dataBytes > stepsOffset - DATA_OFFSET
        || stepsOffset >= file.length
        || zeroBytes < 0
        || zeroBytes > Integer.MAX_VALUE) {
      throw new ProgramRefusal("its program headers are not a launch program's");
    }
    byte[] data = Arrays.copyOfRange(file, DATA_OFFSET, DATA_OFFSET + (int) dataBytes);
    byte[] steps = Arrays.copyOfRange(file, (int) stepsOffset, file.length);
    try {
      return new LaunchProgram(
          architecture(in.getShort(18)), StepCodec.decode(steps), data, (int) zeroBytes);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new ProgramRefusal(String.valueOf(e.getMessage()));
    }
  }

  private static int headerOf(int segment) {
    return HEADER_BYTES + segment * SEGMENT_HEADER_BYTES;
  }

  private static Architecture architecture(short machine) {
    for (Architecture architecture : Architecture.values()) {
      if (machine(architecture) == machine) {
        return architecture;
      }
    }
    throw new ProgramRefusal("it is for machine " + machine + " of the ELF standard");
  }
}

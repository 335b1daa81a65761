package dev.caisson.policy.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A filter as the kernel loads it: 1 to 4096 instructions. */
public record BpfProgram(List<SockFilter> instructions) {
  /** BPF_MAXINSNS of linux/bpf_common.h. */
  public static final int MAX_INSTRUCTIONS = 4096;

  /** Bytes of an instruction. */
  private static final int INSTRUCTION = 8;

  public BpfProgram {
    instructions = List.copyOf(instructions);
    if (instructions.isEmpty() || instructions.size() > MAX_INSTRUCTIONS) {
      throw new IllegalArgumentException(instructions.size() + " instructions");
    }
  }

  /**
   * The program whose sock_filter array is {@code bytes}.
   *
   * @throws IllegalArgumentException for a length that no program has
   */
  public static BpfProgram of(byte[] bytes, ByteOrder order) {
    if (bytes.length % INSTRUCTION != 0) {
      throw new IllegalArgumentException(bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(order);
    SockFilter[] instructions = new SockFilter[bytes.length / INSTRUCTION];
    for (int i = 0; i < instructions.length; i++) {
      int code = Short.toUnsignedInt(in.getShort());
      int jt = Byte.toUnsignedInt(in.get());
      int jf = Byte.toUnsignedInt(in.get());
      instructions[i] = new SockFilter(code, jt, jf, in.getInt());
    }
    return new BpfProgram(List.of(instructions));
  }

  /** The bytes of the sock_filter array, little-endian, 8 bytes an instruction. */
  public byte[] toBytes() {
    return toBytes(ByteOrder.LITTLE_ENDIAN);
  }

  /** The bytes of the sock_filter array, 8 an instruction. */
  public byte[] toBytes(ByteOrder order) {
    ByteBuffer out = ByteBuffer.allocate(instructions.size() * INSTRUCTION).order(order);
    for (SockFilter i : instructions) {
      out.putShort((short) i.code()).put((byte) i.jt()).put((byte) i.jf()).putInt(i.k());
    }
    return out.array();
  }
}

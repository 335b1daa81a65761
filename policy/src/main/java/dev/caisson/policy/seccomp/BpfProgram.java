package dev.caisson.policy.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A filter as the kernel loads it: 1 to 4096 instructions. */
public record BpfProgram(List<SockFilter> instructions) {
  /** BPF_MAXINSNS of linux/bpf_common.h. */
  public static final int MAX_INSTRUCTIONS = 4096;

  public BpfProgram {
    instructions = List.copyOf(instructions);
    if (instructions.isEmpty() || instructions.size() > MAX_INSTRUCTIONS) {
      throw new IllegalArgumentException(instructions.size() + " instructions");
    }
  }

  /** The bytes of the sock_filter array, little-endian, 8 bytes an instruction. */
  public byte[] toBytes() {
    return toBytes(ByteOrder.LITTLE_ENDIAN);
  }

  /** The bytes of the sock_filter array, 8 an instruction. */
  public byte[] toBytes(ByteOrder order) {
    ByteBuffer out = ByteBuffer.allocate(instructions.size() * 8).order(order);
    for (SockFilter i : instructions) {
      out.putShort((short) i.code()).put((byte) i.jt()).put((byte) i.jf()).putInt(i.k());
    }
    return out.array();
  }
}

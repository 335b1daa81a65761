package dev.caisson.policy.seccomp;

/**
 * The operations of classic BPF that filters use, all of which the kernel's cache of always allowed
 * calls understands (linux/bpf_common.h), and struct seccomp_data's layout.
 */
final class Bpf {
  /** Load the word at k of seccomp_data. */
  static final int LD = 0x20;

  static final int JA = 0x05;
  static final int JEQ = 0x15;
  static final int JGT = 0x25;
  static final int JGE = 0x35;
  static final int JSET = 0x45;
  static final int AND = 0x54;
  static final int RET = 0x06;

  static final int NUMBER = 0;
  static final int ARCH = 4;

  /** The high word of the instruction pointer, on little-endian machines. */
  static final int POINTER_HIGH = 12;

  static final int ARGUMENTS = 16;
  static final int DATA_SIZE = 64;

  /** The furthest a conditional jump reaches. */
  static final int MAX_JUMP = 255;

  private Bpf() {}

  /** __AUDIT_ARCH_LE of linux/audit.h. */
  static boolean isLittleEndian(int auditArch) {
    return (auditArch & 0x40000000) != 0;
  }
}

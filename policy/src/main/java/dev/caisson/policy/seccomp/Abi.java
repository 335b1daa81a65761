package dev.caisson.policy.seccomp;

import dev.caisson.policy.Architecture;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A system call interface of the kernel: numbers, the layout of arguments, and the AUDIT_ARCH
 * constant by which a filter tells it from others (linux/audit.h).
 */
public enum Abi {
  X86_64("x86_64", "amd64", 0xC000003E, 8),
  /** 64-bit registers and 32-bit pointers; shares AUDIT_ARCH with x86_64, told by a bit. */
  X32("x32", "x32", 0xC000003E, 8),
  I386("i386", "x86", 0x40000003, 4),
  AARCH64("aarch64", "arm64", 0xC00000B7, 8),
  ARM("arm", "arm", 0x40000028, 4),
  RISCV64("riscv64", "riscv64", 0xC00000F3, 8),
  LOONGARCH64("loongarch64", "loong64", 0xC0000102, 8),
  PPC64("ppc64", "ppc64le", 0xC0000015, 8),
  S390X("s390x", "s390x", 0x80000016, 8);

  private final String kernelName;
  private final String ociName;
  private final int auditArch;
  private final int registerBytes;

  Abi(String kernelName, String ociName, int auditArch, int registerBytes) {
    this.kernelName = kernelName;
    this.ociName = ociName;
    this.auditArch = auditArch;
    this.registerBytes = registerBytes;
  }

  /** The native ABI of an architecture. */
  public static Abi of(Architecture architecture) {
    return switch (architecture) {
      case X86_64 -> X86_64;
      case AARCH64 -> AARCH64;
    };
  }

  /** The ABI that either naming calls {@code name}. */
  public static Optional<Abi> named(String name) {
    for (Abi abi : values()) {
      if (abi.kernelName.equals(name) || abi.ociName.equals(name)) {
        return Optional.of(abi);
      }
    }
    return Optional.empty();
  }

  /** Whether a kernel whose native ABI is {@code nativeAbi} may have this one as a compat ABI. */
  public boolean isServedBy(Abi nativeAbi) {
    return switch (this) {
      case I386, X32 -> nativeAbi == X86_64;
      case ARM -> nativeAbi == AARCH64;
      default -> false;
    };
  }

  /** As uname(2) and the tables of the profiles module name it. */
  public String kernelName() {
    return kernelName;
  }

  /** As the conditions of an OCI profile name it. */
  public String ociName() {
    return ociName;
  }

  /** What seccomp_data.arch carries. */
  public int auditArch() {
    return auditArch;
  }

  /** Bytes of a register, and of an argument at most. */
  int registerBytes() {
    return registerBytes;
  }

  /** The order of the bytes in seccomp_data and in a filter's instructions. */
  public ByteOrder byteOrder() {
    return Bpf.isLittleEndian(auditArch) ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /** Whether an argument of 64 bits takes a pair of registers that starts at an even one. */
  boolean alignsPairs() {
    return this == ARM;
  }

  /** Where the low word of an argument lies in seccomp_data. */
  int low(int argument) {
    return Bpf.ARGUMENTS + 8 * argument + (byteOrder() == ByteOrder.BIG_ENDIAN ? 4 : 0);
  }

  /** Where the high word of an argument lies in seccomp_data. */
  int high(int argument) {
    return low(argument) ^ 4;
  }
}

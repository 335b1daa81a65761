package dev.caisson.policy;

/** A processor architecture Caisson launches on. */
public enum Architecture {
  X86_64("x86_64", "amd64", 0xC000003E),
  AARCH64("aarch64", "arm64", 0xC00000B7);

  private final String kernelName;
  private final String ociName;
  private final int auditArch;

  Architecture(String kernelName, String ociName, int auditArch) {
    this.kernelName = kernelName;
    this.ociName = ociName;
    this.auditArch = auditArch;
  }

  /** As uname(2) and the syscall tables name it. */
  public String kernelName() {
    return kernelName;
  }

  /** As an OCI image's platform names it. */
  public String ociName() {
    return ociName;
  }

  /** The AUDIT_ARCH constant that seccomp_data.arch carries (linux/audit.h). */
  public int auditArch() {
    return auditArch;
  }

  /** This process's own, from the {@code os.arch} property. */
  public static Architecture current() {
    String name = System.getProperty("os.arch", "");
    for (Architecture architecture : values()) {
      if (architecture.kernelName.equals(name) || architecture.ociName.equals(name)) {
        return architecture;
      }
    }
    throw new IllegalStateException("Caisson runs on x86_64 and aarch64, not on " + name);
  }
}

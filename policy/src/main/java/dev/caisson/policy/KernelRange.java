package dev.caisson.policy;

import java.util.Optional;

/** Kernel versions on one side of another, as {@code >=6.7}. */
record KernelRange(Side side, KernelVersion version) {
  static final String EXPECTED = "a kernel version behind >=, < or ==, as \">=6.7\"";

  /** How kernels that lie in it relate to its version. */
  enum Side {
    AT_LEAST(">="),
    BEFORE("<"),
    EXACTLY("==");

    private final String sign;

    Side(String sign) {
      this.sign = sign;
    }
  }

  static Optional<KernelRange> parse(String text) {
    for (Side side : Side.values()) {
      if (text.startsWith(side.sign)) {
        return version(text.substring(side.sign.length())).map(v -> new KernelRange(side, v));
      }
    }
    return Optional.empty();
  }

  private static Optional<KernelVersion> version(String text) {
    int dot = text.indexOf('.');
    int major = dot < 0 ? -1 : Numbers.decimal(text.substring(0, dot), 999);
    int minor = dot < 0 ? -1 : Numbers.decimal(text.substring(dot + 1), 999);
    return major < 0 || minor < 0 ? Optional.empty() : Optional.of(new KernelVersion(major, minor));
  }

  boolean contains(KernelVersion kernel) {
    int order = kernel.compareTo(version);
    return switch (side) {
      case AT_LEAST -> order >= 0;
      case BEFORE -> order < 0;
      case EXACTLY -> order == 0;
    };
  }

  /** The version that comes directly behind its own. */
  KernelVersion next() {
    return new KernelVersion(version.major(), version.minor() + 1);
  }
}

package dev.caisson.launch;

/** Terminals of this process. */
public final class Terminal {
  private static final long TCGETS = 0x5401;
  private static final int TERMIOS_BYTES = 64;

  private Terminal() {}

  /** Whether a descriptor is a terminal, as isatty(3) finds it. */
  public static boolean isTerminal(int descriptor) {
    try (SystemCalls.Memory settings = SystemCalls.allocate(TERMIOS_BYTES)) {
      return SystemCalls.call(Syscall.IOCTL, descriptor, TCGETS, settings.address()) == 0;
    }
  }
}

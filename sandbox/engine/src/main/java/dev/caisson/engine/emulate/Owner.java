package dev.caisson.engine.emulate;

import java.util.Optional;

/**
 * Whose a file seems to be.
 *
 * @param node the device node that it seems to be; else it is what it is
 */
record Owner(int user, int group, Optional<Node> node) {
  /** A character device. */
  record Node(int major, int minor) {
    /** The devices of every sandbox that do no harm (null zero full random urandom tty). */
    boolean isHarmless() {
      return major == 1 && (minor == 3 || minor == 5 || minor == 7 || minor == 8 || minor == 9)
          || major == 5 && minor == 0;
    }

    /** Of the number that mknod(2) is given. */
    static Node of(int device) {
      return new Node(device >>> 8 & 0xfff, device & 0xff | device >>> 12 & 0xfff00);
    }
  }
}

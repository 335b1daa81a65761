package dev.caisson.policy;

import java.util.Optional;

/** A transport protocol with ports. */
public enum Protocol {
  TCP,
  UDP;

  /** What stands behind the last slash of {@code text}; TCP where there is none. */
  static Optional<Protocol> ofSuffix(String text) {
    int slash = text.lastIndexOf('/');
    return switch (slash < 0 ? "tcp" : text.substring(slash + 1)) {
      case "tcp" -> Optional.of(TCP);
      case "udp" -> Optional.of(UDP);
      default -> Optional.empty();
    };
  }

  static String withoutSuffix(String text) {
    int slash = text.lastIndexOf('/');
    return slash < 0 ? text : text.substring(0, slash);
  }
}

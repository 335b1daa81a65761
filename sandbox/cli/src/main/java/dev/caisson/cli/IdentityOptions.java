package dev.caisson.cli;

import dev.caisson.engine.IdentityFlags;
import dev.caisson.policy.UserMap;
import java.util.List;

/** The flags that say who the workload is. */
final class IdentityOptions {
  static final Flag USER =
      Flag.value(
          "-u --user",
          "USER[:GROUP]",
          "Run as this user inside, a number or a name of the root's /etc/passwd; 'caller' keeps"
              + " your own ids.");
  static final Flag USERNS =
      Flag.value(
          "--userns",
          "single|range|auto",
          "Know one id of the host inside, yours, or a range of subordinate ids; auto takes a"
              + " range where one is needed.");

  static final List<Flag> ALL = List.of(USER, USERNS);

  private final Arguments arguments;

  IdentityOptions(Arguments arguments) {
    this.arguments = arguments;
  }

  IdentityFlags identity() {
    return new IdentityFlags(
        arguments.text(USERNS).map(IdentityOptions::map), arguments.text(USER));
  }

  private static UserMap map(String wanted) {
    return switch (wanted) {
      case "range" -> UserMap.RANGE;
      case "auto" -> UserMap.AUTO;
      default -> UserMap.SINGLE;
    };
  }
}

package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;

/**
 * What a launch changes in the rules of any profile.
 *
 * @param unixSockets whether the payload may make Unix sockets, where the profile lets it
 */
public record LaunchVariant(UserNamespaces userNamespaces, boolean unixSockets) {
  /** Who decides whether the payload may make user namespaces. */
  public enum UserNamespaces {
    /** The profile, and outside it a limit of the kernel. */
    OF_PROFILE,
    /** The policy: it may, and it may mount within them. */
    NESTED,
    /** The filter: it may not, since the kernel's limit cannot be set. */
    NONE
  }

  /** Whatever the profile says, but for the limit of core files. */
  public static final LaunchVariant PLAIN = new LaunchVariant(UserNamespaces.OF_PROFILE, true);

  static List<LaunchVariant> all() {
    List<LaunchVariant> all = new ArrayList<>();
    for (UserNamespaces userNamespaces : UserNamespaces.values()) {
      all.add(new LaunchVariant(userNamespaces, true));
      all.add(new LaunchVariant(userNamespaces, false));
    }
    return all;
  }

  FilterRules of(FilterRules rules) {
    List<SeccompRules> abis = new ArrayList<>();
    for (SeccompRules each : rules.abis()) {
      SeccompRules fixed = each.withFixedCoreLimit();
      SeccompRules changed =
          switch (userNamespaces) {
            case OF_PROFILE -> fixed;
            case NESTED -> fixed.withNestedNamespaces();
            case NONE -> fixed.withoutUserNamespaces();
          };
      abis.add(unixSockets ? changed : changed.withoutUnixSockets());
    }
    return new FilterRules(abis, true);
  }

  /** A word for file names. */
  String word() {
    String sockets = unixSockets ? "unix" : "no-unix";
    return switch (userNamespaces) {
      case OF_PROFILE -> sockets;
      case NESTED -> "nested-" + sockets;
      case NONE -> "no-userns-" + sockets;
    };
  }
}

package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.Network;
import java.util.List;
import java.util.Optional;

/**
 * A word ahead about a command that will miss what the view hides, and whose own error is vague.
 */
final class CommandHint {
  private static final List<String> NETWORK =
      List.of(
          "curl",
          "wget",
          "ssh",
          "scp",
          "sftp",
          "rsync",
          "ftp",
          "telnet",
          "nc",
          "ncat",
          "ping",
          "dig",
          "host",
          "nslookup",
          "apt",
          "apt-get",
          "dnf",
          "docker",
          "podman",
          "kubectl",
          "gh");

  private CommandHint() {}

  static Optional<String> of(UnixPath command, EffectivePolicy policy) {
    if (command.components().isEmpty() || !(policy.network() instanceof Network.None)) {
      return Optional.empty();
    }
    String name = NameResolution.name(command).toString();
    return NETWORK.contains(name)
        ? Optional.of(
            name
                + " finds no network inside; --egress HOST:PORT lets it reach one, --network"
                + " private any")
        : Optional.empty();
  }
}

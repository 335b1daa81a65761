package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.DirectoryEntry.Kind;
import dev.caisson.launch.HostReader;
import dev.caisson.policy.HostFacts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Files that a bound system directory holds and that are not for everyone: in /opt, which
 * applications fill as they like, environment files and keys by their names; there and in /etc what
 * the caller reads through a group alone.
 */
final class SecretFiles {
  private static final UnixPath OPT = UnixPath.of("/opt");
  private static final UnixPath ETC = UnixPath.of("/etc");

  private static final List<String> NAMES =
      List.of(
          ".ssh",
          ".gnupg",
          ".aws",
          ".kube",
          ".docker",
          ".netrc",
          ".npmrc",
          ".pypirc",
          ".pgpass",
          ".git-credentials",
          "id_rsa",
          "id_dsa",
          "id_ecdsa",
          "id_ed25519");

  private static final List<String> ENDINGS = List.of(".key", ".p12", ".pfx", ".jks", ".kdbx");

  private final HostReader reader;
  private final boolean hasGroups;

  SecretFiles(HostFacts host) {
    this.reader = new HostReader(host.uid());
    this.hasGroups = host.supplementaryGroups().stream().anyMatch(group -> group != host.gid());
  }

  /**
   * Those below a system directory of the host; absent where it holds too many files to search.
   *
   * @param directory without symbolic links
   */
  Optional<List<UnixPath>> below(UnixPath directory) {
    boolean byName = directory.startsWith(OPT);
    if (!byName && !(hasGroups && directory.startsWith(ETC))) {
      return Optional.of(List.of());
    }
    return TreeSearch.below(directory, (path, kind) -> kind != Kind.LINK && hides(path, byName));
  }

  private boolean hides(UnixPath path, boolean byName) {
    return (byName && isSecret(NameResolution.name(path).toString()))
        || (hasGroups && reader.seesThroughGroup(path));
  }

  /** By its name; a .pem may be a certificate that everyone needs. */
  static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith(".env") || NAMES.contains(lower)) {
      return true;
    }
    if (lower.endsWith(".pem") && lower.contains("key")) {
      return true;
    }
    for (String ending : ENDINGS) {
      if (lower.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }
}

package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.HostFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What git needs in a view that hides the home directory: who the user is, and a word about a
 * repository whose top is not shown.
 */
final class GitView {
  private static final int CONFIGURATION_LIMIT = 1 << 20;

  private final HostFacts host;

  GitView(HostFacts host) {
    this.host = host;
  }

  /**
   * Variables that carry user.name and user.email of the hidden configuration (git(1),
   * GIT_CONFIG_COUNT). They would outrank the repository's own, so what it sets is left out. A
   * sandbox of root has another user id than root's files, which git would distrust.
   */
  Map<String, UnixPath> environment() {
    Map<String, String> identity = new LinkedHashMap<>();
    configurations().forEach(file -> identity.putAll(read(file)));
    top().filter(this::isOfRoot).ifPresent(top -> identity.put("safe.directory", top.toString()));
    top().ifPresent(top -> identity.keySet().removeAll(read(top.resolve(".git/config")).keySet()));
    Map<String, UnixPath> variables = new LinkedHashMap<>();
    int count = 0;
    for (Map.Entry<String, String> setting : identity.entrySet()) {
      variables.put("GIT_CONFIG_KEY_" + count, UnixPath.of(setting.getKey()));
      variables.put(
          "GIT_CONFIG_VALUE_" + count,
          UnixPath.of(setting.getValue().getBytes(StandardCharsets.ISO_8859_1)));
      count++;
    }
    if (count > 0) {
      variables.put("GIT_CONFIG_COUNT", UnixPath.of(Integer.toString(count)));
    }
    return variables;
  }

  /**
   * Directories below {@code directory} that its git runs programs of, relative to it: what
   * core.hooksPath says in its own configuration and in the user's.
   */
  List<UnixPath> hooks(UnixPath directory) {
    List<UnixPath> files = new ArrayList<>(configurations());
    files.add(directory.resolve(".git/config"));
    List<UnixPath> found = new ArrayList<>();
    for (UnixPath file : files) {
      HostFiles.start(file, CONFIGURATION_LIMIT)
          .flatMap(GitConfiguration::hooks)
          .map(path -> UnixPath.of(path.getBytes(StandardCharsets.ISO_8859_1)))
          .flatMap(path -> HostFiles.canonical(path.isAbsolute() ? path : directory.resolve(path)))
          .filter(path -> path.startsWith(directory) && !path.equals(directory))
          .ifPresent(path -> found.add(NameResolution.relative(directory, path)));
    }
    return found;
  }

  private List<UnixPath> configurations() {
    return List.of(
        UnixPath.of("/etc/gitconfig"),
        configurationHome().resolve("git/config"),
        host.home().resolve(".gitconfig"));
  }

  /** The top of the repository where the current directory lies below it. */
  Optional<UnixPath> hiddenTop() {
    return top().filter(top -> !top.equals(host.currentDirectory()));
  }

  private boolean isOfRoot(UnixPath directory) {
    return host.uid() == 0
        && HostFiles.status(directory).filter(status -> status.uid() == 0).isPresent();
  }

  private Optional<UnixPath> top() {
    return GitRepository.top(host.currentDirectory());
  }

  private UnixPath configurationHome() {
    return Optional.ofNullable(host.environment().get("XDG_CONFIG_HOME"))
        .filter(UnixPath::isAbsolute)
        .orElseGet(() -> host.home().resolve(".config"));
  }

  private static Map<String, String> read(UnixPath file) {
    return HostFiles.start(file, CONFIGURATION_LIMIT)
        .map(GitConfiguration::identity)
        .orElse(Map.of());
  }
}

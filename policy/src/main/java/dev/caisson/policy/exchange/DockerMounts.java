package dev.caisson.policy.exchange;

import dev.caisson.policy.exchange.DockerFlags.Given;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** {@code -v}, {@code --mount} and {@code --tmpfs}. */
final class DockerMounts {
  private static final long DEFAULT_BYTES = 64L << 20;

  /** Keys that a mount may have several of. */
  private static final List<String> REPEATED = List.of("volume-label", "volume-opt");

  private final Report report;
  private final ContainerDraft draft;

  DockerMounts(Report report, ContainerDraft draft) {
    this.report = report;
    this.draft = draft;
  }

  /** SOURCE:TARGET[:OPTION,...] or TARGET alone. */
  void volume(Given flag) {
    String[] parts = flag.value().split(":", -1);
    if (parts.length == 1) {
      report.add(
          Kind.NOT_ALLOWED, flag.place(), "a volume of the engine's; use --tmpfs or a directory");
      return;
    }
    if (parts.length > 3) {
      report.mistake(flag.place(), "expected SOURCE:TARGET:OPTIONS, found " + flag.value());
      return;
    }
    boolean readOnly = false;
    for (String option : parts.length == 3 ? parts[2].split(",", -1) : new String[0]) {
      switch (option) {
        case "ro" -> readOnly = true;
        case "rw" -> readOnly = false;
        case "z", "Z", "nocopy", "cached", "consistent", "delegated", "private", "rprivate" ->
            report.add(Kind.NOTE, flag.place(), option + " has no effect here");
        case "shared", "rshared", "slave", "rslave" ->
            report.add(Kind.NOT_ALLOWED, flag.place(), "mounts that are made later");
        default -> report.mistake(flag.place(), "docker run knows no such option: " + option);
      }
    }
    bind(flag, parts[0], parts[1], readOnly);
  }

  private void bind(Given flag, String source, String target, boolean readOnly) {
    if (!source.startsWith("/") && !source.startsWith("./") && !source.equals(".")) {
      report.add(
          Kind.NOT_ALLOWED,
          flag.place(),
          "the engine's volume " + source + "; a directory begins with / or ./");
      return;
    }
    Optional<String> refused =
        source.startsWith("/") ? SourcePath.refusal(source) : Optional.empty();
    if (refused.isPresent()) {
      report.add(Kind.NOT_ALLOWED, flag.place(), refused.get());
      return;
    }
    String written = ContainerDraft.literal(source);
    draft.bind(
        target, source.startsWith("/") ? written : "${cwd}" + written.substring(1), readOnly);
  }

  /** KEY=VALUE,... */
  void mount(Given flag) {
    String type = "volume";
    String source = "";
    String target = "";
    boolean readOnly = false;
    List<String> tmpfs = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String word : flag.value().split(",", -1)) {
      int equals = word.indexOf('=');
      String key = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? "true" : word.substring(equals + 1);
      if (!seen.add(oneName(key)) && !REPEATED.contains(key)) {
        report.mistake(flag.place(), oneName(key) + " is given twice");
      }
      switch (key) {
        case "type" -> type = value;
        case "source", "src" -> source = value;
        case "target", "dst", "destination" -> target = value;
        case "readonly", "ro" -> readOnly = truth(flag, key, value);
        case "tmpfs-size" -> tmpfs.add("size=" + value);
        case "tmpfs-mode" -> tmpfs.add("mode=" + value);
        case "consistency", "volume-nocopy" ->
            report.add(Kind.NOTE, flag.place(), key + " has no effect here");
        case "bind-recursive" -> recursive(flag, value);
        case "bind-nonrecursive" ->
            recursive(flag, truth(flag, key, value) ? "disabled" : "enabled");
        case "bind-propagation" -> {
          if (!value.endsWith("private")) {
            report.add(Kind.NOT_ALLOWED, flag.place(), "mounts that are made later");
          }
        }
        case "volume-driver", "volume-label", "volume-opt", "volume-subpath" ->
            report.add(Kind.NOT_ALLOWED, flag.place(), "a volume of the engine's");
        default -> report.mistake(flag.place(), "docker run knows no such option: " + key);
      }
    }
    switch (type) {
      case "bind" -> bind(flag, source, target, readOnly);
      case "tmpfs" -> {
        if (readOnly) {
          tmpfs.add("ro");
        }
        tmpfs(flag, target, tmpfs);
      }
      case "volume", "image", "npipe", "cluster" ->
          report.add(Kind.NOT_ALLOWED, flag.place(), "a mount of the type " + type);
      default -> report.mistake(flag.place(), "docker run knows no mount of the type " + type);
    }
  }

  /** A key by the one of its names that messages use. */
  private static String oneName(String key) {
    return switch (key) {
      case "src" -> "source";
      case "dst", "destination" -> "target";
      case "ro" -> "readonly";
      default -> key;
    };
  }

  private boolean truth(Given flag, String key, String value) {
    Optional<Boolean> truth = DockerFlags.truth(value);
    if (truth.isEmpty()) {
      report.mistake(flag.place(), key + " is true or false, not " + value);
    }
    return truth.orElse(true);
  }

  private void recursive(Given flag, String value) {
    switch (value) {
      case "enabled", "readonly" ->
          report.add(Kind.NOTE, flag.place(), "binds are always recursive, and read-only ones too");
      case "writable" ->
          report.add(Kind.NOTE, flag.place(), "what is mounted below is read-only too");
      case "disabled" ->
          report.add(Kind.NOT_ENFORCED, flag.place(), "a bind without what is mounted below it");
      default ->
          report.mistake(
              flag.place(),
              "bind-recursive is enabled, disabled, writable or readonly, not " + value);
    }
  }

  /** TARGET[:OPTION,...] */
  void tmpfs(Given flag) {
    int colon = flag.value().indexOf(':');
    String target = colon < 0 ? flag.value() : flag.value().substring(0, colon);
    List<String> options =
        colon < 0 ? List.of() : List.of(flag.value().substring(colon + 1).split(",", -1));
    tmpfs(flag, target, options);
  }

  private void tmpfs(Given flag, String target, List<String> options) {
    OptionalLong bytes = OptionalLong.of(DEFAULT_BYTES);
    String mode = "1777";
    boolean exec = false;
    boolean sized = false;
    for (String option : options) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      switch (key) {
        case "size" -> {
          bytes = Quantity.bytes(value);
          sized = true;
        }
        case "mode" -> mode = value;
        case "exec" -> exec = true;
        case "noexec" -> exec = false;
        case "rw", "nosuid", "nodev", "async", "atime", "noatime", "relatime", "strictatime" -> {
          // always so, or no matter of rights
        }
        case "ro" -> report.add(Kind.NOT_ENFORCED, flag.place(), "a tmpfs that is read-only");
        case "suid", "dev" ->
            report.add(Kind.NOT_ALLOWED, flag.place(), "a tmpfs with devices and setuid bits");
        case "uid", "gid", "nr_inodes", "nr_blocks", "huge", "mpol" ->
            report.add(Kind.NOT_ENFORCED, flag.place(), "the option " + key);
        default -> report.mistake(flag.place(), "docker run knows no such option: " + key);
      }
    }
    if (bytes.isEmpty() || bytes.getAsLong() == 0) {
      report.mistake(flag.place(), "expected a size, as size=64m");
      return;
    }
    if (!sized) {
      report.add(Kind.NOTE, flag.place(), "no size is given: 64 MiB");
    }
    draft.tmpfs(target, bytes.getAsLong(), mode, exec);
  }
}

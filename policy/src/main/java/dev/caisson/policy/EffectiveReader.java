package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonBoolean;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.EffectivePolicy.Device;
import dev.caisson.policy.EffectivePolicy.Environment;
import dev.caisson.policy.EffectivePolicy.Identity;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.EffectivePolicy.Network;
import dev.caisson.policy.EffectivePolicy.ProcView;
import dev.caisson.policy.EffectivePolicy.ProcessSettings;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import dev.caisson.policy.Settings.Setting;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Gives each setting its type and its value on this host; what is not set is denied. */
final class EffectiveReader {
  private static final String DEFAULT_HOSTNAME = "caisson";
  private static final int DEFAULT_UMASK = 022;

  private final Settings settings;
  private final View view;
  private final HostFacts host;
  private final List<PolicyProblem> problems;
  private final Variables variables;

  EffectiveReader(Settings settings, View view, HostFacts host, List<PolicyProblem> problems) {
    this.settings = settings;
    this.view = view;
    this.host = host;
    this.problems = problems;
    variables = new Variables(host);
  }

  EffectivePolicy read() {
    settings.keyed("vars").forEach(this::declare);
    FilesystemReader filesystem = new FilesystemReader(settings, host, variables);
    filesystem.read();
    return new EffectivePolicy(
        settings.name(),
        view,
        capabilities(),
        seccomp(),
        word("root", RootAccess.values()).orElse(RootAccess.READ_ONLY),
        filesystem.mounts(),
        word("proc", ProcView.values()).orElse(ProcView.PID_ONLY),
        filesystem.masked(),
        filesystem.readOnly(),
        devices(),
        word("network", Network.values()).orElse(Network.NONE),
        limits(),
        environment(),
        process(),
        flag("landlock").orElse(true),
        flag("namespaces.nestedUser").orElse(false),
        flag("unixSockets").orElse(false),
        bestEffort(),
        settings.get("images").map(Setting::value));
  }

  private void declare(String name, Setting setting) {
    if (!(setting.value() instanceof JsonString text)) {
      settings.problem(setting, "expected the variable's default, a string");
    } else if (!variables.declare(name, text.value())) {
      settings.problem(setting, "${" + name + "} has a meaning of its own; choose another name");
    }
  }

  private Set<Capability> capabilities() {
    Set<Capability> kept = EnumSet.noneOf(Capability.class);
    settings
        .get("capabilities.keep")
        .ifPresent(
            setting ->
                elements(
                    setting,
                    (path, text) -> {
                      Optional<Capability> named = Capability.named(text.value());
                      named.ifPresent(kept::add);
                      if (named.isEmpty()) {
                        unknown(
                            setting,
                            text,
                            path,
                            "capability",
                            Arrays.stream(Capability.values()).map(Capability::fullName).toList());
                      }
                    }));
    return kept;
  }

  private SeccompProfile seccomp() {
    Optional<Setting> setting = settings.get("seccomp.profile");
    Map<String, Setting> calls = settings.keyed("seccomp.call");
    SeccompProfile profile = setting.flatMap(this::profile).orElseGet(() -> builtIn("strict"));
    if (calls.isEmpty()) {
      return profile;
    }
    List<JsonProblem> found = new ArrayList<>();
    List<String> allow = new ArrayList<>();
    List<String> deny = new ArrayList<>();
    calls.forEach(
        (name, verdict) -> {
          boolean allows =
              verdict.value() instanceof JsonString text && text.value().equals("allow");
          (allows ? allow : deny).add(name);
          SeccompProfile.hintUnknownCall(name)
              .ifPresent(hint -> settings.problem(verdict, "no such system call" + hint));
        });
    problems.addAll(Settings.located(settings.name(), found));
    return profile.layered(allow, deny);
  }

  private Optional<SeccompProfile> profile(Setting setting) {
    if (setting.value() instanceof JsonString name) {
      if (SeccompProfile.BUILT_IN.contains(name.value())) {
        return Optional.of(builtIn(name.value()));
      }
      unknown(setting, name, setting.path(), "seccomp profile", SeccompProfile.BUILT_IN);
      return Optional.empty();
    }
    List<JsonProblem> found = new ArrayList<>();
    Optional<SeccompProfile> profile =
        SeccompProfile.read(settings.name(), setting.value(), setting.path(), found);
    problems.addAll(Settings.located(setting.source(), found));
    return profile;
  }

  private static SeccompProfile builtIn(String name) {
    return SeccompProfile.builtIn(name);
  }

  private Set<Device> devices() {
    Set<Device> listed = EnumSet.noneOf(Device.class);
    settings
        .get("devices")
        .ifPresent(
            setting ->
                elements(
                    setting,
                    (path, text) -> {
                      Optional<Device> device = named(Device.values(), text.value());
                      device.ifPresent(listed::add);
                      if (device.isEmpty()) {
                        unknown(setting, text, path, "device", words(Device.values()));
                      }
                    }));
    return listed;
  }

  private Limits limits() {
    return new Limits(
        count("limits.openFiles"),
        count("limits.pids"),
        size("limits.fileSize"),
        duration("limits.cpuTime")
            .map(d -> OptionalLong.of(d.toSeconds()))
            .orElse(OptionalLong.empty()),
        size("limits.memory"),
        duration("limits.wallClock"));
  }

  private Environment environment() {
    List<String> pass = new ArrayList<>();
    settings
        .keyed("environment.pass")
        .forEach(
            (name, setting) -> {
              if (setting.value() instanceof JsonBoolean on && on.value()) {
                pass.add(name);
              }
            });
    Map<String, UnixPath> set = new HashMap<>();
    settings
        .keyed("environment.set")
        .forEach(
            (name, setting) -> {
              if (setting.value() instanceof JsonString text) {
                expand(setting, text.value()).ifPresent(value -> set.put(name, value));
              } else if (!(setting.value() instanceof JsonBoolean)) {
                settings.problem(setting, "expected a string, found " + setting.value().kind());
              }
            });
    return new Environment(pass, set);
  }

  private ProcessSettings process() {
    Optional<UnixPath> cwd = settings.get("process.cwd").flatMap(this::text);
    cwd.filter(path -> !path.isAbsolute())
        .ifPresent(
            path ->
                settings.problem(
                    settings.get("process.cwd").orElseThrow(), "expected an absolute path"));
    String hostname =
        settings
            .get("process.hostname")
            .flatMap(this::text)
            .map(UnixPath::toString)
            .orElse(DEFAULT_HOSTNAME);
    return new ProcessSettings(
        word("process.identity", Identity.values()).orElse(Identity.ROOT),
        cwd,
        hostname,
        settings.get("process.umask").map(this::umask).orElse(DEFAULT_UMASK));
  }

  private int umask(Setting setting) {
    if (setting.value() instanceof JsonString text && text.value().length() <= 4) {
      try {
        int mask = Integer.parseInt(text.value(), 8);
        if (mask >= 0 && mask <= 0777) {
          return mask;
        }
      } catch (NumberFormatException notOctal) {
        // said below
      }
    }
    settings.problem(setting, "expected an octal mask in quotes, as \"022\"");
    return DEFAULT_UMASK;
  }

  private Set<Protection> bestEffort() {
    Set<Protection> result = EnumSet.noneOf(Protection.class);
    for (Setting setting : settings.bestEffort()) {
      if (setting.value() instanceof JsonString text) {
        Optional<Protection> protection = named(Protection.values(), text.value());
        protection.ifPresent(result::add);
        if (protection.isEmpty()) {
          unknown(setting, text, setting.path(), "protection", words(Protection.values()));
        }
      }
    }
    return result;
  }

  private interface Element {
    void read(String path, JsonString text);
  }

  private void elements(Setting setting, Element reader) {
    if (!(setting.value() instanceof dev.caisson.json.JsonArray array)) {
      settings.problem(setting, "expected an array, found " + setting.value().kind());
      return;
    }
    int index = 0;
    for (JsonValue value : array.elements()) {
      String path = setting.path() + "[" + index++ + "]";
      if (value instanceof JsonString text) {
        reader.read(path, text);
      } else {
        settings.problem(setting, value, path, "expected a string, found " + value.kind());
      }
    }
  }

  private Optional<Boolean> flag(String key) {
    Optional<Setting> setting = settings.get(key);
    if (setting.isPresent() && setting.get().value() instanceof JsonBoolean flag) {
      return Optional.of(flag.value());
    }
    setting.ifPresent(
        s -> settings.problem(s, "expected true or false, found " + s.value().kind()));
    return Optional.empty();
  }

  private <E extends Enum<E>> Optional<E> word(String key, E[] values) {
    Optional<Setting> setting = settings.get(key);
    if (setting.isEmpty()) {
      return Optional.empty();
    }
    if (setting.get().value() instanceof JsonString text) {
      Optional<E> value = named(values, text.value());
      if (value.isEmpty()) {
        settings.problem(
            setting.get(),
            "expected one of "
                + String.join(", ", words(values))
                + ", found \""
                + dev.caisson.Printable.of(text.value())
                + "\""
                + Settings.hint(text.value(), words(values)));
      }
      return value;
    }
    settings.problem(setting.get(), "expected a string, found " + setting.get().value().kind());
    return Optional.empty();
  }

  private OptionalLong count(String key) {
    Optional<Setting> setting = settings.get(key);
    if (setting.isPresent() && setting.get().value() instanceof JsonNumber number) {
      try {
        long value = Long.parseLong(number.literal());
        if (value > 0) {
          return OptionalLong.of(value);
        }
      } catch (NumberFormatException notWhole) {
        // said below
      }
    }
    setting.ifPresent(s -> settings.problem(s, "expected a whole number above 0"));
    return OptionalLong.empty();
  }

  private OptionalLong size(String key) {
    Optional<Setting> setting = settings.get(key);
    if (setting.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong bytes =
        setting.get().value() instanceof JsonString text
            ? Quantity.bytes(text.value())
            : OptionalLong.empty();
    if (bytes.isEmpty()) {
      settings.problem(setting.get(), "expected a size with a unit, as \"512MiB\"");
    }
    return bytes;
  }

  private Optional<Duration> duration(String key) {
    Optional<Setting> setting = settings.get(key);
    if (setting.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> duration =
        setting.get().value() instanceof JsonString text
            ? Quantity.duration(text.value()).filter(d -> !d.isZero())
            : Optional.empty();
    if (duration.isEmpty()) {
      settings.problem(setting.get(), "expected a duration with a unit, as \"90s\" or \"10m\"");
    }
    return duration;
  }

  private Optional<UnixPath> text(Setting setting) {
    if (setting.value() instanceof JsonString text) {
      return expand(setting, text.value());
    }
    settings.problem(setting, "expected a string, found " + setting.value().kind());
    return Optional.empty();
  }

  private Optional<UnixPath> expand(Setting setting, String text) {
    Variables.Expansion expansion = variables.expand(text);
    if (expansion.value().isEmpty()) {
      settings.problem(setting, expansion.problem());
    }
    return expansion.value();
  }

  private void unknown(
      Setting setting, JsonString text, String path, String kind, List<String> words) {
    settings.problem(
        setting,
        text,
        path,
        "no such "
            + kind
            + ": \""
            + dev.caisson.Printable.of(text.value())
            + "\""
            + Settings.hint(text.value(), words));
  }

  /** A constant's name as policies write it: READ_ONLY is {@code read-only}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <E extends Enum<E>> List<String> words(E[] values) {
    return Arrays.stream(values).map(EffectiveReader::word).toList();
  }

  private static <E extends Enum<E>> Optional<E> named(E[] values, String word) {
    return Arrays.stream(values).filter(v -> word(v).equals(word)).findFirst();
  }
}

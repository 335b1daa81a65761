package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.EffectivePolicy.Environment;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.EffectivePolicy.ProcessSettings;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Decides everything that a policy leaves to the host. */
final class PolicyResolver {
  private static final String DEFAULT_HOSTNAME = "caisson";
  private static final int LONGEST_HOSTNAME = 64;

  private final PolicyDocument document;
  private final View view;
  private final HostFacts host;
  private final List<PolicyProblem> problems;
  private final Variables variables;

  PolicyResolver(PolicyDocument document, View view, HostFacts host, List<PolicyProblem> problems) {
    this.document = document;
    this.view = view;
    this.host = host;
    this.problems = problems;
    variables = new Variables(host);
  }

  Resolution resolve() {
    Merger merger = new Merger(view, host, capabilities(), problems);
    merger
        .variables(document)
        .all()
        .forEach((name, setting) -> variables.declare(name, setting.value()));
    Body<UnixPath> body = merger.body(document, variables);
    FilesystemResolver filesystem = new FilesystemResolver(host, variables, problems);
    filesystem.resolve(body.filesystem());
    List<Secret> secrets = secrets(body, filesystem);
    ProcessSettings process = process(body);
    // last: it knows which variables of the caller's environment were used anywhere
    Environment environment = environment(body);
    EffectivePolicy policy =
        new EffectivePolicy(
            document.name(),
            view,
            body.value(Fields.CAPABILITIES),
            seccomp(body),
            body.value(Fields.ROOT),
            filesystem.mounts(),
            body.value(Fields.PROC),
            filesystem.masked(),
            filesystem.readOnly(),
            body.value(Fields.DEVICES),
            body.value(Fields.NETWORK),
            secrets,
            limits(body),
            environment,
            process,
            body.value(Fields.LANDLOCK),
            namespaces(body),
            body.value(Fields.UNIX_SOCKETS),
            merger.bestEffort(document),
            body.get(Fields.IMAGES).map(this::trust),
            waivers(body),
            ceilings());
    return new Resolution(policy, body, document, expectations());
  }

  private ImageTrust trust(Setting<JsonValue> images) {
    return new ImageTrust(images.origin().source(), KeyPaths.expanded(images, variables, problems));
  }

  /** What the policy keeps: known before what is conditioned on it, which cannot change it. */
  private Set<Capability> capabilities() {
    if (!asksForCapabilities(document)) {
      return Set.of();
    }
    // mistakes are found again when everything is merged
    List<PolicyProblem> found = new ArrayList<>();
    Merger merger = new Merger(view, host, Set.of(), found);
    Variables unchanged = new Variables(host);
    merger
        .variables(document)
        .all()
        .forEach((name, setting) -> unchanged.declare(name, setting.value()));
    return merger.body(document, unchanged).value(Fields.CAPABILITIES);
  }

  private static boolean asksForCapabilities(PolicyDocument document) {
    return document.parts().stream().anyMatch(part -> part.condition().needsCapabilities())
        || document.parents().stream().anyMatch(PolicyResolver::asksForCapabilities);
  }

  /** The ceilings of what it extends; its own bounds others, but must be sound too. */
  private List<Ceiling> ceilings() {
    List<Ceiling> ceilings = new ArrayList<>();
    for (PolicyDocument parent : document.parents()) {
      inherit(parent, ceilings);
    }
    document.ceiling().ifPresent(this::ceiling);
    return List.copyOf(ceilings);
  }

  private void inherit(PolicyDocument ancestor, List<Ceiling> ceilings) {
    for (PolicyDocument parent : ancestor.parents()) {
      inherit(parent, ceilings);
    }
    ancestor.ceiling().ifPresent(ceiling -> ceilings.add(ceiling(ceiling)));
  }

  private Ceiling ceiling(PolicyDocument written) {
    Resolution resolution = new PolicyResolver(written, view, host, problems).resolve();
    if (!resolution.policy().environment().read().isEmpty()) {
      Origin origin = new Origin(written.name(), written.json().position(), "$.ceiling");
      problem(origin, "it uses ${env:...}, and " + Ceiling.MUST_NOT_DEPEND);
    }
    return new Ceiling(resolution);
  }

  private List<Expectation> expectations() {
    List<Expectation> expectations = new ArrayList<>();
    for (WrittenExpectation written : document.expectations()) {
      written.resolve(variables, problems).ifPresent(expectations::add);
    }
    return expectations;
  }

  private SeccompProfile seccomp(Body<UnixPath> body) {
    SeccompProfile profile =
        body.get(Fields.PROFILE).map(Setting::value).orElse(ProfileChoice.ABSENT).profile();
    return new SeccompResolver(host.architecture(), problems).resolve(profile, body);
  }

  private static Limits limits(Body<UnixPath> body) {
    OptionalLong wallClock = body.value(Fields.WALL_CLOCK);
    return new Limits(
        body.value(Fields.OPEN_FILES),
        body.value(Fields.PIDS),
        body.value(Fields.FILE_SIZE),
        body.value(Fields.CPU_TIME),
        body.value(Fields.MEMORY),
        body.value(Fields.SWAP),
        body.value(Fields.CPUS),
        body.value(Fields.IO_READ),
        body.value(Fields.IO_WRITE),
        wallClock.isPresent()
            ? Optional.of(Duration.ofMillis(wallClock.getAsLong()))
            : Optional.empty(),
        body.value(Fields.OUTPUT),
        body.value(Fields.TMPFS));
  }

  private static Namespaces namespaces(Body<UnixPath> body) {
    return new Namespaces(
        body.value(Fields.USER_MAP),
        body.value(Fields.NESTED_USER),
        body.value(Fields.IPC),
        body.value(Fields.HOST_NAME),
        body.value(Fields.CGROUP),
        body.get(Fields.TIME).map(Setting::value));
  }

  private static List<Secret> secrets(Body<UnixPath> body, FilesystemResolver filesystem) {
    List<Secret> secrets = new ArrayList<>();
    body.secrets()
        .all()
        .forEach(
            (name, setting) -> setting.value().resolve(name, filesystem).ifPresent(secrets::add));
    return secrets;
  }

  private List<Waiver> waivers(Body<UnixPath> body) {
    List<Waiver> waivers = new ArrayList<>();
    body.waivers()
        .all()
        .forEach(
            (rule, setting) -> {
              setting.value().ifPresent(waivers::add);
              setting
                  .value()
                  .flatMap(waiver -> WaiverReader.expired(waiver, host.today()))
                  .ifPresent(said -> problem(setting.origin(), said));
            });
    return waivers;
  }

  private Environment environment(Body<UnixPath> body) {
    List<String> pass = new ArrayList<>();
    body.pass()
        .all()
        .forEach(
            (name, setting) -> {
              if (setting.value()) {
                pass.add(name);
              }
            });
    Map<String, UnixPath> set = new LinkedHashMap<>();
    body.set()
        .all()
        .forEach(
            (name, setting) ->
                setting
                    .value()
                    .flatMap(text -> said(setting.origin(), variables.text(text)))
                    .ifPresent(value -> set.put(name, value)));
    return new Environment(pass, set, variables.read());
  }

  private ProcessSettings process(Body<UnixPath> body) {
    Optional<UnixPath> cwd =
        body.get(Fields.CWD).flatMap(s -> said(s.origin(), variables.path(s.value())));
    if (cwd.isPresent() && !Variables.isPlain(cwd.get())) {
      String expected = "expected an absolute path without . and .., found " + cwd.get();
      body.get(Fields.CWD).ifPresent(s -> problem(s.origin(), expected));
    }
    return new ProcessSettings(
        body.value(Fields.USER),
        body.value(Fields.GROUPS),
        cwd,
        hostname(body),
        body.value(Fields.UMASK),
        body.get(Fields.TTY).map(Setting::value).orElse(true),
        body.value(Fields.SESSION_KEYRING),
        body.value(Fields.ROOT_EMULATION),
        body.value(Fields.INIT),
        new EffectivePolicy.Stop(
            body.value(Fields.STOP_SIGNAL),
            Duration.ofMillis(body.value(Fields.STOP_GRACE).orElse(0))));
  }

  private String hostname(Body<UnixPath> body) {
    Optional<UnixPath> written =
        body.get(Fields.HOSTNAME).flatMap(s -> said(s.origin(), variables.text(s.value())));
    if (written.isEmpty()) {
      return DEFAULT_HOSTNAME;
    }
    String name = new String(written.get().bytes(), StandardCharsets.UTF_8);
    if (!isHostname(name)) {
      body.get(Fields.HOSTNAME)
          .ifPresent(
              s ->
                  problem(
                      s.origin(),
                      "expected at most 64 letters, digits, dots and hyphens, found "
                          + written.get()));
    }
    return name;
  }

  private static boolean isHostname(String name) {
    boolean valid = !name.isEmpty() && name.length() <= LONGEST_HOSTNAME;
    for (int i = 0; i < name.length() && valid; i++) {
      char c = name.charAt(i);
      valid = c == '.' || c == '-' || (c < 0x80 && Character.isLetterOrDigit(c));
    }
    return valid;
  }

  private Optional<UnixPath> said(Origin origin, Variables.Expansion expansion) {
    if (expansion.value().isEmpty()) {
      problem(origin, expansion.problem());
    }
    return expansion.value();
  }

  private void problem(Origin origin, String message) {
    problems.add(new PolicyProblem(origin, message));
  }
}

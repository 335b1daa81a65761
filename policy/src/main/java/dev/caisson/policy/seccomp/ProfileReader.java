package dev.caisson.policy.seccomp;

import dev.caisson.Printable;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Position;
import dev.caisson.policy.Capability;
import dev.caisson.policy.KernelVersion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one profile, every mistake recorded. */
final class ProfileReader {
  private static final List<String> TOP =
      List.of(
          "$comment",
          "comment",
          "defaultAction",
          "defaultErrnoRet",
          "defaultErrno",
          "knownThrough",
          "architectures",
          "archMap",
          "flags",
          "listenerPath",
          "listenerMetadata",
          "syscalls");
  private static final List<String> SYSCALL =
      List.of(
          "$comment",
          "comment",
          "name",
          "names",
          "action",
          "errnoRet",
          "errno",
          "args",
          "includes",
          "excludes");
  private static final List<String> ARGUMENT =
      List.of("$comment", "comment", "index", "value", "valueTwo", "op");
  private static final List<String> CONDITIONS = List.of("arches", "caps", "minKernel");
  private static final List<String> ARCH_MAP = List.of("architecture", "subArchitectures");
  private static final List<String> FLAGS =
      List.of(
          "SECCOMP_FILTER_FLAG_TSYNC",
          "SECCOMP_FILTER_FLAG_LOG",
          "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
          "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
  private static final List<String> ABIS =
      List.of(
          "X86",
          "X86_64",
          "X32",
          "ARM",
          "AARCH64",
          "MIPS",
          "MIPS64",
          "MIPS64N32",
          "MIPSEL",
          "MIPSEL64",
          "MIPSEL64N32",
          "PPC",
          "PPC64",
          "PPC64LE",
          "S390",
          "S390X",
          "PARISC",
          "PARISC64",
          "RISCV64",
          "LOONGARCH64",
          "M68K",
          "SH",
          "SHEB");
  private static final List<String> ARCHES =
      List.of(
          "amd64",
          "arm64",
          "x32",
          "x86",
          "386",
          "arm",
          "ppc",
          "ppc64",
          "ppc64le",
          "s390",
          "s390x",
          "riscv64",
          "loong64",
          "loongarch64",
          "mips",
          "mips64",
          "mips64n32",
          "mipsel",
          "mipsel64",
          "mipsel64n32",
          "mipsle",
          "mips64le");
  private static final List<String> ACTIONS =
      List.of(
          "SCMP_ACT_ALLOW",
          "SCMP_ACT_ERRNO",
          "SCMP_ACT_KILL",
          "SCMP_ACT_KILL_PROCESS",
          "SCMP_ACT_KILL_THREAD",
          "SCMP_ACT_LOG",
          "SCMP_ACT_NOTIFY",
          "SCMP_ACT_TRACE",
          "SCMP_ACT_TRAP");

  /** libseccomp takes no higher one. */
  private static final int MOST_ERRNO = SeccompAction.Errno.MAX - 1;

  private final String name;
  private final List<JsonProblem> problems;
  private final List<JsonProblem> warnings = new ArrayList<>();

  ProfileReader(String name, List<JsonProblem> problems) {
    this.name = name;
    this.problems = problems;
  }

  Optional<SeccompProfile> profile(JsonValue value, String path) {
    int before = problems.size();
    Optional<JsonFields> fields = JsonFields.of(value, path, TOP, problems);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    JsonFields top = fields.get();
    require(top, "defaultAction");
    Optional<SeccompAction> action =
        action(top, "defaultAction", "defaultErrnoRet", "defaultErrno");
    Optional<KernelVersion> knownThrough =
        top.string("knownThrough").flatMap(text -> kernel(text, top.path("knownThrough")));
    architectures(top);
    for (var flag : top.strings("flags")) {
      oneOf(flag.value(), flag.path(), "a filter flag", FLAGS, "");
    }
    if (top.string("listenerPath").isPresent() || top.string("listenerMetadata").isPresent()) {
      warn(top.position(), top.path("listenerPath"), "not used: Caisson supervises by itself");
    }
    List<SeccompProfile.Entry> entries = new ArrayList<>();
    for (var element : top.elements("syscalls")) {
      entry(element.value(), element.path()).ifPresent(entries::add);
    }
    if (problems.size() > before || action.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new SeccompProfile(name, action.get(), knownThrough, entries, warnings));
  }

  private void architectures(JsonFields top) {
    for (var abi : top.strings("architectures")) {
      oneOf(abi.value(), abi.path(), "an architecture", ABIS, "SCMP_ARCH_");
    }
    for (var element : top.elements("archMap")) {
      JsonFields.of(element.value(), element.path(), ARCH_MAP, problems)
          .ifPresent(
              map -> {
                map.string("architecture")
                    .ifPresent(
                        abi ->
                            oneOf(
                                abi,
                                map.path("architecture"),
                                "an architecture",
                                ABIS,
                                "SCMP_ARCH_"));
                for (var abi : map.strings("subArchitectures")) {
                  oneOf(abi.value(), abi.path(), "an architecture", ABIS, "SCMP_ARCH_");
                }
              });
    }
  }

  private Optional<SeccompProfile.Entry> entry(JsonValue value, String path) {
    Optional<JsonFields> fields = JsonFields.of(value, path, SYSCALL, problems);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    JsonFields entry = fields.get();
    List<JsonFields.Element<JsonString>> names = new ArrayList<>(entry.strings("names"));
    entry
        .string("name")
        .ifPresent(one -> names.add(new JsonFields.Element<>(one, entry.path("name"))));
    if (!entry.has("names") && !entry.has("name")) {
      problem(entry.position(), entry.path("names"), "missing: the calls the rule is about");
    }
    require(entry, "action");
    Optional<SeccompAction> action = action(entry, "action", "errnoRet", "errno");
    List<ArgumentCheck> checks = new ArrayList<>();
    for (var argument : entry.elements("args")) {
      check(argument.value(), argument.path()).ifPresent(checks::add);
    }
    Conditions includes = conditions(entry, "includes");
    Conditions excludes = conditions(entry, "excludes");
    List<SyscallRule> rules = new ArrayList<>();
    boolean alternatives = repeatsAnArgument(checks);
    if (alternatives) {
      warn(
          entry.position(),
          entry.path("args"),
          "one argument is compared twice, so each comparison is a rule of its own, as in runc");
    }
    for (var element : names) {
      String call = element.value().value();
      if (!KnownCalls.contains(call)) {
        problem(
            element.value().position(),
            element.path(),
            "no system call is called " + Printable.of(call) + KnownCalls.hint(call));
      } else if (action.isPresent() && alternatives) {
        for (ArgumentCheck check : checks) {
          rules.add(new SyscallRule(call, action.get(), List.of(check)));
        }
      } else if (action.isPresent()) {
        rules.add(new SyscallRule(call, action.get(), checks));
      }
    }
    return Optional.of(new SeccompProfile.Entry(rules, includes, excludes));
  }

  private static boolean repeatsAnArgument(List<ArgumentCheck> checks) {
    int seen = 0;
    for (ArgumentCheck check : checks) {
      int bit = 1 << check.argument();
      if ((seen & bit) != 0) {
        return true;
      }
      seen |= bit;
    }
    return false;
  }

  private Optional<ArgumentCheck> check(JsonValue value, String path) {
    Optional<JsonFields> fields = JsonFields.of(value, path, ARGUMENT, problems);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    JsonFields argument = fields.get();
    require(argument, "index");
    require(argument, "op");
    OptionalLong index = argument.number("index", SyscallTable.ARGUMENTS - 1);
    OptionalLong first = argument.number("value", -1);
    OptionalLong second = argument.number("valueTwo", -1);
    Optional<Comparison> comparison =
        argument
            .string("op")
            .flatMap(
                op -> {
                  Optional<Comparison> known = Comparison.named(op.value());
                  if (known.isEmpty()) {
                    List<String> valid = new ArrayList<>();
                    for (Comparison c : Comparison.values()) {
                      valid.add(c.profileName());
                    }
                    unknown(op, argument.path("op"), "a comparison", valid);
                  }
                  return known;
                });
    if (index.isEmpty() || comparison.isEmpty()) {
      return Optional.empty();
    }
    // absent values are 0, as Go's tools read them
    long two = comparison.get() == Comparison.MASKED_EQ ? second.orElse(0) : 0;
    return Optional.of(
        new ArgumentCheck((int) index.getAsLong(), comparison.get(), first.orElse(0), two));
  }

  private Conditions conditions(JsonFields entry, String key) {
    Optional<JsonFields> fields =
        entry.get(key).flatMap(v -> JsonFields.of(v, entry.path(key), CONDITIONS, problems));
    if (fields.isEmpty()) {
      return Conditions.NONE;
    }
    JsonFields conditions = fields.get();
    List<String> architectures = new ArrayList<>();
    for (var arch : conditions.strings("arches")) {
      oneOf(arch.value(), arch.path(), "an architecture", ARCHES, "");
      architectures.add(arch.value().value());
    }
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    for (var written : conditions.strings("caps")) {
      Capability.named(written.value().value())
          .ifPresentOrElse(
              capabilities::add,
              () -> {
                List<String> valid = new ArrayList<>();
                for (Capability c : Capability.values()) {
                  valid.add(c.fullName());
                }
                unknown(written.value(), written.path(), "a capability", valid);
              });
    }
    Optional<KernelVersion> minKernel =
        conditions.string("minKernel").flatMap(t -> kernel(t, conditions.path("minKernel")));
    return new Conditions(architectures, capabilities, minKernel);
  }

  private Optional<SeccompAction> action(
      JsonFields fields, String key, String errnoKey, String errnoNameKey) {
    Optional<JsonString> written = fields.string(key);
    OptionalLong number = fields.number(errnoKey, MOST_ERRNO);
    OptionalInt named = OptionalInt.empty();
    Optional<JsonString> errnoName = fields.string(errnoNameKey);
    if (errnoName.isPresent()) {
      named = ErrnoName.number(errnoName.get().value());
      if (named.isEmpty()) {
        fields.problem(
            errnoName.get(),
            errnoNameKey,
            "no errno is called " + Printable.of(errnoName.get().value()));
      } else if (number.isPresent() && number.getAsLong() != named.getAsInt()) {
        fields.problem(
            errnoName.get(),
            errnoNameKey,
            "is " + named.getAsInt() + ", but " + errnoKey + " says " + number.getAsLong());
      }
    }
    if (written.isEmpty()) {
      return Optional.empty();
    }
    // EPERM where none is given, as the OCI runtime specification says
    int data = number.isPresent() ? (int) number.getAsLong() : named.orElse(1);
    String action = written.get().value();
    if (action.equals("SCMP_ACT_ERRNO") && data == 0) {
      warn(written.get().position(), fields.path(key), "errno 0: the call seems to succeed");
    }
    return switch (action) {
      case "SCMP_ACT_ALLOW" -> Optional.of(new SeccompAction.Allow());
      case "SCMP_ACT_ERRNO" -> Optional.of(new SeccompAction.Errno(data));
      case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> Optional.of(new SeccompAction.KillThread());
      case "SCMP_ACT_KILL_PROCESS" -> Optional.of(new SeccompAction.KillProcess());
      case "SCMP_ACT_LOG" -> Optional.of(new SeccompAction.Log());
      case "SCMP_ACT_NOTIFY" -> Optional.of(new SeccompAction.Notify());
      case "SCMP_ACT_TRACE" -> Optional.of(new SeccompAction.Trace(data));
      case "SCMP_ACT_TRAP" -> Optional.of(new SeccompAction.Trap());
      default -> {
        unknown(written.get(), fields.path(key), "an action", ACTIONS);
        yield Optional.empty();
      }
    };
  }

  private Optional<KernelVersion> kernel(JsonString written, String path) {
    String text = written.value();
    int dot = text.indexOf('.');
    if (dot > 0 && dot < 4 && text.length() - dot <= 5) {
      try {
        return Optional.of(
            new KernelVersion(
                Integer.parseUnsignedInt(text.substring(0, dot)),
                Integer.parseUnsignedInt(text.substring(dot + 1))));
      } catch (NumberFormatException notDigits) {
        // said below
      }
    }
    problem(written.position(), path, "expected a kernel release such as \"5.12\"");
    return Optional.empty();
  }

  private void oneOf(
      JsonString written, String path, String what, List<String> valid, String prefix) {
    String text = written.value();
    if (!text.startsWith(prefix) || !valid.contains(text.substring(prefix.length()))) {
      List<String> full = new ArrayList<>();
      for (String v : valid) {
        full.add(prefix + v);
      }
      unknown(written, path, what, full);
    }
  }

  private void unknown(JsonString written, String path, String what, List<String> valid) {
    problem(
        written.position(),
        path,
        "expected "
            + what
            + ", found "
            + Printable.of(written.value())
            + Nearest.hint(written.value(), valid));
  }

  private void require(JsonFields fields, String key) {
    if (!fields.has(key)) {
      problem(fields.position(), fields.path(key), "missing");
    }
  }

  private void problem(Position position, String path, String message) {
    problems.add(new JsonProblem(position, path, message));
  }

  private void warn(Position position, String path, String message) {
    warnings.add(new JsonProblem(position, path, message));
  }
}

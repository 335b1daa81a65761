package dev.caisson.policy.seccomp;

import dev.caisson.Printable;
import dev.caisson.json.JsonFields;
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
  static final List<String> TOP =
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
  static final List<String> SYSCALL =
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
  static final List<String> ARGUMENT =
      List.of("$comment", "comment", "index", "value", "valueTwo", "op");
  static final List<String> CONDITIONS = List.of("arches", "caps", "minKernel");
  static final List<String> ARCH_MAP = List.of("architecture", "subArchitectures");

  /** libseccomp takes no higher one. */
  static final int MOST_ERRNO = SeccompAction.Errno.MAX - 1;

  private final List<JsonProblem> problems;
  private final List<JsonProblem> warnings = new ArrayList<>();
  private final ProfileWords words;

  ProfileReader(List<JsonProblem> problems) {
    this.problems = problems;
    this.words = new ProfileWords(problems);
  }

  Optional<SeccompProfile.Content> content(JsonValue value, String path) {
    int before = problems.size();
    Optional<JsonFields> fields = JsonFields.of(value, path, TOP, problems);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    JsonFields top = fields.get();
    Optional<SeccompAction> action =
        action(top, "defaultAction", "defaultErrnoRet", "defaultErrno");
    Optional<KernelVersion> knownThrough = kernel(top, "knownThrough");
    architectures(top);
    for (var flag : top.strings("flags")) {
      words.flag(flag.value(), flag.path());
    }
    if (top.string("listenerPath").isPresent() || top.string("listenerMetadata").isPresent()) {
      warn(top.position(), top.path("listenerPath"), "not used: Caisson supervises by itself");
    }
    List<SeccompProfile.Entry> entries = new ArrayList<>();
    for (var element : top.elements("syscalls")) {
      Optional<JsonFields> entry =
          JsonFields.of(element.value(), element.path(), SYSCALL, problems);
      if (entry.isPresent()) {
        entries.add(entry(entry.get()));
      }
    }
    if (problems.size() > before || action.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new SeccompProfile.Content(action.get(), knownThrough, entries, warnings));
  }

  private void architectures(JsonFields top) {
    for (var abi : top.strings("architectures")) {
      words.abi(abi.value(), abi.path());
    }
    for (var element : top.elements("archMap")) {
      Optional<JsonFields> map = JsonFields.of(element.value(), element.path(), ARCH_MAP, problems);
      if (map.isEmpty()) {
        continue;
      }
      Optional<JsonString> architecture = map.get().string("architecture");
      if (architecture.isPresent()) {
        words.abi(architecture.get(), map.get().path("architecture"));
      }
      for (var abi : map.get().strings("subArchitectures")) {
        words.abi(abi.value(), abi.path());
      }
    }
  }

  private SeccompProfile.Entry entry(JsonFields entry) {
    List<String> calls = calls(entry);
    Optional<SeccompAction> action = action(entry, "action", "errnoRet", "errno");
    List<ArgumentCheck> checks = new ArrayList<>();
    for (var argument : entry.elements("args")) {
      Optional<ArgumentCheck> check = check(argument.value(), argument.path());
      if (check.isPresent()) {
        checks.add(check.get());
      }
    }
    List<List<ArgumentCheck>> alternatives = List.of(checks);
    if (repeatsAnArgument(checks)) {
      warn(
          entry.position(),
          entry.path("args"),
          "one argument is compared twice, so each comparison is a rule of its own, as in runc");
      alternatives = new ArrayList<>();
      for (ArgumentCheck check : checks) {
        alternatives.add(List.of(check));
      }
    }
    List<SyscallRule> rules = new ArrayList<>();
    for (String call : action.isPresent() ? calls : List.<String>of()) {
      for (List<ArgumentCheck> when : alternatives) {
        rules.add(new SyscallRule(call, action.get(), when));
      }
    }
    return new SeccompProfile.Entry(
        rules, conditions(entry, "includes"), conditions(entry, "excludes"));
  }

  private List<String> calls(JsonFields entry) {
    List<JsonFields.Element<JsonString>> written = new ArrayList<>(entry.strings("names"));
    Optional<JsonString> one = entry.string("name");
    if (one.isPresent()) {
      written.add(new JsonFields.Element<>(one.get(), entry.path("name")));
    }
    if (!entry.has("names") && !entry.has("name")) {
      problem(entry.position(), entry.path("names"), "missing: the calls the rule is about");
    }
    List<String> calls = new ArrayList<>();
    for (var element : written) {
      String call = element.value().value();
      if (!KnownCalls.contains(call)) {
        problem(
            element.value().position(),
            element.path(),
            "no system call is called " + Printable.of(call) + KnownCalls.hint(call));
      }
      calls.add(call);
    }
    return calls;
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
    Optional<JsonString> op = argument.string("op");
    Optional<Comparison> comparison =
        op.isEmpty() ? Optional.empty() : words.comparison(op.get(), argument.path("op"));
    if (index.isEmpty() || comparison.isEmpty()) {
      return Optional.empty();
    }
    // absent values are 0, as Go's tools read them
    long two = comparison.get() == Comparison.MASKED_EQ ? second.orElse(0) : 0;
    return Optional.of(
        new ArgumentCheck((int) index.getAsLong(), comparison.get(), first.orElse(0), two));
  }

  private Conditions conditions(JsonFields entry, String key) {
    Optional<JsonValue> written = entry.get(key);
    Optional<JsonFields> fields =
        written.isEmpty()
            ? Optional.empty()
            : JsonFields.of(written.get(), entry.path(key), CONDITIONS, problems);
    if (fields.isEmpty()) {
      return Conditions.NONE;
    }
    List<String> architectures = new ArrayList<>();
    for (var arch : fields.get().strings("arches")) {
      words.arch(arch.value(), arch.path());
      architectures.add(arch.value().value());
    }
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    for (var cap : fields.get().strings("caps")) {
      Optional<Capability> capability = words.capability(cap.value(), cap.path());
      if (capability.isPresent()) {
        capabilities.add(capability.get());
      }
    }
    return new Conditions(architectures, capabilities, kernel(fields.get(), "minKernel"));
  }

  private Optional<KernelVersion> kernel(JsonFields fields, String key) {
    Optional<JsonString> written = fields.string(key);
    return written.isEmpty() ? Optional.empty() : words.kernel(written.get(), fields.path(key));
  }

  private Optional<SeccompAction> action(
      JsonFields fields, String key, String errnoKey, String errnoNameKey) {
    require(fields, key);
    OptionalLong number = fields.number(errnoKey, MOST_ERRNO);
    OptionalInt named = errnoNamed(fields, errnoNameKey);
    if (number.isPresent() && named.isPresent() && number.getAsLong() != named.getAsInt()) {
      problem(
          fields.position(),
          fields.path(errnoNameKey),
          "is " + named.getAsInt() + ", but " + errnoKey + " says " + number.getAsLong());
    }
    Optional<JsonString> written = fields.string(key);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    // EPERM where none is given, as the OCI runtime specification says
    int data = number.isPresent() ? (int) number.getAsLong() : named.orElse(1);
    if (written.get().value().equals("SCMP_ACT_ERRNO") && data == 0) {
      warn(written.get().position(), fields.path(key), "errno 0: the call seems to succeed");
    }
    return words.action(written.get(), fields.path(key), data);
  }

  private OptionalInt errnoNamed(JsonFields fields, String key) {
    Optional<JsonString> written = fields.string(key);
    if (written.isEmpty()) {
      return OptionalInt.empty();
    }
    OptionalInt errno = ErrnoName.number(written.get().value());
    if (errno.isEmpty()) {
      problem(
          written.get().position(),
          fields.path(key),
          "no errno is called " + Printable.of(written.get().value()));
    }
    return errno;
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

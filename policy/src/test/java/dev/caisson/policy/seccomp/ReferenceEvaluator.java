package dev.caisson.policy.seccomp;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonNull;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Evaluates a raw profile call by call, as its format is defined and with nothing of the compiler's
 * code: the oracle of the tests. It is slow and plain on purpose.
 */
final class ReferenceEvaluator {
  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);
  private static final BigInteger TWO_32 = BigInteger.ONE.shiftLeft(32);
  private static final List<String> STRICTEST_FIRST =
      List.of(
          "SCMP_ACT_KILL_PROCESS",
          "SCMP_ACT_KILL_THREAD",
          "SCMP_ACT_TRAP",
          "SCMP_ACT_ERRNO",
          "SCMP_ACT_NOTIFY",
          "SCMP_ACT_TRACE",
          "SCMP_ACT_LOG",
          "SCMP_ACT_ALLOW");

  private final JsonObject profile;
  private final String abi;
  private final String goArch;

  /** Whether rules are read as libseccomp reads them. */
  private final boolean compat;

  private final int[] kernel;
  private final Set<String> caps;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, int[]> widths = new HashMap<>();
  private final Map<String, String> since = new HashMap<>();
  private final Map<Integer, List<JsonObject>> rulesOf = new HashMap<>();

  ReferenceEvaluator(
      JsonDocument document, String kernelArch, int major, int minor, Set<String> caps) {
    this(document, kernelArch, major, minor, caps, false);
  }

  /**
   * @param kernelArch an ABI's name: that of its table
   */
  ReferenceEvaluator(
      JsonDocument document,
      String kernelArch,
      int major,
      int minor,
      Set<String> caps,
      boolean compat) {
    profile = (JsonObject) document.valueOrRefuse();
    abi = kernelArch;
    goArch = kernelArch.equals("x86_64") ? "amd64" : kernelArch.equals("aarch64") ? "arm64" : "";
    this.compat = compat;
    int marker = abi.equals("x32") ? 0x40000000 : 0;
    kernel = new int[] {major, minor};
    this.caps = caps;
    for (String[] row : rows(kernelArch + ".tsv")) {
      numbers.put(row[1], Integer.parseInt(row[0]) | marker);
    }
    for (String[] row : rows("args-" + kernelArch + ".tsv")) {
      List<Integer> all = new ArrayList<>();
      for (String argument : row.length > 2 ? row[2].split(" ") : new String[0]) {
        int bytes = Integer.parseInt(argument.replaceAll(".*:", ""));
        if (!isNarrow() || bytes <= 4) {
          all.add(bytes);
          continue;
        }
        // two registers, which on arm start at an even one
        if (abi.equals("arm") && all.size() % 2 == 1) {
          all.add(4);
        }
        all.addAll(List.of(4, 4));
      }
      int number = Integer.parseInt(row[0]) | marker;
      widths.put(number, all.stream().mapToInt(Integer::intValue).toArray());
    }
    for (String[] row : rows("narrowed.tsv")) {
      Integer number = numbers.get(row[0]);
      if (number != null && !(row.length > 2 && List.of(row[2].split(" ")).contains(abi))) {
        String[] pair = row[1].split(":");
        int[] known = widths.getOrDefault(number, new int[6]);
        known[Integer.parseInt(pair[0])] = Integer.parseInt(pair[1]);
      }
    }
    for (String[] row : rows("since.tsv")) {
      since.put(row[0], row.length > 1 ? row[1] : "");
    }
    for (JsonObject rule : objects(profile, "syscalls")) {
      if (applies(rule)) {
        Set<String> names = new HashSet<>(strings(rule, "names"));
        text(rule, "name").forEach(names::add);
        for (String name : names) {
          Integer number = numbers.get(name);
          if (number != null) {
            rulesOf.computeIfAbsent(number, n -> new ArrayList<>()).add(rule);
          }
        }
      }
    }
  }

  /** The value that a filter has to return. */
  int returnValue(int number, long[] arguments) {
    long unsigned = Integer.toUnsignedLong(number);
    if (abi.equals("x86_64") && unsigned >= 0x40000000L && unsigned != 0xffffffffL) {
      return 0x80000000;
    }
    if (compat) {
      return asLibseccomp(number, arguments);
    }
    JsonObject strictest = null;
    for (JsonObject rule : rulesOf.getOrDefault(number, List.of())) {
      if (matches(rule, number, arguments)
          && (strictest == null || rank(rule, "action") < rank(strictest, "action"))) {
        strictest = rule;
      }
    }
    if (strictest != null) {
      return value(strictest, "action", "errnoRet", "errno");
    }
    return newer(number, unsigned)
        ? 0x00050000 | 38
        : value(profile, "defaultAction", "defaultErrnoRet", "defaultErrno");
  }

  /** The first rule that was added, but one without arguments comes before all others. */
  private int asLibseccomp(int number, long[] arguments) {
    int otherwise = value(profile, "defaultAction", "defaultErrnoRet", "defaultErrno");
    List<JsonObject> added = new ArrayList<>();
    for (JsonObject rule : rulesOf.getOrDefault(number, List.of())) {
      if (value(rule, "action", "errnoRet", "errno") != otherwise) {
        added.add(rule);
      }
    }
    for (JsonObject rule : added) {
      if (objects(rule, "args").isEmpty()) {
        return value(rule, "action", "errnoRet", "errno");
      }
    }
    for (JsonObject rule : added) {
      if (matches(rule, number, arguments)) {
        return value(rule, "action", "errnoRet", "errno");
      }
    }
    return otherwise;
  }

  private boolean isNarrow() {
    return abi.equals("i386") || abi.equals("arm");
  }

  private boolean newer(int number, long unsigned) {
    String name =
        numbers.entrySet().stream()
            .filter(e -> e.getValue() == number)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("");
    List<String> through = text(profile, "knownThrough");
    if (through.isEmpty()) {
      int highest =
          numbers.values().stream()
              .mapToInt(Integer::intValue)
              .filter(n -> !abi.equals("arm") || n < 0xf0000)
              .max()
              .orElseThrow();
      return name.isEmpty() && unsigned > highest && rank(profile, "defaultAction") <= 3;
    }
    if (name.isEmpty()) {
      return true;
    }
    String release = since.getOrDefault(name, "");
    return !release.isEmpty() && compare(release, through.get(0)) > 0;
  }

  private boolean matches(JsonObject rule, int number, long[] arguments) {
    List<JsonObject> checks = objects(rule, "args");
    Set<Long> indexes = new HashSet<>();
    boolean repeated = false;
    for (JsonObject check : checks) {
      repeated |= !indexes.add(number(check, "index").longValueExact());
    }
    boolean all = true;
    boolean any = false;
    for (JsonObject check : checks) {
      boolean holds = holds(check, number, arguments);
      all &= holds;
      any |= holds;
    }
    return repeated ? any : all;
  }

  private boolean holds(JsonObject check, int number, long[] arguments) {
    int index = number(check, "index").intValueExact();
    int[] known = widths.getOrDefault(number, new int[0]);
    int all = isNarrow() ? 32 : 64;
    int bits = compat || index >= known.length ? all : known[index] * 8;
    BigInteger read = new BigInteger(Long.toUnsignedString(arguments[index]));
    read = read.mod(BigInteger.ONE.shiftLeft(bits));
    BigInteger value = asInt(number(check, "value"), bits);
    return switch (text(check, "op").get(0)) {
      case "SCMP_CMP_NE" -> read.compareTo(value) != 0;
      case "SCMP_CMP_LT" -> read.compareTo(value) < 0;
      case "SCMP_CMP_LE" -> read.compareTo(value) <= 0;
      case "SCMP_CMP_EQ" -> read.compareTo(value) == 0;
      case "SCMP_CMP_GE" -> read.compareTo(value) >= 0;
      case "SCMP_CMP_GT" -> read.compareTo(value) > 0;
      case "SCMP_CMP_MASKED_EQ" ->
          read.and(number(check, "value")).equals(asInt(number(check, "valueTwo"), bits));
      default -> throw new AssertionError(check);
    };
  }

  private static BigInteger asInt(BigInteger value, int bits) {
    boolean negativeInt = bits == 32 && value.compareTo(TWO_64.subtract(TWO_32.shiftRight(1))) >= 0;
    return negativeInt ? value.subtract(TWO_64).add(TWO_32) : value;
  }

  private boolean applies(JsonObject rule) {
    JsonObject includes = objectOr(rule, "includes");
    JsonObject excludes = objectOr(rule, "excludes");
    List<String> arches = strings(includes, "arches");
    if (!arches.isEmpty() && !arches.contains(goArch)) {
      return false;
    }
    if (!caps.containsAll(strings(includes, "caps"))
        || text(includes, "minKernel").stream().anyMatch(this::olderThan)) {
      return false;
    }
    return !strings(excludes, "arches").contains(goArch)
        && strings(excludes, "caps").stream().noneMatch(caps::contains)
        && text(excludes, "minKernel").stream().allMatch(this::olderThan);
  }

  private boolean olderThan(String release) {
    return compare(kernel[0] + "." + kernel[1], release) < 0;
  }

  private static int compare(String one, String two) {
    String[] a = one.split("\\.");
    String[] b = two.split("\\.");
    int major = Integer.compare(Integer.parseInt(a[0]), Integer.parseInt(b[0]));
    return major != 0 ? major : Integer.compare(Integer.parseInt(a[1]), Integer.parseInt(b[1]));
  }

  private static int rank(JsonObject rule, String key) {
    String action = text(rule, key).get(0);
    return STRICTEST_FIRST.indexOf(
        action.equals("SCMP_ACT_KILL") ? "SCMP_ACT_KILL_THREAD" : action);
  }

  private static int value(JsonObject rule, String key, String errnoKey, String nameKey) {
    int data = 1;
    if (rule.get(errnoKey).filter(v -> !(v instanceof JsonNull)).isPresent()) {
      data = number(rule, errnoKey).intValueExact();
    } else if (!text(rule, nameKey).isEmpty()) {
      data =
          Map.of(
                  "EPERM",
                  1,
                  "EIO",
                  5,
                  "EINVAL",
                  22,
                  "ENOSYS",
                  38,
                  "ENOPROTOOPT",
                  92,
                  "EPROTONOSUPPORT",
                  93,
                  "EAFNOSUPPORT",
                  97)
              .getOrDefault(text(rule, nameKey).get(0), -1);
    }
    return switch (rank(rule, key)) {
      case 0 -> 0x80000000;
      case 1 -> 0;
      case 2 -> 0x00030000;
      case 3 -> 0x00050000 | data;
      case 4 -> 0x7fc00000;
      case 5 -> 0x7ff00000 | data;
      case 6 -> 0x7ffc0000;
      case 7 -> 0x7fff0000;
      default -> throw new AssertionError(rule);
    };
  }

  private static BigInteger number(JsonObject object, String key) {
    JsonValue value = object.get(key).orElse(null);
    return value instanceof JsonNumber n ? new BigInteger(n.literal()) : BigInteger.ZERO;
  }

  private static List<String> text(JsonObject object, String key) {
    return object.get(key).orElse(null) instanceof JsonString s ? List.of(s.value()) : List.of();
  }

  private static JsonObject objectOr(JsonObject object, String key) {
    return object.get(key).orElse(null) instanceof JsonObject o
        ? o
        : new JsonObject(object.position(), List.of());
  }

  private static List<JsonObject> objects(JsonObject object, String key) {
    return object.get(key).orElse(null) instanceof JsonArray a
        ? a.elements().stream().map(JsonObject.class::cast).toList()
        : List.of();
  }

  private static List<String> strings(JsonObject object, String key) {
    return object.get(key).orElse(null) instanceof JsonArray a
        ? a.elements().stream().map(v -> ((JsonString) v).value()).toList()
        : List.of();
  }

  static List<String[]> rows(String file) {
    String path = "/dev/caisson/profiles/syscalls/" + file;
    try (InputStream in = ReferenceEvaluator.class.getResourceAsStream(path)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(l -> !l.startsWith("#")).map(l -> l.split("\t")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

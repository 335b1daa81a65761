package dev.caisson.policy.seccomp;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.KernelVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The system calls of one ABI: numbers, names, how much of each argument the kernel reads, and the
 * release each came with. The data and its sources are in the profiles module.
 */
public final class SyscallTable {
  /** The arguments of a call, as struct seccomp_data carries them. */
  public static final int ARGUMENTS = 6;

  /** The bit that marks an x32 call (asm/unistd.h). */
  static final int X32_BIT = 0x40000000;

  /** Where arm's own calls start (asm/unistd.h). */
  private static final int ARM_PRIVATE = 0xf0000;

  private static final Map<Abi, SyscallTable> TABLES = new EnumMap<>(Abi.class);

  private final Abi abi;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();
  private Optional<Map<Integer, List<Argument>>> arguments = Optional.empty();
  private Optional<Map<Integer, KernelVersion>> since = Optional.empty();

  /**
   * A register that a call reads.
   *
   * @param width the low bytes that the kernel reads
   */
  public record Argument(String name, int width) {}

  private SyscallTable(Abi abi) {
    this.abi = abi;
    TableLines lines = TableLines.of(abi.kernelName() + ".tsv");
    while (lines.next()) {
      int number = lines.number(0) | marker();
      numbers.put(lines.text(1), number);
      names.put(number, lines.text(1));
    }
  }

  /** The table of {@code abi}; read once. */
  public static synchronized SyscallTable of(Abi abi) {
    SyscallTable table = TABLES.get(abi);
    if (table == null) {
      table = new SyscallTable(abi);
      TABLES.put(abi, table);
    }
    return table;
  }

  /** The table of {@code architecture}'s native ABI. */
  public static SyscallTable of(Architecture architecture) {
    return of(Abi.of(architecture));
  }

  public Abi abi() {
    return abi;
  }

  /** The number of the call {@code name}; empty where this ABI has none. */
  public OptionalInt number(String name) {
    Integer number = numbers.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** The name of call {@code number}; empty for a number that no release assigned. */
  public Optional<String> name(int number) {
    return Optional.ofNullable(names.get(number));
  }

  /** Whether {@code number} is assigned. */
  public boolean has(int number) {
    return names.containsKey(number);
  }

  /** Every assigned number, ascending. */
  int[] numbers() {
    int[] all = new int[names.size()];
    int at = 0;
    for (int number : names.keySet()) {
      all[at++] = number;
    }
    Arrays.sort(all);
    return all;
  }

  /** One more than the highest assigned number, but for those that only arm adds far above. */
  public int end() {
    int[] all = numbers();
    int last = all.length - 1;
    while (abi == Abi.ARM && all[last] >= ARM_PRIVATE) {
      last--;
    }
    return all[last] + 1;
  }

  /** Every name. */
  public Collection<String> names() {
    return new TreeSet<>(numbers.keySet());
  }

  /**
   * How many low bytes of an argument the kernel reads: 8, 4 or 2 (a mode). All of the register
   * where it is not known.
   */
  public synchronized int width(int number, int argument) {
    if (argument < 0 || argument >= ARGUMENTS) {
      throw new IllegalArgumentException("argument " + argument);
    }
    List<Argument> known = arguments(number);
    return argument < known.size() ? known.get(argument).width() : abi.registerBytes();
  }

  /** The registers that the call reads, as far as they are known. */
  public synchronized List<Argument> arguments(int number) {
    if (arguments.isEmpty()) {
      arguments = Optional.of(readArguments());
    }
    List<Argument> known = arguments.get().get(number);
    return known == null ? List.of() : known;
  }

  /** The widths of a call's arguments, each as {@link #width} gives it. */
  List<Integer> widths(int number) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < ARGUMENTS; i++) {
      widths.add(width(number, i));
    }
    return widths;
  }

  /** Where the argument of that name stands, or that index; empty where there is none. */
  OptionalInt argument(int number, String name) {
    if (name.length() == 1 && name.charAt(0) >= '0' && name.charAt(0) < '0' + ARGUMENTS) {
      return OptionalInt.of(name.charAt(0) - '0');
    }
    List<Argument> known = arguments(number);
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i).name().equals(name)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** The release the call came with; empty for calls that no kernel implements. */
  public synchronized Optional<KernelVersion> since(int number) {
    if (since.isEmpty()) {
      since = Optional.of(readReleases());
    }
    return Optional.ofNullable(since.get().get(number));
  }

  /** Whether the call came with a release after {@code release}. */
  boolean isNewerThan(int number, KernelVersion release) {
    Optional<KernelVersion> first = since(number);
    return first.isPresent() && first.get().compareTo(release) > 0;
  }

  private int marker() {
    return abi == Abi.X32 ? X32_BIT : 0;
  }

  // names alone are enough for an ABI that is not compiled for

  private Map<Integer, List<Argument>> readArguments() {
    Map<Integer, List<Argument>> all = new HashMap<>();
    TableLines lines = TableLines.of("args-" + abi.kernelName() + ".tsv");
    while (lines.next()) {
      int number = lines.number(0) | marker();
      if (!has(number)) {
        throw new IllegalStateException("arguments of call " + number + ", which has no name");
      }
      all.put(number, registers(lines.text(2)));
    }
    lines = TableLines.of("narrowed.tsv");
    while (lines.next()) {
      Integer number = numbers.get(lines.text(0));
      List<Argument> known = number == null ? null : all.get(number);
      if (known != null && !lines.text(2).contains(abi.kernelName())) {
        int index = lines.text(1).charAt(0) - '0';
        known.set(index, new Argument(known.get(index).name(), lines.text(1).charAt(2) - '0'));
      }
    }
    return all;
  }

  /** The registers of {@code name:bytes} words; a pair of registers for 8 bytes on 32 bits. */
  private List<Argument> registers(String words) {
    List<Argument> registers = new ArrayList<>();
    int start = 0;
    for (int colon = words.indexOf(':'); colon >= 0; colon = words.indexOf(':', start)) {
      String name = words.substring(start, colon);
      int width = words.charAt(colon + 1) - '0';
      if (width <= abi.registerBytes()) {
        registers.add(new Argument(name, width));
      } else {
        if (abi.alignsPairs() && registers.size() % 2 != 0) {
          registers.add(new Argument("unused", abi.registerBytes()));
        }
        registers.add(new Argument(name + " low", abi.registerBytes()));
        registers.add(new Argument(name + " high", abi.registerBytes()));
      }
      start = colon + 3;
    }
    return registers;
  }

  private Map<Integer, KernelVersion> readReleases() {
    Map<Integer, KernelVersion> releases = new HashMap<>();
    TableLines lines = TableLines.of("since.tsv");
    while (lines.next()) {
      Integer number = numbers.get(lines.text(0));
      String release = lines.text(1);
      if (number != null && !release.isEmpty()) {
        releases.put(number, KernelVersion.parse(release));
      }
    }
    return releases;
  }
}

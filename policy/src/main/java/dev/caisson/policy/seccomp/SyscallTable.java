package dev.caisson.policy.seccomp;

import dev.caisson.policy.Architecture;
import dev.caisson.policy.KernelVersion;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The system calls of one architecture: numbers, names, how much of each argument the kernel reads,
 * and the release each came with. The data and its sources are in the profiles module.
 */
public final class SyscallTable {
  /** The arguments of a call, as struct seccomp_data carries them. */
  public static final int ARGUMENTS = 6;

  private static final Map<Architecture, SyscallTable> TABLES = new HashMap<>();

  private final Architecture architecture;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final String[] names;
  private byte[] widths = {};
  private KernelVersion[] since = {};

  private SyscallTable(Architecture architecture) {
    this.architecture = architecture;
    TableLines lines = TableLines.of(architecture.kernelName() + ".tsv");
    int end = 0;
    while (lines.next()) {
      int number = lines.number(0);
      numbers.put(lines.text(1), number);
      end = Math.max(end, number + 1);
    }
    names = new String[end];
    for (Map.Entry<String, Integer> entry : numbers.entrySet()) {
      names[entry.getValue()] = entry.getKey();
    }
  }

  /** The table of {@code architecture}; read once. */
  public static synchronized SyscallTable of(Architecture architecture) {
    SyscallTable table = TABLES.get(architecture);
    if (table == null) {
      table = new SyscallTable(architecture);
      TABLES.put(architecture, table);
    }
    return table;
  }

  public Architecture architecture() {
    return architecture;
  }

  /** The number of the call {@code name}; empty where this architecture has none. */
  public OptionalInt number(String name) {
    Integer number = numbers.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** The name of call {@code number}; empty for a number that no release assigned. */
  public Optional<String> name(int number) {
    return has(number) ? Optional.of(names[number]) : Optional.empty();
  }

  /** Whether {@code number} is assigned. */
  public boolean has(int number) {
    return number >= 0 && number < names.length && names[number] != null;
  }

  /** One more than the highest assigned number. */
  public int end() {
    return names.length;
  }

  /** Every name. */
  public Collection<String> names() {
    return new TreeSet<>(numbers.keySet());
  }

  /**
   * How many low bytes of an argument the kernel reads: 8, 4 or 2 (a mode). 8 where it is not
   * known.
   */
  public synchronized int width(int number, int argument) {
    readWidths();
    if (argument < 0 || argument >= ARGUMENTS) {
      throw new IllegalArgumentException("argument " + argument);
    }
    int width = has(number) ? widths[number * ARGUMENTS + argument] : 0;
    return width == 0 ? Long.BYTES : width;
  }

  /** The release the call came with; empty for calls that no kernel implements. */
  public synchronized Optional<KernelVersion> since(int number) {
    readReleases();
    return has(number) ? Optional.ofNullable(since[number]) : Optional.empty();
  }

  /** Whether the call came with a release after {@code release}. */
  synchronized boolean isNewerThan(int number, KernelVersion release) {
    readReleases();
    KernelVersion first = has(number) ? since[number] : null;
    return first != null && first.compareTo(release) > 0;
  }

  // names alone are enough for an architecture that is not compiled for

  private void readWidths() {
    if (widths.length > 0) {
      return;
    }
    widths = new byte[names.length * ARGUMENTS];
    TableLines lines = TableLines.of("args-" + architecture.kernelName() + ".tsv");
    while (lines.next()) {
      int number = lines.number(0);
      if (!has(number)) {
        throw new IllegalStateException("widths of call " + number + ", which has no name");
      }
      String arguments = lines.text(2);
      int at = arguments.indexOf(':');
      for (int i = 0; at >= 0; i++) {
        widths[number * ARGUMENTS + i] = (byte) (arguments.charAt(at + 1) - '0');
        at = arguments.indexOf(':', at + 1);
      }
    }
    lines = TableLines.of("narrowed.tsv");
    while (lines.next()) {
      Integer number = numbers.get(lines.text(0));
      if (number != null) {
        String narrowed = lines.text(1);
        widths[number * ARGUMENTS + narrowed.charAt(0) - '0'] = (byte) (narrowed.charAt(2) - '0');
      }
    }
  }

  private void readReleases() {
    if (since.length > 0) {
      return;
    }
    since = new KernelVersion[names.length];
    TableLines lines = TableLines.of("since.tsv");
    while (lines.next()) {
      Integer number = numbers.get(lines.text(0));
      String release = lines.text(1);
      if (number != null && !release.isEmpty()) {
        since[number] = KernelVersion.parse(release);
      }
    }
  }
}

package dev.caisson.launch;

import dev.caisson.Refusal;
import dev.caisson.policy.HostFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Ranges of ids that no account uses (subuid(5)). */
final class SubordinateIds {
  private static final int COUNT = 65536;
  private static final int FIRST_CANDIDATE = 524288;
  private static final int LAST_CANDIDATE = Integer.MAX_VALUE - COUNT;

  /** No range is free for root to run sandboxes in. */
  static final class NoRange extends Refusal {
    NoRange() {
      super(
          "choose the ids of a sandbox started by root",
          "every range of 65536 ids above 524288 is given to some account",
          "Add a line such as 'root:1000000:65536' to /etc/subuid, or run as an ordinary user");
    }
  }

  private record Line(String owner, long first, long count) {
    boolean overlaps(long other) {
      return first < other + COUNT && other < first + count;
    }
  }

  private SubordinateIds() {}

  /** Root's line in /etc/subuid that is long enough, else the lowest range no account uses. */
  static IdMap.Range ofRoot() {
    List<Line> lines = lines("/etc/subuid");
    for (Line line : lines) {
      boolean roots = line.owner().equals("root") || line.owner().equals("0");
      if (roots && line.first() > 0 && line.count() >= COUNT) {
        return new IdMap.Range(Math.toIntExact(line.first()), COUNT);
      }
    }
    List<Line> taken = new ArrayList<>(lines);
    taken.addAll(lines("/etc/subgid"));
    taken.addAll(accounts("/etc/passwd"));
    taken.addAll(accounts("/etc/group"));
    for (int first = FIRST_CANDIDATE; first < LAST_CANDIDATE; first += COUNT) {
      long candidate = first;
      if (taken.stream().noneMatch(line -> line.overlaps(candidate))) {
        return new IdMap.Range(first, COUNT);
      }
    }
    throw new NoRange();
  }

  /**
   * The longest range that {@code file} gives to the caller, around its own id.
   *
   * @param inside the caller's number inside
   * @param own the caller's on the host
   * @throws PlanRefusal where the file gives it none
   */
  static DelegatedIds of(HostFacts host, String file, long inside, long own) {
    Line longest = new Line("", 0, 0);
    for (Line line : lines(file)) {
      boolean callers =
          line.owner().equals(host.user())
              || line.owner().equals(Integer.toUnsignedString(host.uid()));
      if (callers && line.first() > 0 && line.count() > longest.count()) {
        longest = line;
      }
    }
    if (longest.count() == 0) {
      throw new PlanRefusal(
          "choose the ids of the sandbox",
          file + " gives no range to " + host.user(),
          "As root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "
              + host.user()
              + "; or set namespaces.user to single (--userns single) and take process.groups out");
    }
    return new DelegatedIds(inside, own, longest.first(), longest.count());
  }

  private static List<Line> lines(String file) {
    List<Line> result = new ArrayList<>();
    for (String[] fields : fields(file)) {
      if (fields.length == 3) {
        result.add(new Line(fields[0], number(fields[1]), number(fields[2])));
      }
    }
    return result;
  }

  private static List<Line> accounts(String file) {
    List<Line> result = new ArrayList<>();
    for (String[] fields : fields(file)) {
      if (fields.length >= 3) {
        result.add(new Line(fields[0], number(fields[2]), 1));
      }
    }
    return result;
  }

  private static List<String[]> fields(String file) {
    try {
      String text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
      return text.lines().map(line -> line.split(":", -1)).toList();
    } catch (NoSuchFileException absent) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line that is no number claims nothing: id 0 is never chosen. */
  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException malformed) {
      return 0;
    }
  }
}

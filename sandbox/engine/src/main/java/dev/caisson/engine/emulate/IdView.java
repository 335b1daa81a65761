package dev.caisson.engine.emulate;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How ids of the host read inside (user_namespaces(7)). */
record IdView(List<Range> ranges) {
  /** What an id that is not mapped reads as (/proc/sys/kernel/overflowuid). */
  static final int UNKNOWN = 65534;

  private static final int LONGEST = 16384;

  /** One line of a map. */
  private record Range(long inside, long host, long count) {}

  IdView {
    ranges = List.copyOf(ranges);
  }

  /**
   * The map {@code name} of a thread; empty where the thread has ended.
   *
   * @param name uid_map or gid_map
   */
  static Optional<IdView> of(int thread, String name) {
    Optional<byte[]> content =
        HostFiles.start(UnixPath.of("/proc/" + thread + "/" + name), LONGEST);
    List<Range> ranges = new ArrayList<>();
    String text = new String(content.orElse(new byte[0]), StandardCharsets.US_ASCII);
    text.lines()
        .map(line -> line.strip().split(" +", -1))
        .filter(words -> words.length == 3)
        .forEach(
            words ->
                ranges.add(
                    new Range(
                        Long.parseLong(words[0]),
                        Long.parseLong(words[1]),
                        Long.parseLong(words[2]))));
    return ranges.isEmpty() ? Optional.empty() : Optional.of(new IdView(ranges));
  }

  int inside(long host) {
    for (Range range : ranges) {
      if (host >= range.host && host - range.host < range.count) {
        return (int) (range.inside + host - range.host);
      }
    }
    return UNKNOWN;
  }
}

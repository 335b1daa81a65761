package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where something is mounted (proc_pid_mountinfo(5)).
 *
 * @param points mount points, in no order
 */
record MountTable(List<UnixPath> points) {
  private static final UnixPath OWN = UnixPath.of("/proc/self/mountinfo");
  private static final int LONGEST = 1 << 24;
  private static final int POINT = 4;

  MountTable {
    points = List.copyOf(points);
  }

  /** Of this process. */
  static MountTable own() {
    return read(HostFiles.content(OWN, LONGEST));
  }

  static MountTable read(byte[] table) {
    return new MountTable(
        new String(table, StandardCharsets.ISO_8859_1)
            .lines()
            .map(line -> line.split(" ", -1))
            .filter(fields -> fields.length > POINT)
            .map(fields -> plain(fields[POINT]))
            .toList());
  }

  /** Whether something is mounted below {@code path}, at itself apart. */
  boolean hasBelow(UnixPath path) {
    return points.stream().anyMatch(point -> point.startsWith(path) && !point.equals(path));
  }

  /** Space, tab, newline and backslash stand there as a backslash and three octal digits. */
  private static UnixPath plain(String escaped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.charAt(i) == '\\' && i + 3 < escaped.length()) {
        bytes.write(Integer.parseInt(escaped.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.write(escaped.charAt(i));
      }
    }
    return UnixPath.of(bytes.toByteArray());
  }
}

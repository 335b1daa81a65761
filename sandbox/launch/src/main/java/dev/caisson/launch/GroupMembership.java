package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.launch.ControlGroupPlace.Controller;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The control groups that this process is in, as /proc/self/cgroup tells (cgroups(7)).
 *
 * @param unified the path in the hierarchy of version 2
 * @param legacy the path in that of each controller of version 1
 */
record GroupMembership(Optional<String> unified, Map<Controller, String> legacy) {
  private static final int LONGEST = 1 << 16;

  static GroupMembership read() {
    return parse(
        HostFiles.start(UnixPath.of("/proc/self/cgroup"), LONGEST)
            .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
            .orElse(""));
  }

  /** Lines such as {@code 0::/user.slice} and {@code 4:memory:/x}. */
  static GroupMembership parse(String text) {
    Optional<String> unified = Optional.empty();
    Map<Controller, String> legacy = new EnumMap<>(Controller.class);
    for (String line : text.lines().toList()) {
      String[] fields = line.split(":", 3);
      if (fields.length < 3) {
        continue;
      }
      if (fields[0].equals("0") && fields[1].isEmpty()) {
        unified = Optional.of(fields[2]);
      }
      List<String> names = Arrays.asList(fields[1].split(",", -1));
      for (Controller controller : Controller.values()) {
        if (names.contains(controller.word())) {
          legacy.put(controller, fields[2]);
        }
      }
    }
    return new GroupMembership(unified, legacy);
  }

  /** {@code path} of a hierarchy below where it is mounted, bytes as they are. */
  static UnixPath below(UnixPath mount, String path) {
    return path.equals("/")
        ? mount
        : mount.resolve(UnixPath.of(path.getBytes(StandardCharsets.ISO_8859_1)));
  }
}

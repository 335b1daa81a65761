package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The host's disks, whole and with something in them (Documentation/ABI/stable/sysfs-block). */
final class Disks {
  private static final UnixPath BLOCK = UnixPath.of("/sys/block");
  private static final UnixPath NUMBER = UnixPath.of("dev");
  private static final UnixPath SIZE = UnixPath.of("size");
  private static final int LONGEST = 64;

  private Disks() {}

  /** Their numbers, as {@code 8:0}. */
  static List<String> here() {
    return HostFiles.entries(BLOCK).stream()
        .map(entry -> BLOCK.resolve(entry.name()))
        .filter(disk -> text(disk.resolve(SIZE)).filter(size -> !size.equals("0")).isPresent())
        .flatMap(disk -> text(disk.resolve(NUMBER)).stream())
        .toList();
  }

  private static Optional<String> text(UnixPath file) {
    return HostFiles.start(file, LONGEST)
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip());
  }
}

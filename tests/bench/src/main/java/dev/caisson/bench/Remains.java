package dev.caisson.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What launches might leave behind.
 *
 * @param residentKib resident memory of this JVM, once its garbage is collected
 * @param descriptors that this process has open
 * @param processes of this user's sandboxes
 * @param mounts that this process sees
 * @param groups control groups of Caisson's
 */
record Remains(long residentKib, long descriptors, long processes, long mounts, long groups) {
  /** The JVM's own memory comes and goes by some. */
  private static final long RESIDENT_SLACK_KIB = 16 << 10;

  private static final File[] NONE = {};

  static Remains now() {
    System.gc();
    try {
      return new Remains(
          resident(),
          count(Path.of("/proc/self/fd")),
          sandboxes(),
          Files.readAllLines(Path.of("/proc/self/mountinfo")).size(),
          groupsBelow(new File("/sys/fs/cgroup")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isNoMoreThan(Remains before) {
    return residentKib <= before.residentKib + RESIDENT_SLACK_KIB
        && descriptors <= before.descriptors
        && processes <= before.processes
        && mounts <= before.mounts
        && groups <= before.groups;
  }

  @Override
  public String toString() {
    return String.format(
        "%,d KiB resident, %d descriptors, %d processes, %d mounts, %d control groups",
        residentKib, descriptors, processes, mounts, groups);
  }

  private static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/self/status has no line VmRSS");
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }

  private static long sandboxes() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries.filter(Remains::isSandbox).count();
    }
  }

  private static boolean isSandbox(Path process) {
    try {
      return Files.readString(process.resolve("comm")).equals("caisson\n")
          && Files.getOwner(process).equals(Files.getOwner(Path.of("/proc/self")));
    } catch (IOException e) {
      // no process, or one that ended
      return false;
    }
  }

  private static long groupsBelow(File directory) {
    long found = directory.getName().startsWith("caisson-") ? 1 : 0;
    for (File each : Optional.ofNullable(directory.listFiles(File::isDirectory)).orElse(NONE)) {
      found += groupsBelow(each);
    }
    return found;
  }
}

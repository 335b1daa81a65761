package dev.caisson.image.tar;

import dev.caisson.UnixPath;
import dev.caisson.launch.FileTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The records of a pax extended header: {@code LENGTH KEY=VALUE\n} (POSIX pax, "pax Header Block").
 * A key that is given twice, or one that changes what the content is, is refused: readers differ in
 * what they make of them.
 */
final class PaxRecords {
  private static final String ATTRIBUTE = "SCHILY.xattr.";
  private static final String OTHER_ATTRIBUTE = "LIBARCHIVE.xattr.";

  private final int longestAttribute;
  private final int longestPath;
  private final Set<String> seen = new HashSet<>();
  private final List<TarEntry.Attribute> attributes = new ArrayList<>();
  private final List<UnixPath> ignored = new ArrayList<>();
  private Optional<UnixPath> path = Optional.empty();
  private Optional<UnixPath> link = Optional.empty();
  private OptionalLong size = OptionalLong.empty();
  private OptionalLong uid = OptionalLong.empty();
  private OptionalLong gid = OptionalLong.empty();
  private Optional<FileTime> modified = Optional.empty();

  private PaxRecords(ArchiveLimits limits) {
    this.longestAttribute = limits.attribute();
    this.longestPath = limits.path();
  }

  /** Reads the header of one entry. */
  static PaxRecords read(byte[] header, ArchiveLimits limits) throws ArchiveProblem {
    PaxRecords records = new PaxRecords(limits);
    int at = 0;
    while (at < header.length) {
      int end = records.record(header, at);
      at = end;
    }
    return records;
  }

  /** Reads a header that holds for all later entries: only a comment may stand in it. */
  static void readGlobal(byte[] header, ArchiveLimits limits) throws ArchiveProblem {
    for (String key : read(header, limits).seen) {
      if (!key.equals("comment")) {
        throw new ArchiveProblem("a global extended header sets " + dev.caisson.Printable.of(key));
      }
    }
  }

  private int record(byte[] header, int start) throws ArchiveProblem {
    int space = indexOf(header, ' ', start, Math.min(header.length, start + 10));
    String digits = latin1(header, start, Math.max(start, space));
    long length = space < 0 ? 0 : TarNumber.decimal(digits, "record length");
    long end = start + length;
    if (space < 0 || digits.startsWith("0") || end > header.length || end <= space + 1) {
      throw new ArchiveProblem("the extended header is malformed");
    }
    int equals = indexOf(header, '=', space + 1, (int) end);
    if (equals <= space + 1 || header[(int) end - 1] != '\n') {
      throw new ArchiveProblem("the extended header is malformed");
    }
    String key = latin1(header, space + 1, equals);
    if (!seen.add(key)) {
      throw new ArchiveProblem(
          "the extended header sets " + dev.caisson.Printable.of(key) + " twice");
    }
    set(key, Arrays.copyOfRange(header, equals + 1, (int) end - 1));
    return (int) end;
  }

  private void set(String key, byte[] value) throws ArchiveProblem {
    String text = new String(value, StandardCharsets.ISO_8859_1);
    switch (key) {
      case "path" -> path = Optional.of(name(value, "path"));
      case "linkpath" -> link = Optional.of(name(value, "linkpath"));
      case "size" -> size = OptionalLong.of(TarNumber.decimal(text, "size"));
      case "uid" -> uid = OptionalLong.of(TarNumber.decimal(text, "uid"));
      case "gid" -> gid = OptionalLong.of(TarNumber.decimal(text, "gid"));
      case "mtime" -> modified = Optional.of(TarNumber.time(text));
      default -> other(key, value);
    }
  }

  private void other(String key, byte[] value) throws ArchiveProblem {
    if (key.startsWith("GNU.sparse.") || key.equals("SCHILY.realsize")) {
      throw new ArchiveProblem("the archive holds a sparse file, which layers may not");
    }
    if (key.startsWith(ATTRIBUTE)) {
      if (value.length > longestAttribute) {
        throw new ArchiveProblem(
            "an extended attribute has " + value.length + " bytes; at most " + longestAttribute);
      }
      byte[] name = key.substring(ATTRIBUTE.length()).getBytes(StandardCharsets.ISO_8859_1);
      attributes.add(new TarEntry.Attribute(name(name, "attribute name"), value));
    } else if (key.startsWith(OTHER_ATTRIBUTE)) {
      ignored.add(name(key.getBytes(StandardCharsets.ISO_8859_1), "attribute name"));
    }
  }

  private UnixPath name(byte[] value, String what) throws ArchiveProblem {
    return TarHeader.name(value, longestPath, what);
  }

  Optional<UnixPath> path() {
    return path;
  }

  Optional<UnixPath> link() {
    return link;
  }

  OptionalLong size() {
    return size;
  }

  OptionalLong uid() {
    return uid;
  }

  OptionalLong gid() {
    return gid;
  }

  Optional<FileTime> modified() {
    return modified;
  }

  List<TarEntry.Attribute> attributes() {
    return attributes;
  }

  List<UnixPath> ignored() {
    return ignored;
  }

  private static int indexOf(byte[] bytes, char wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static String latin1(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}

package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.util.ArrayList;
import java.util.List;

/** Reads a directory by getdents64(2). */
final class DirectoryEntries {
  private static final int BUFFER = 1 << 15;
  // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, then the name with its NUL
  private static final int LENGTH = 16;
  private static final int TYPE = 18;
  private static final int NAME = 19;

  private DirectoryEntries() {}

  static List<DirectoryEntry> read(int descriptor, UnixPath path) throws FileProblem {
    List<DirectoryEntry> entries = new ArrayList<>();
    try (SystemCalls.Memory buffer = SystemCalls.allocate(BUFFER)) {
      while (true) {
        int filled =
            (int)
                FileCalls.call(
                    Syscall.GETDENTS64, path, descriptor, buffer.address(), buffer.size());
        if (filled == 0) {
          return entries;
        }
        for (int at = 0; at < filled; at += buffer.getShort(at + LENGTH) & 0xffff) {
          add(entries, buffer, at, path);
        }
      }
    }
  }

  private static void add(
      List<DirectoryEntry> entries, SystemCalls.Memory buffer, int at, UnixPath path) {
    int reserved = (buffer.getShort(at + LENGTH) & 0xffff) - NAME;
    byte type = buffer.get(at + TYPE, 1)[0];
    byte[] name = buffer.get(at + NAME, reserved);
    int length = 0;
    while (length < reserved && name[length] != 0) {
      length++;
    }
    UnixPath entry = UnixPath.of(java.util.Arrays.copyOf(name, length));
    if (!entry.equals(UnixPath.of(".")) && !entry.equals(UnixPath.of(".."))) {
      entries.add(new DirectoryEntry(entry, kind(type, path.resolve(entry))));
    }
  }

  /** By the d_type of readdir(3), which is 0 where the file system does not tell. */
  private static DirectoryEntry.Kind kind(byte type, UnixPath path) {
    int told = type != 0 ? type : HostFiles.status(path).map(entry -> entry.mode() >> 12).orElse(0);
    return switch (told) {
      case 1 -> DirectoryEntry.Kind.FIFO;
      case 4 -> DirectoryEntry.Kind.DIRECTORY;
      case 8 -> DirectoryEntry.Kind.FILE;
      case 10 -> DirectoryEntry.Kind.LINK;
      default -> DirectoryEntry.Kind.OTHER;
    };
  }
}

package dev.caisson.launch;

import dev.caisson.UnixPath;
import java.util.ArrayList;
import java.util.List;

/** Reads the names of a directory by getdents64(2). */
final class DirectoryEntries {
  private static final int BUFFER = 1 << 15;
  // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, then the name with its NUL
  private static final int LENGTH = 16;
  private static final int NAME = 19;

  private DirectoryEntries() {}

  static List<UnixPath> read(int descriptor, UnixPath path) throws FileProblem {
    List<UnixPath> names = new ArrayList<>();
    try (SystemCalls.Memory buffer = SystemCalls.allocate(BUFFER)) {
      while (true) {
        int filled =
            (int)
                FileCalls.call(
                    Syscall.GETDENTS64, path, descriptor, buffer.address(), buffer.size());
        if (filled == 0) {
          return names;
        }
        for (int at = 0; at < filled; at += buffer.getShort(at + LENGTH) & 0xffff) {
          add(names, buffer, at);
        }
      }
    }
  }

  private static void add(List<UnixPath> names, SystemCalls.Memory buffer, int at) {
    int reserved = (buffer.getShort(at + LENGTH) & 0xffff) - NAME;
    byte[] name = buffer.get(at + NAME, reserved);
    int length = 0;
    while (length < reserved && name[length] != 0) {
      length++;
    }
    UnixPath entry = UnixPath.of(java.util.Arrays.copyOf(name, length));
    if (!entry.equals(UnixPath.of(".")) && !entry.equals(UnixPath.of(".."))) {
      names.add(entry);
    }
  }
}

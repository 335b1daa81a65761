package dev.caisson.policy;

import dev.caisson.UnixPath;
import java.io.IOException;

/** The host's files, by names that are bytes, as far as policies need them. */
public interface PolicyFiles {
  /**
   * Opens what {@code name} leads to, its symbolic links followed. Never waits: of what is no
   * regular file nothing is read.
   *
   * @param limit how many bytes are read at the most
   * @throws IOException whose message says in the system's words why it cannot be read
   */
  Found find(UnixPath name, int limit) throws IOException;

  /**
   * What stands at {@code path}, a symbolic link itself where it is one.
   *
   * @throws IOException whose message says in the system's words why that cannot be told
   */
  Status status(UnixPath path) throws IOException;

  /**
   * A file that was opened.
   *
   * @param real its path without symbolic links, as the kernel gives it
   * @param content its first bytes; none where it is no regular file
   */
  record Found(UnixPath real, Status status, byte[] content) {}

  /**
   * Owner and mode, as stat(2) gives them.
   *
   * @param mode type and permissions
   */
  record Status(int uid, int gid, int mode) {
    private static final int TYPE = 0170000;

    public boolean isRegularFile() {
      return (mode & TYPE) == 0100000;
    }

    public boolean isDirectory() {
      return (mode & TYPE) == 0040000;
    }

    /** What it is, for a message. */
    String kind() {
      return switch (mode & TYPE) {
        case 0100000 -> "a file";
        case 0040000 -> "a directory";
        case 0010000 -> "a FIFO";
        case 0140000 -> "a socket";
        case 0020000, 0060000 -> "a device";
        default -> "no file";
      };
    }
  }
}

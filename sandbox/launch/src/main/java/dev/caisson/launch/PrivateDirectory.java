package dev.caisson.launch;

import dev.caisson.UnixPath;

/** Directories of the caller that nobody else may write to. */
public final class PrivateDirectory {
  private static final int AT_FDCWD = -100;
  private static final int OWNER_ONLY = 0700;
  private static final int WRITABLE_BY_OTHERS = 0022;

  private PrivateDirectory() {}

  /**
   * Makes {@code path} and what is missing above it, each with mode 0700 as the XDG base directory
   * specification asks, and checks that it is a directory that only {@code uid} can write to.
   *
   * @throws HostRefusal where it cannot be made, or where another user owns it or could write to it
   */
  public static void make(UnixPath path, int uid, String remedy) {
    UnixPath made = UnixPath.of("/");
    for (UnixPath component : path.components()) {
      made = made.resolve(component);
      makeOne(made, path, remedy);
    }
    HostEntry status =
        HostFiles.statusOfTarget(path)
            .orElseThrow(() -> refusal(path, "it disappeared while it was made", remedy));
    if (!status.isDirectory()) {
      throw refusal(path, "it is not a directory", remedy);
    }
    if (status.uid() != uid) {
      throw refusal(
          path,
          "it belongs to the user with the id "
              + Integer.toUnsignedString(status.uid())
              + ", not to "
              + Integer.toUnsignedString(uid),
          remedy);
    }
    if ((status.mode() & WRITABLE_BY_OTHERS) != 0) {
      throw refusal(
          path,
          "others than its owner may write to it (mode "
              + Integer.toOctalString(status.mode() & 07777)
              + ")",
          "Run 'chmod go-w " + path + "'");
    }
  }

  private static void makeOne(UnixPath directory, UnixPath whole, String remedy) {
    if (HostFiles.statusOfTarget(directory).isPresent()) {
      return;
    }
    try (SystemCalls.Memory name = SystemCalls.string(directory)) {
      long result = SystemCalls.call(Syscall.MKDIRAT, AT_FDCWD, name.address(), OWNER_ONLY);
      if (result < 0 && result != -Errno.EEXIST.number()) {
        String meaning = Errno.of((int) -result).map(Errno::meaning).orElse("error " + -result);
        throw refusal(whole, "mkdir " + directory + ": " + meaning, remedy);
      }
    }
  }

  private static HostRefusal refusal(UnixPath path, String why, String remedy) {
    return new HostRefusal("use the directory " + path, why, remedy);
  }
}

package dev.caisson.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Refuses a policy file that another ordinary user could have written or replaced. */
final class PolicyOwner {
  private static final int STICKY = 01000;
  private static final int GROUP_WRITE = 020;
  private static final int OTHER_WRITE = 02;

  private PolicyOwner() {}

  static void requireTrusted(Path file, int caller) {
    try {
      Path real = file.toRealPath();
      requireTrustedOne(file, real, caller);
      for (Path at = real.getParent(); at != null; at = at.getParent()) {
        requireTrustedOne(file, at, caller);
      }
    } catch (IOException unreachable) {
      // reading it says why, in the same words as for any file
      return;
    }
  }

  private static void requireTrustedOne(Path file, Path at, int caller) throws IOException {
    Map<String, Object> status =
        Files.readAttributes(at, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
    int uid = number(status, "uid");
    int gid = number(status, "gid");
    int mode = number(status, "mode");
    if (uid != caller && uid != 0) {
      throw refusal(file, at + " belongs to user " + uid, "Copy the policy to a file of your own");
    }
    boolean sticky = Files.isDirectory(at) && (mode & STICKY) != 0;
    // a group with the owner's own number is taken to be the owner's private one
    boolean group = (mode & GROUP_WRITE) != 0 && gid != uid && gid != 0;
    boolean others = (mode & OTHER_WRITE) != 0;
    if (!sticky && (group || others)) {
      throw refusal(
          file,
          "other users can write to " + at,
          "Take that right away: chmod go-w " + at + ", or copy the policy elsewhere");
    }
  }

  private static int number(Map<String, Object> status, String name) {
    return (Integer) Objects.requireNonNull(status.get(name));
  }

  private static PolicyRefusal refusal(Path file, String why, String remedy) {
    return new PolicyRefusal("trust the policy " + file, why, remedy);
  }
}

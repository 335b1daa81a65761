package dev.caisson.policy;

import dev.caisson.UnixPath;
import dev.caisson.policy.PolicyFiles.Status;
import java.io.IOException;
import java.util.List;

/** Refuses a policy file that another ordinary user could have written or replaced. */
final class PolicyOwner {
  private static final int STICKY = 01000;
  private static final int GROUP_WRITE = 020;
  private static final int OTHER_WRITE = 02;

  private final PolicyFiles files;
  private final int caller;

  PolicyOwner(PolicyFiles files, int caller) {
    this.files = files;
    this.caller = caller;
  }

  /**
   * Looks at the file and at every directory above it.
   *
   * @param shown how messages name it
   */
  void requireTrusted(PolicyFiles.Found file, String shown) {
    requireTrusted(file.real(), file.status(), shown);
    List<UnixPath> parts = file.real().components();
    UnixPath at = UnixPath.of("/");
    for (int i = 0; i < parts.size(); i++) {
      requireTrusted(at, status(at, shown), shown);
      at = at.resolve(parts.get(i));
    }
  }

  private Status status(UnixPath path, String shown) {
    try {
      return files.status(path);
    } catch (IOException e) {
      throw refusal(
          shown, "the owner of " + path + " cannot be told: " + e.getMessage(), "Check the path");
    }
  }

  private void requireTrusted(UnixPath path, Status status, String shown) {
    if (status.uid() != caller && status.uid() != 0) {
      throw refusal(
          shown,
          path + " belongs to another user (uid " + Integer.toUnsignedString(status.uid()) + ")",
          "Read the policy, and copy it to a file of your own");
    }
    boolean sticky = status.isDirectory() && (status.mode() & STICKY) != 0;
    // a group with its owner's own number is taken to be the owner's private one
    boolean group =
        (status.mode() & GROUP_WRITE) != 0 && status.gid() != status.uid() && status.gid() != 0;
    boolean others = (status.mode() & OTHER_WRITE) != 0;
    if (!sticky && (group || others)) {
      throw refusal(
          shown,
          "other users can write to " + path,
          "Take that right away: chmod go-w " + path + ", or copy the policy elsewhere");
    }
  }

  private static PolicyRefusal refusal(String shown, String why, String remedy) {
    return new PolicyRefusal("trust the policy " + shown, why, remedy);
  }
}

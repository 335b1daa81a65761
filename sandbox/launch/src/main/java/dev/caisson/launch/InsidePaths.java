package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.Mount;
import dev.caisson.policy.View;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Paths in the new root. They are resolved there and never in the host's, whatever links an image
 * holds.
 */
final class InsidePaths {
  private final ProgramBuilder b;
  private final EffectivePolicy policy;
  private final Operand.Slot root;
  private final Operand.Slot above;
  private final Set<UnixPath> made = new HashSet<>();

  InsidePaths(LaunchContext context) {
    b = context.b;
    policy = context.policy;
    root = context.root;
    above = b.slot();
  }

  /** Opens {@code path} of the new root as a directory, making what is missing of it. */
  void openDirectory(String meaning, UnixPath path, Operand.Slot into) {
    long directory = OpenFlags.directory(b.architecture());
    if (path.components().isEmpty() || made.contains(path)) {
      openIn(meaning, path, directory, into);
      return;
    }
    Label found = b.label();
    openIn(meaning, path, directory, into).tolerate(Errno.ENOENT);
    b.jumpIfNotEqual(into, n(-Errno.ENOENT.number()), found);
    make(meaning, path);
    openIn(meaning, path, directory, into);
    b.place(found);
  }

  void openParent(String meaning, UnixPath path, Operand.Slot into) {
    openDirectory(meaning, parent(path), into);
  }

  /** Opens {@code path} of the new root as a file, making it empty where it is missing. */
  void openFile(String meaning, UnixPath path, Operand.Slot into) {
    openParent(meaning, path, into);
    b.call(meaning, Syscall.MKNODAT, into, b.text(name(path)), n(Linux.S_IFREG | 0644), n(0))
        .tolerate(Errno.EEXIST);
    b.call(Syscall.CLOSE, into);
    openIn(meaning, path, 0, into);
  }

  private void make(String meaning, UnixPath path) {
    if (path.components().isEmpty() || !made.add(path)) {
      return;
    }
    UnixPath parent = parent(path);
    make(meaning, parent);
    openIn(meaning, parent, OpenFlags.directory(b.architecture()), above);
    b.call(meaning, Syscall.MKDIRAT, above, b.text(name(path)), n(0755)).tolerate(Errno.EEXIST);
    b.call(Syscall.CLOSE, above);
  }

  private ProgramBuilder.Call openIn(String meaning, UnixPath path, long flags, Operand.Slot into) {
    return b.call(
            meaning,
            Syscall.OPENAT2,
            root,
            b.text(relative(path)),
            how(
                b,
                Linux.O_PATH | Linux.O_CLOEXEC | flags,
                Linux.RESOLVE_IN_ROOT
                    | Linux.RESOLVE_NO_MAGICLINKS
                    | (mayFollowLinks(path) ? 0 : Linux.RESOLVE_NO_SYMLINKS)),
            n(24))
        .into(into)
        .advise(Errno.ENOTDIR, "Something on its path inside is no directory")
        .advise(
            Errno.ELOOP, "A link stands on its path inside; name the place that the link leads to")
        .advise(Errno.ENOENT, "Its path inside leads through a link to nowhere");
  }

  /**
   * Links of an image lead within the image. Others are in what the policy places, where a place
   * that is not the one that was written would not be what was compared with a ceiling.
   */
  private boolean mayFollowLinks(UnixPath path) {
    return policy.view() == View.IMAGE
        && policy.maskedPaths().stream().noneMatch(path::startsWith)
        && policy.filesystem().stream()
            .noneMatch(
                mount ->
                    mount instanceof Mount.Bind
                        && path.startsWith(mount.target())
                        && !path.equals(mount.target()));
  }

  /** The argument of openat2(2). */
  static Operand.Immediate how(ProgramBuilder b, long flags, long resolve) {
    return b.words(flags, 0, resolve);
  }

  static UnixPath relative(UnixPath path) {
    List<UnixPath> parts = path.components();
    UnixPath result = UnixPath.of(parts.isEmpty() ? "." : "");
    for (UnixPath part : parts) {
      result = result.bytes().length == 0 ? part : result.resolve(part);
    }
    return result;
  }

  static UnixPath name(UnixPath path) {
    List<UnixPath> parts = path.components();
    return parts.get(parts.size() - 1);
  }

  private static UnixPath parent(UnixPath path) {
    UnixPath result = UnixPath.of("/");
    List<UnixPath> parts = path.components();
    for (UnixPath part : parts.subList(0, parts.size() - 1)) {
      result = result.resolve(part);
    }
    return result;
  }
}

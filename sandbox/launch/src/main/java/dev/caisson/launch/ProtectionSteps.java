package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Mount;
import java.util.List;

/** Paths in writable binds that stay as they are. */
final class ProtectionSteps {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final SourceTrees sources;
  private final Operand.Slot target;

  ProtectionSteps(LaunchContext context, SourceTrees sources) {
    c = context;
    b = context.b;
    this.sources = sources;
    target = b.slot();
  }

  /**
   * Keeps paths in a writable bind from being changed. Each directory on the way becomes a mount
   * point too, for renaming one would take the protected path away (EBUSY then). Paths that do not
   * exist cannot be protected: the keeper reports those that appear.
   */
  void protect(Mount.Bind bind) {
    for (UnixPath path : bind.protect()) {
      if (HostFiles.status(bind.source().resolve(path)).isEmpty()) {
        continue;
      }
      List<UnixPath> parts = path.components();
      UnixPath at = bind.target();
      Label absent = b.label();
      for (int i = 0; i < parts.size(); i++) {
        at = at.resolve(parts.get(i));
        boolean last = i == parts.size() - 1;
        protectOne("protect " + at, at, last, absent);
      }
      b.place(absent);
    }
  }

  private void protectOne(String meaning, UnixPath path, boolean readOnly, Label absent) {
    b.call(
            meaning,
            Syscall.OPENAT2,
            c.root,
            b.text(InsidePaths.relative(path)),
            InsidePaths.how(
                b,
                Linux.O_PATH | Linux.O_CLOEXEC,
                Linux.RESOLVE_BENEATH | Linux.RESOLVE_NO_SYMLINKS),
            n(24))
        .into(target)
        .tolerate(Errno.ENOENT, Errno.ENOTDIR)
        .advise(
            Errno.ELOOP,
            "It is a symbolic link, which cannot be kept from being replaced; remove it, or name it"
                + " with --allow-write");
    b.jumpIfEqual(target, n(-Errno.ENOENT.number()), absent);
    b.jumpIfEqual(target, n(-Errno.ENOTDIR.number()), absent);
    sources.attachItself(meaning, target, !readOnly);
    b.call(Syscall.CLOSE, target);
  }
}

package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.policy.Mount;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a policy places inside. */
final class MountSteps {
  private static final int MAX_COPY = 1 << 20;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final InsidePaths paths;
  private final BindSteps binds;
  private final HostReader reader;
  private final Operand.Slot target;
  private final Operand.Slot file;

  MountSteps(LaunchContext context, InsidePaths paths, SourceTrees sources, MappedBinds mapped) {
    c = context;
    b = context.b;
    this.paths = paths;
    binds = new BindSteps(context, paths, sources, mapped);
    reader = new HostReader(c.request.host().uid());
    target = b.slot();
    file = b.slot();
  }

  /** Places everything, parents before children. */
  void placeAll() {
    for (Mount mount : c.policy.filesystem()) {
      place(mount);
    }
  }

  private void place(Mount mount) {
    if (mount instanceof Mount.Bind bind) {
      binds.place(bind);
    } else if (mount instanceof Mount.Tmpfs tmpfs) {
      tmpfs(tmpfs);
    } else if (mount instanceof Mount.TextFile file) {
      file(file.target(), file.text().getBytes(StandardCharsets.UTF_8));
    } else if (mount instanceof Mount.Copy copy) {
      copy(copy);
    } else if (mount instanceof Mount.Symlink link) {
      symlink(link);
    } else {
      throw new IllegalStateException("unknown mount " + mount);
    }
  }

  /** An image may name one that it does not hold; it is not made where the host's files show. */
  void makeWorkingDirectory() {
    UnixPath directory = c.workingDirectory();
    if (c.request.root() instanceof Root.Layers
        && c.policy.filesystem().stream()
            .noneMatch(
                mount -> mount instanceof Mount.Bind && directory.startsWith(mount.target()))) {
      paths.openDirectory("make the working directory " + directory, directory, target);
      b.call(Syscall.CLOSE, target);
    }
  }

  private void tmpfs(Mount.Tmpfs tmpfs) {
    String meaning = "mount a tmpfs on " + tmpfs.target();
    paths.openDirectory(meaning, tmpfs.target(), target);
    b.call(meaning, Syscall.FCHDIR, target);
    b.call(
        meaning,
        Syscall.MOUNT,
        b.text("tmpfs"),
        b.text("."),
        b.text("tmpfs"),
        n(Linux.MS_NOSUID | Linux.MS_NODEV | (tmpfs.exec() ? 0 : Linux.MS_NOEXEC)),
        b.text(TmpfsSize.options(tmpfs.mode(), c.tmpfsBytes(tmpfs.size()))));
    b.call("enter the root", Syscall.FCHDIR, c.root);
    b.call(Syscall.CLOSE, target);
  }

  private void symlink(Mount.Symlink link) {
    String meaning = "make the link " + link.target();
    paths.openParent(meaning, link.target(), target);
    b.call(
            meaning,
            Syscall.SYMLINKAT,
            b.text(link.link()),
            target,
            b.text(InsidePaths.name(link.target())))
        .tolerate(Errno.EEXIST);
    b.call(Syscall.CLOSE, target);
  }

  private void copy(Mount.Copy copy) {
    Optional<HostPath> file =
        HostPath.findWithoutLinks("copy " + copy.source() + " to " + copy.target(), copy.source())
            .filter(HostPath::isRegular)
            .filter(path -> reader.maySee(path.real()));
    if (file.isEmpty()) {
      return;
    }
    file(copy.target(), file.get().content(MAX_COPY));
  }

  /** A fresh file; what an image has there, a link among it, gives way. */
  private void file(UnixPath path, byte[] content) {
    String meaning = "write " + path;
    paths.openParent(meaning, path, target);
    b.call(meaning, Syscall.UNLINKAT, target, b.text(InsidePaths.name(path)), n(0))
        .tolerate(Errno.ENOENT)
        .advise(Errno.EACCES, notItsOwn());
    b.call(
            meaning,
            Syscall.OPENAT,
            target,
            b.text(InsidePaths.name(path)),
            n(Linux.O_WRONLY | Linux.O_CREAT | Linux.O_EXCL | Linux.O_CLOEXEC),
            n(0444))
        .into(file)
        .advise(Errno.EACCES, notItsOwn())
        .advise(Errno.EOVERFLOW, notItsOwn());
    if (content.length > 0) {
      b.call(meaning, Syscall.WRITE, file, b.bytes(content), n(content.length));
    }
    b.call(Syscall.CLOSE, file);
    b.call(Syscall.CLOSE, target);
  }

  /** Why a root that is not the caller's cannot be written to. */
  private String notItsOwn() {
    return c.startedByRoot()
        ? "A sandbox started by root runs with other ids, and its root's files are not theirs; run"
            + " as an ordinary user who owns them"
        : "The directory is not the caller's; run as the user who owns it";
  }
}

package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Mount;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Files and directories of the host, as a policy shows them. */
final class BindSteps {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final InsidePaths paths;
  private final SourceTrees sources;
  private final OverlaySteps overlays;
  private final ProtectionSteps protection;
  private final BindSources host;
  private final MappedBinds mapped;
  private final Operand.Slot target;
  private int staged;

  BindSteps(LaunchContext context, InsidePaths paths, SourceTrees sources, MappedBinds mapped) {
    c = context;
    b = context.b;
    this.paths = paths;
    this.sources = sources;
    overlays = new OverlaySteps(context, sources);
    protection = new ProtectionSteps(context, sources);
    host = BindSources.of(context);
    this.mapped = mapped;
    target = b.slot();
  }

  void place(Mount.Bind bind) {
    String meaning = "bind " + bind.source() + " on " + bind.target();
    Optional<HostPath> found = host.find(bind);
    if (found.isEmpty()) {
      return;
    }
    HostPath path = found.get();
    refuseHiddenFromSandbox(meaning, bind, path);
    if (path.isDirectory()) {
      paths.openDirectory(meaning, bind.target(), target);
    } else {
      paths.openFile(meaning, bind.target(), target);
    }
    boolean writable = bind.access() == Mount.Access.READ_WRITE;
    Optional<Operand.Slot> tree = mapped.tree(bind);
    if (bind.access() == Mount.Access.OVERLAY) {
      overlays.place(meaning, path, bind, tree, target);
    } else if (tree.isPresent()) {
      sources.moveTo(meaning, tree.get(), target);
      socketsReachable(bind);
    } else if (bind.system() || !path.isDirectory()) {
      sources.attach(meaning, path, target, writable, bind.exec());
    } else if (writable) {
      sources.attach(meaning, path, target, true, bind.exec());
      socketsReachable(bind);
    } else {
      overlayReadOnly(meaning, path, bind);
    }
    b.call(Syscall.CLOSE, target);
    if (bind.access() != Mount.Access.READ_ONLY) {
      protection.protect(bind);
    }
  }

  private void socketsReachable(Mount.Bind bind) {
    c.socketsReachable();
    c.notes.add(aboutSockets(bind, "writable"));
  }

  private void refuseHiddenFromSandbox(String meaning, Mount.Bind bind, HostPath path) {
    if (c.startedByRoot() && bind.access() == Mount.Access.READ_ONLY && !host.maySee(path)) {
      throw new PlanRefusal(
          meaning,
          "a sandbox started by root runs with other ids, and not everyone may read "
              + path.real()
              + " and enter the directories on its path",
          "Run as the user whose it is, or let others read it (chmod o+rX)");
    }
  }

  /**
   * A read-only directory as an overlay with an empty second layer: a socket or FIFO in it is then
   * another inode and reaches no process of the host. Where something is mounted below it, which an
   * overlay would show as empty, or where overlay cannot stack on it, a bind.
   */
  private void overlayReadOnly(String meaning, HostPath path, Mount.Bind bind) {
    String place = "lower" + staged++;
    Label subMounts = b.label();
    Label fallBack = b.label();
    Label done = b.label();
    b.call(meaning, Syscall.MKDIRAT, c.staging, b.text(place), n(0755));
    sources.stage(meaning, path, place, call -> call.otherwise(subMounts));
    b.call(meaning, Syscall.FCHDIR, target);
    b.call(
            meaning,
            Syscall.MOUNT,
            b.text("overlay"),
            b.text("."),
            b.text("overlay"),
            n(
                Linux.MS_RDONLY
                    | Linux.MS_NOSUID
                    | Linux.MS_NODEV
                    | (bind.exec() ? 0 : Linux.MS_NOEXEC)),
            b.text(
                "userxattr,lowerdir="
                    + RootSteps.STAGING_PATH
                    + place
                    + ":"
                    + RootSteps.STAGING_PATH
                    + "empty"))
        .otherwise(fallBack);
    b.call(meaning, Syscall.FCHDIR, c.root);
    b.jump(done);
    b.place(subMounts);
    sources.closeSource();
    b.place(fallBack);
    b.call(meaning, Syscall.FCHDIR, c.root);
    c.socketsReachable();
    say(aboutSockets(bind, "a bind (no overlay can cover it, or what is mounted below it)"));
    sources.attach(meaning, path, target, false, bind.exec());
    b.place(done);
  }

  private String aboutSockets(Mount.Bind bind, String why) {
    String place = bind.target() + " is " + why + " and may hold the host's";
    return c.policy.unixSockets()
        ? "Unix sockets of the host can be reached: " + place
        : "Unix sockets are refused inside: " + place + "; --allow-unix allows them";
  }

  private void say(String note) {
    byte[] line = ("caisson: " + note + "\n").getBytes(StandardCharsets.UTF_8);
    b.call("say that it is a bind", Syscall.WRITE, n(2), b.bytes(line), n(line.length))
        .tolerateAll();
  }
}

package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy.RootAccess;
import dev.caisson.policy.Mount;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The root: an overlay of verified layers or of a directory, its writes in memory, or an empty tree
 * for the host's system directories.
 *
 * <p>Everything is assembled on a staging tmpfs that hangs from a directory of the caller in the
 * sandbox's own mount namespace, and that goes with the host's tree when the root changes.
 */
final class RootSteps {
  /** Where the staging tmpfs is found through /proc/self/fd. */
  private static final int STAGING = 101;

  static final String STAGING_PATH = "/proc/self/fd/" + STAGING + "/";

  /** What a payload can write to its root and to each unsized tmpfs, in bytes. */
  static final long ROOT_BYTES = 1L << 30;

  private static final long EMPTY_ROOT_BYTES = 16L << 20;

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final UpperDirectory upper;

  RootSteps(LaunchContext context, UpperDirectory upper) {
    c = context;
    b = context.b;
    this.upper = upper;
  }

  /** The directory that the keeper enters before the sandbox exists: layers are relative to it. */
  UnixPath base() {
    return c.request.root() instanceof Root.Layers layers
        ? layers.store()
        : c.request.runtimeDirectory();
  }

  /** Mounts the staging tmpfs on the current directory. */
  void stage() {
    String meaning = "mount a staging tmpfs";
    Operand.Slot fs = b.slot();
    b.call(meaning, Syscall.FSOPEN, b.text("tmpfs"), n(Linux.FSOPEN_CLOEXEC)).into(fs);
    set(meaning, fs, "mode", "0755");
    long bytes = holdsWrites() ? c.tmpfsBytes(ROOT_BYTES) : ROOT_BYTES;
    set(meaning, fs, "size", Long.toString(bytes));
    set(meaning, fs, "nr_inodes", Long.toString(TmpfsSize.files(bytes)));
    b.call(meaning, Syscall.FSCONFIG, fs, n(Linux.FSCONFIG_CMD_CREATE), n(0), n(0), n(0));
    b.call(
            meaning,
            Syscall.FSMOUNT,
            fs,
            n(Linux.FSMOUNT_CLOEXEC),
            n(Linux.MOUNT_ATTR_NOSUID | Linux.MOUNT_ATTR_NODEV))
        .into(c.staging);
    b.call(
        meaning,
        Syscall.MOVE_MOUNT,
        c.staging,
        b.text(""),
        Linux.AT_FDCWD,
        // no "." to look up: root's private directory is closed to the ids of its sandbox
        b.text(""),
        n(Linux.MOVE_MOUNT_F_EMPTY_PATH | Linux.MOVE_MOUNT_T_EMPTY_PATH));
    b.call(Syscall.CLOSE, fs);
    b.call(meaning, Syscall.DUP3, c.staging, n(STAGING), n(Linux.O_CLOEXEC))
        .advise(
            Errno.EBADF,
            "A launch needs descriptors up to number "
                + STAGING
                + "; raise the limit (ulimit -n 256)");
    makeDirectory("root", 0755);
    makeDirectory("empty", 0555);
    makeMasks();
  }

  /** Whether what a payload writes goes here; else only what the launch places does. */
  private boolean holdsWrites() {
    return c.policy.root() == RootAccess.WRITABLE
        || c.policy.filesystem().stream()
            .anyMatch(
                mount -> mount instanceof Mount.Bind bind && bind.access() == Mount.Access.OVERLAY);
  }

  private void set(String meaning, Operand fs, String key, String value) {
    b.call(
        meaning,
        Syscall.FSCONFIG,
        fs,
        n(Linux.FSCONFIG_SET_STRING),
        b.text(key),
        b.text(value),
        n(0));
  }

  void makeDirectory(String name, int mode) {
    makeDirectory(UnixPath.of(name), mode);
  }

  private void makeDirectory(UnixPath name, int mode) {
    b.call("make a staging directory", Syscall.MKDIRAT, c.staging, b.text(name), n(mode));
  }

  /** An empty file and directory, read-only mounts: what is bound from them is read-only too. */
  private void makeMasks() {
    String meaning = "make the masks";
    b.call(meaning, Syscall.MKNODAT, c.staging, b.text("mask"), n(Linux.S_IFREG | 0444), n(0));
    for (String name : List.of("mask", "empty")) {
      Operand.Immediate path = b.text(STAGING_PATH + name);
      b.call(meaning, Syscall.MOUNT, path, path, n(0), n(Linux.MS_BIND), n(0));
      b.call(
          meaning,
          Syscall.MOUNT_SETATTR,
          Linux.AT_FDCWD,
          path,
          n(0),
          b.words(Linux.MOUNT_ATTR_RDONLY, 0, 0, 0),
          n(32));
    }
  }

  /** Mounts the root in staging and opens it. */
  void mountRoot(SourceTrees sources) {
    if (c.request.root() instanceof Root.Layers layers) {
      List<String> lowers = new ArrayList<>();
      layers
          .layers()
          .forEach(
              layer ->
                  lowers.add(
                      new String(layer.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1)));
      Collections.reverse(lowers);
      overlay(lowers);
    } else if (c.request.root() instanceof Root.Directory directory) {
      makeDirectory("lower", 0755);
      sources.stageRoot("use " + directory.path() + " as root", directory.path(), "lower");
      List<String> lowers = new ArrayList<>(List.of(STAGING_PATH + "lower"));
      Map<UnixPath, Integer> adopted =
          AdoptedDirectories.of(directory.path(), c.policy, c.ids).permissions();
      if (!adopted.isEmpty()) {
        makeDirectory("adopted", 0755);
        UnixPath layer = UnixPath.of("adopted");
        adopted.forEach((path, mode) -> makeDirectory(layer.resolve(path), mode));
        lowers.add(0, STAGING_PATH + "adopted");
      }
      overlay(lowers);
    } else {
      b.call(
          "mount an empty root",
          Syscall.MOUNT,
          b.text("tmpfs"),
          b.text(STAGING_PATH + "root"),
          b.text("tmpfs"),
          n(Linux.MS_NOSUID | Linux.MS_NODEV),
          b.text(TmpfsSize.options(0755, emptyRootBytes())));
    }
    b.call(
            "open the root",
            Syscall.OPENAT,
            c.staging,
            b.text("root"),
            n(Linux.O_PATH | Linux.O_CLOEXEC | OpenFlags.directory(b.architecture())))
        .into(c.root);
    b.call("enter the root", Syscall.FCHDIR, c.root);
  }

  private long emptyRootBytes() {
    return c.policy.root() == RootAccess.WRITABLE
        ? c.tmpfsBytes(EMPTY_ROOT_BYTES)
        : EMPTY_ROOT_BYTES;
  }

  private void overlay(List<String> lowers) {
    String writable = upper.options(this);
    List<String> all = lowers.isEmpty() ? List.of(STAGING_PATH + "empty") : lowers;
    String options = "userxattr,lowerdir=" + String.join(":", all) + "," + writable;
    byte[] bytes = options.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    if (bytes.length >= 4096) {
      throw new PlanRefusal(
          "mount an image of " + all.size() + " layers",
          "their names do not fit in the 4096 bytes that mount(2) takes",
          "Squash some of the image's layers");
    }
    b.call(
            "mount the root as an overlay",
            Syscall.MOUNT,
            b.text("overlay"),
            b.text(STAGING_PATH + "root"),
            b.text("overlay"),
            n(Linux.MS_NOSUID | Linux.MS_NODEV),
            b.text(UnixPath.of(bytes)))
        .advise(
            Errno.EPERM, "This kernel has no overlay in user namespaces (it came with Linux 5.11)")
        .advise(Errno.ENODEV, "The overlay module is not loaded; as root: modprobe overlay")
        .advise(
            Errno.EINVAL,
            "The root lies on a file system that overlay cannot stack on, for instance on two"
                + " overlays already; put it or the store on another one")
        .advise(Errno.EACCES, "The sandbox's user may not enter the root's directory");
  }

  /** The root itself read-only, where the policy says so. What is mounted in it is not touched. */
  void protect() {
    if (c.policy.root() == RootAccess.READ_ONLY) {
      b.call(
          "make the root read-only",
          Syscall.MOUNT_SETATTR,
          c.root,
          b.text(""),
          n(Linux.AT_EMPTY_PATH),
          b.words(Linux.MOUNT_ATTR_RDONLY, 0, 0, 0),
          n(32));
    }
  }

  /** No device and no setuid program anywhere in the tree: before /dev is mounted, by design. */
  void refuseDevices() {
    b.call(
        "refuse devices in the whole tree",
        Syscall.MOUNT_SETATTR,
        c.root,
        b.text(""),
        n(Linux.AT_EMPTY_PATH | Linux.AT_RECURSIVE),
        b.words(Linux.MOUNT_ATTR_NOSUID | Linux.MOUNT_ATTR_NODEV, 0, 0, 0),
        n(32));
  }
}

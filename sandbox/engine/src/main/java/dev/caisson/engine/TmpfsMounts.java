package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.CallerFile;
import dev.caisson.launch.CallerMounts;
import dev.caisson.launch.Device;
import dev.caisson.launch.Errno;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.NotifiedCall;
import dev.caisson.launch.SandboxView;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.Mount;
import dev.caisson.policy.seccomp.SyscallTable;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets programs mount a tmpfs in the file systems in memory that a policy opens for it ({@code
 * "mounts": true}), and unmount what they have mounted (mount(2), umount2(2)). Whether a directory
 * lies in one of them is decided by the file system of the directory that is then mounted on, held
 * by a descriptor; what is mounted is made from the copies that were decided by. So it does not
 * matter what a program changes meanwhile.
 */
final class TmpfsMounts implements Decider {
  /** The names of the calls that it answers. */
  static final Set<String> CALLS = Set.of("mount", "umount2");

  /** At once, in one sandbox: each takes memory of the kernel's too. */
  private static final int MOST = 100;

  private static final long MS_RDONLY = 1;
  private static final long MS_NOEXEC = 8;

  /** These ask for what holds anyway, or for nothing that matters in memory. */
  private static final long HARMLESS = 2 | 4 | 0x400 | 0x800 | 0x8000 | 0x200000 | 0x1000000;

  /** MNT_FORCE, MNT_DETACH, UMOUNT_NOFOLLOW. */
  private static final int UNMOUNT_FLAGS = 1 | 2 | 8;

  private static final int UMOUNT_NOFOLLOW = 8;
  private static final UnixPath TMPFS = UnixPath.of("tmpfs");

  /** The magic number that mount(2) once wanted, and takes still. */
  private static final long MAGIC = 0xc0ed0000L;

  private static final long MAGIC_MASK = 0xffff0000L;

  private final int auditArch;
  private final int mount;
  private final int unmount;
  private final List<Mount.Tmpfs> places;
  private final long largest;
  private final Map<Device, Mount.Tmpfs> areas = new HashMap<>();
  private final Map<Device, Mounted> mounted = new HashMap<>();

  /**
   * What a program has mounted.
   *
   * @param area in which place of the policy
   * @param on the file system in which it was mounted on a directory
   */
  private record Mounted(Mount.Tmpfs area, Device on) {}

  TmpfsMounts(Architecture architecture, EffectivePolicy policy) {
    auditArch = architecture.auditArch();
    SyscallTable table = SyscallTable.of(architecture);
    mount = table.number("mount").orElseThrow();
    unmount = table.number("umount2").orElseThrow();
    places = places(policy);
    largest = policy.limits().tmpfs().orElse(Long.MAX_VALUE);
  }

  static List<Mount.Tmpfs> places(EffectivePolicy policy) {
    return policy.filesystem().stream()
        .filter(Mount.Tmpfs.class::isInstance)
        .map(Mount.Tmpfs.class::cast)
        .filter(Mount.Tmpfs::mounts)
        .toList();
  }

  @Override
  public void begin(CallAnswer.Start start) {
    try (SandboxView view = SandboxView.of(start.process()).orElseThrow()) {
      for (Mount.Tmpfs place : places) {
        view.device(place.target()).ifPresent(device -> areas.put(device, place));
      }
    }
  }

  @Override
  public boolean decides(NotifiedCall call) {
    return call.auditArch() == auditArch && (call.number() == mount || call.number() == unmount);
  }

  @Override
  public CallAnswer answer(NotifiedCall call) {
    try {
      return call.number() == mount ? mount(call) : unmount(call);
    } catch (FileProblem problem) {
      return fail(problem.errno().orElse(Errno.EIO));
    }
  }

  private CallAnswer mount(NotifiedCall call) throws FileProblem {
    long flags = call.argument(3);
    if ((flags & MAGIC_MASK) == MAGIC) {
      flags &= ~MAGIC_MASK;
    }
    Optional<UnixPath> type = call.text(call.argument(2)).map(UnixPath::of);
    Optional<UnixPath> target = call.text(call.argument(1)).map(UnixPath::of);
    if (target.isEmpty()) {
      return fail(Errno.EFAULT);
    }
    boolean tmpfs = type.equals(Optional.of(TMPFS));
    if (!tmpfs || (flags & ~(HARMLESS | MS_RDONLY | MS_NOEXEC)) != 0) {
      return fail(Errno.EPERM);
    }
    Optional<byte[]> data =
        call.argument(4) == 0 ? Optional.of(new byte[0]) : call.text(call.argument(4));
    if (data.isEmpty()) {
      return fail(Errno.EFAULT);
    }
    try (CallerFile place = CallerFile.at(call, CallerFile.WORKING_DIRECTORY, target.get(), true)) {
      Device on = place.device();
      Optional<Mount.Tmpfs> area = area(on);
      if (area.isEmpty() || mounted.size() >= MOST) {
        return fail(area.isEmpty() ? Errno.EPERM : Errno.ENOSPC);
      }
      String asked = new String(data.get(), StandardCharsets.ISO_8859_1);
      Optional<TmpfsOptions> options =
          TmpfsOptions.read(asked, Math.min(area.get().size(), largest));
      if (options.isEmpty()) {
        return fail(Errno.EINVAL);
      }
      long attributes = (flags & MS_RDONLY) == 0 ? 0 : CallerMounts.READ_ONLY;
      attributes |= area.get().exec() && (flags & MS_NOEXEC) == 0 ? 0 : CallerMounts.NO_EXEC;
      Device made =
          CallerMounts.mount(call, place, options.get().size(), options.get().mode(), attributes);
      mounted.put(made, new Mounted(area.get(), on));
      return new CallAnswer.Succeed(0);
    }
  }

  /** The place of the policy that a file system belongs to; empty for any other. */
  private Optional<Mount.Tmpfs> area(Device device) {
    return Optional.ofNullable(mounted.get(device))
        .map(Mounted::area)
        .or(() -> Optional.ofNullable(areas.get(device)));
  }

  private CallAnswer unmount(NotifiedCall call) throws FileProblem {
    int flags = call.word(1);
    Optional<UnixPath> target = call.text(call.argument(0)).map(UnixPath::of);
    if (target.isEmpty() || (flags & ~UNMOUNT_FLAGS) != 0) {
      return fail(target.isEmpty() ? Errno.EFAULT : Errno.EINVAL);
    }
    boolean follow = (flags & UMOUNT_NOFOLLOW) == 0;
    try (CallerFile place =
        CallerFile.at(call, CallerFile.WORKING_DIRECTORY, target.get(), follow)) {
      Device device = place.device();
      if (!mounted.containsKey(device)) {
        return fail(Errno.EPERM);
      }
      if (mounted.values().stream().anyMatch(other -> other.on().equals(device))) {
        return fail(Errno.EBUSY);
      }
      CallerMounts.unmount(call, place);
      mounted.remove(device);
      return new CallAnswer.Succeed(0);
    }
  }

  private static CallAnswer fail(Errno errno) {
    return new CallAnswer.Fail(errno.number());
  }
}

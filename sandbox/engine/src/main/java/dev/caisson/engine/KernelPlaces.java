package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.policy.EffectivePolicy.Device;
import dev.caisson.policy.EffectivePolicy.ProcView;
import dev.caisson.policy.Expectation.Use;
import dev.caisson.policy.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a program meets in /proc and /dev, which the launch makes anew. */
final class KernelPlaces {
  /** Beside the listed devices. */
  private static final List<String> IN_DEV =
      List.of("fd", "stdin", "stdout", "stderr", "ptmx", "pts", "shm", "mqueue");

  private KernelPlaces() {}

  /**
   * Of /proc.
   *
   * @param path neither masked nor read-only by the policy
   */
  static Finding proc(Use use, ProcView view, UnixPath path) {
    if (view == ProcView.NONE) {
      return Finding.absent("the policy shows no /proc");
    }
    List<UnixPath> parts = path.components();
    if (parts.size() == 1) {
      return use == Use.READ
          ? Finding.allowed("/proc is shown")
          : Finding.denied("/proc is the kernel's");
    }
    String name = parts.get(1).toString();
    if (view == ProcView.PID_ONLY && !isProcess(name)) {
      return Finding.absent("/proc shows processes alone");
    }
    return Finding.unknown("the kernel decides what " + path + " shows");
  }

  private static boolean isProcess(String name) {
    return name.equals("self")
        || name.equals("thread-self")
        || name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Of /dev, which is read-only. */
  static Finding dev(Use use, Set<Device> devices, UnixPath path) {
    List<UnixPath> parts = path.components();
    if (parts.size() == 1) {
      return use == Use.READ ? Finding.allowed("/dev is shown") : readOnly();
    }
    String name = parts.get(1).toString();
    for (Device device : devices) {
      if (parts.size() == 2 && name.equals(device.name().toLowerCase(Locale.ROOT))) {
        return use == Use.EXEC
            ? Finding.denied(path + " is a device")
            : Finding.allowed("the policy lists the device");
      }
    }
    if (IN_DEV.contains(name)) {
      return Finding.unknown("what the program makes and was given decides for " + path);
    }
    return use == Use.WRITE ? readOnly() : Finding.absent("the policy lists no such device");
  }

  private static Finding readOnly() {
    return Finding.denied("/dev is read-only");
  }
}

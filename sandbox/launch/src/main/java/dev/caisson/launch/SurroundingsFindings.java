package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.launch.Doctor.Finding;
import dev.caisson.launch.Doctor.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is around this process: containers, security modules, limits that are the host's. */
final class SurroundingsFindings {
  private static final int MOST = 1 << 16;
  private static final int FEW_FILES = 256;

  /** The start of a file; none where it cannot be read. */
  interface Files {
    Optional<String> start(String path);
  }

  private final Files files;

  SurroundingsFindings(Files files) {
    this.files = files;
  }

  static SurroundingsFindings ofHost() {
    return new SurroundingsFindings(
        path ->
            HostFiles.start(UnixPath.of(path), MOST)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1)));
  }

  List<Finding> all() {
    return List.of(
        container(),
        securityModules(),
        notifications(),
        openFiles(),
        sessionKeyrings(),
        coreHandler());
  }

  /** What marks a container differs from one engine to the next; each writes its own sign. */
  private Finding container() {
    List<String> found = new ArrayList<>();
    if (exists("/.dockerenv")) {
      found.add("Docker");
    }
    if (exists("/run/.containerenv")) {
      found.add("Podman");
    }
    if (exists("/var/run/secrets/kubernetes.io/serviceaccount/namespace")) {
      found.add("Kubernetes");
    }
    files.start("/run/systemd/container").map(String::strip).ifPresent(found::add);
    if (files.start("/proc/version").filter(text -> text.contains("gVisor")).isPresent()) {
      found.add("gVisor");
    }
    if (files
        .start("/proc/sys/kernel/osrelease")
        .filter(text -> text.contains("icrosoft"))
        .isPresent()) {
      found.add("WSL");
    }
    if (found.isEmpty()) {
      return ok("outer container", "no sign of one");
    }
    return note(
        "outer container",
        "this is inside " + String.join(", ", found),
        "Its filter and its masks bound every sandbox in it. Where a line above says missing, start"
            + " it with --security-opt seccomp=unconfined --security-opt"
            + " systempaths=unconfined (Docker, Podman), or with procMount: Unmasked and"
            + " hostUsers: false (Kubernetes), or run Caisson outside of it");
  }

  private Finding securityModules() {
    List<String> modules =
        files
            .start("/sys/kernel/security/lsm")
            .map(text -> Arrays.asList(text.strip().split(",")))
            .orElse(List.of());
    boolean enforcing = files.start("/sys/fs/selinux/enforce").filter("1"::equals).isPresent();
    if (enforcing) {
      return note(
          "security modules",
          "SELinux enforces",
          "Where a sandbox is refused with EACCES that is why: as root, 'ausearch -m avc -ts"
              + " recent' shows it. A confined user (staff_u, user_u) needs the boolean"
              + " selinuxuser_tcp_server for published ports, and its domain the class"
              + " user_namespace");
    }
    return ok("security modules", modules.isEmpty() ? "not shown" : String.join(", ", modules));
  }

  private Finding notifications() {
    boolean there =
        files
            .start("/proc/sys/kernel/seccomp/actions_avail")
            .filter(text -> Arrays.asList(text.strip().split(" ")).contains("user_notif"))
            .isPresent();
    return there
        ? ok("seccomp notification", "works: policy learn and full root emulation can be had")
        : note(
            "seccomp notification",
            "the kernel has none",
            "policy learn and process.rootEmulation full need CONFIG_SECCOMP_FILTER of Linux 5.0"
                + " or newer");
  }

  private Finding openFiles() {
    long most = limit("Max open files");
    return most >= FEW_FILES
        ? ok("open files", most == Long.MAX_VALUE ? "no limit" : "at most " + most)
        : new Finding(
            "open files",
            true,
            State.MISSING,
            "at most " + most,
            "A launch needs some hundred: ulimit -n " + FEW_FILES);
  }

  /** The hard limit of /proc/self/limits, whose columns are name, soft limit, hard limit, unit. */
  private long limit(String name) {
    return files.start("/proc/self/limits").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip().split(" +")[1])
        .map(hard -> hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard))
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  /** Each sandbox has one for as long as it runs, in the quota of the caller's keys. */
  private Finding sessionKeyrings() {
    Optional<String> most = files.start("/proc/sys/kernel/keys/maxkeys").map(String::strip);
    return most.isPresent()
        ? ok("session keyrings", "some " + most.get() + " sandboxes at once can have one")
        : note(
            "session keyrings",
            "the kernel has no keys, or hides them",
            "Nothing is lost: there is no keyring of the caller's to keep a program from");
  }

  private Finding coreHandler() {
    boolean piped =
        files
            .start("/proc/sys/kernel/core_pattern")
            .filter(pattern -> pattern.startsWith("|"))
            .isPresent();
    return ok(
        "core dumps",
        piped
            ? "a handler of the host's, which is not started for what crashes in a sandbox"
            : "none of a sandbox");
  }

  private boolean exists(String path) {
    return files.start(path).isPresent();
  }

  private static Finding ok(String name, String detail) {
    return new Finding(name, false, State.OK, detail, "");
  }

  private static Finding note(String name, String detail, String remedy) {
    return new Finding(name, false, State.NOTE, detail, remedy);
  }
}

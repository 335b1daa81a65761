package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.HostFacts;
import java.util.ArrayList;
import java.util.List;

/** Says what a host can and cannot do for sandboxes, with remedies. */
public final class Doctor {
  /** How a matter stands. */
  public enum State {
    OK("ok"),
    MISSING("missing"),
    /** Nothing is missing, but something is worth knowing. */
    NOTE("note");

    private final String word;

    State(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /**
   * One matter.
   *
   * @param required whether no sandbox starts without it
   * @param detail what was found, part of a sentence
   * @param remedy what to do about it; empty where nothing needs to be done
   */
  public record Finding(String name, boolean required, State state, String detail, String remedy) {
    /** Whether no sandbox can start because of it. */
    public boolean prevents() {
      return required && state == State.MISSING;
    }
  }

  private final HostFacts host;
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(HostFacts host) {
    this.host = host;
  }

  /** Examines this host for the caller; starts four processes that end at once. */
  public static List<Finding> examine(HostFacts host) {
    Doctor doctor = new Doctor(host);
    doctor.kernel();
    if (doctor.memoryFiles()) {
      doctor.namespaces();
    }
    doctor.protections();
    doctor.privateNetworks(Connection.to(List.of()));
    doctor.findings.addAll(new IdentityFindings(host).all());
    doctor.findings.addAll(ControlGroupFinding.of(host));
    doctor.findings.addAll(SurroundingsFindings.ofHost().all());
    return List.copyOf(doctor.findings);
  }

  private void kernel() {
    boolean enough = host.kernel().atLeast(5, 12);
    add(
        "kernel",
        true,
        enough,
        HostProbe.kernelRelease() + " on " + host.architecture().kernelName(),
        "Caisson needs Linux 5.12 or newer, for mount_setattr(2)");
  }

  /** Launch programs are files in memory; vm.memfd_noexec=2 forbids executing them. */
  private boolean memoryFiles() {
    boolean allowed = setting("/proc/sys/vm/memfd_noexec") != 2;
    add(
        "executable memory files",
        true,
        allowed,
        allowed ? "allowed" : "forbidden by vm.memfd_noexec",
        "As root: sysctl -w vm.memfd_noexec=1");
    return allowed;
  }

  private void namespaces() {
    HostTrial trial = new HostTrial(host);
    int errno = trial.namespaces();
    if (errno != 0) {
      NamespaceObstacle obstacle = NamespaceObstacle.find(host, errno);
      add("namespaces", true, false, obstacle.cause(), obstacle.remedy());
      return;
    }
    add("namespaces", true, true, "user, mount, pid, net, ipc and uts", "");
    tried(
        "new /proc",
        trial.proc(),
        "Parts of /proc are masked, as in Docker and Kubernetes, and the kernel then refuses a new"
            + " one: use a policy without /proc, or start the outer container with"
            + " --security-opt systempaths=unconfined");
    tried(
        "overlay",
        trial.overlay(),
        "The kernel has no overlay file system in user namespaces (Linux 5.11), or the module is"
            + " not loaded; as root: modprobe overlay");
    tried(
        "mount attributes",
        trial.mountAttributes(),
        "An outer container's filter refuses mount_setattr or open_tree: start it with a newer"
            + " container engine, or with --security-opt seccomp=unconfined");
  }

  private void tried(String name, int errno, String remedy) {
    add(name, true, errno == 0, errno == 0 ? "works" : NamespaceObstacle.describe(errno), remedy);
  }

  private void protections() {
    add(
        "seccomp",
        true,
        HostFiles.status(UnixPath.of("/proc/sys/kernel/seccomp/actions_avail")).isPresent(),
        "system call filters",
        "The kernel was built without CONFIG_SECCOMP_FILTER");
    add(
        "landlock",
        false,
        host.landlockAbi() > 0,
        host.landlockAbi() > 0 ? "ABI " + host.landlockAbi() : "off",
        "File rules are then left to mounts alone. Add landlock to the lsm= boot parameter (Linux"
            + " 5.13 or newer)");
    add(
        "attributes on tmpfs",
        false,
        host.tmpfsUserXattrs(),
        host.tmpfsUserXattrs() ? "user attributes work" : "no user attributes (Linux 6.6)",
        "Nothing is lost: what is written to a root lies on disk until the sandbox ends, in"
            + " ~/.local/share/caisson/containers");
  }

  private void privateNetworks(Connection connection) {
    var obstacle = ConnectionRequirements.obstacle(connection);
    add(
        "private networks",
        false,
        obstacle.isEmpty(),
        obstacle.map(found -> found.cause()).orElse("connected by pasta"),
        obstacle.map(found -> found.remedy()).orElse(""));
  }

  private void add(String name, boolean required, boolean ok, String detail, String remedy) {
    findings.add(
        new Finding(name, required, ok ? State.OK : State.MISSING, detail, ok ? "" : remedy));
  }

  /** A number in a file of /proc/sys; -1 where it is not there. */
  static int setting(String path) {
    return HostFiles.start(UnixPath.of(path), 32)
        .map(bytes -> new String(bytes, java.nio.charset.StandardCharsets.US_ASCII).strip())
        .filter(text -> !text.isEmpty() && text.chars().allMatch(Character::isDigit))
        .map(Integer::parseInt)
        .orElse(-1);
  }
}

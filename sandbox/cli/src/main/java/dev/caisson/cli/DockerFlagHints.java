package dev.caisson.cli;

import static dev.caisson.cli.ForeignFlags.none;
import static dev.caisson.cli.ForeignFlags.ofPolicy;
import static dev.caisson.cli.ForeignFlags.write;

/** For flags of docker run and podman run. */
final class DockerFlagHints {
  private DockerFlagHints() {}

  static String hint(String flag) {
    return switch (flag) {
      case "--add-host" -> ofPolicy("filesystem, as a text at /etc/hosts");
      case "--cap-add" -> ofPolicy("capabilities.keep");
      case "--cap-drop" ->
          "Leave it out: there are no capabilities but those of a policy's capabilities.keep";
      case "--privileged" -> none("say in a policy what the program needs, each thing by its name");
      case "--read-only" -> ofPolicy("root, which is read-only unless it says writable");
      case "--security-opt" ->
          "Leave no-new-privileges out, since it is always so; a policy names a profile in its"
              + " field seccomp";
      case "--mount" -> ofPolicy("filesystem");
      case "--volumes-from" -> none("write -v for each directory");
      case "--ulimit" -> ofPolicy("limits");
      case "--memory-swap" -> ofPolicy("limits.swap");
      case "--cpu-period", "--cpu-quota", "--cpu-shares", "--cpuset-cpus" -> write("--cpus N");
      case "--shm-size" -> none("/dev/shm holds 64MiB");
      case "--group-add" -> ofPolicy("process.groups");
      case "--stop-signal" -> ofPolicy("process.stopSignal");
      case "--stop-timeout" -> ofPolicy("process.stopGrace");
      case "--env-file" -> write("-e NAME=VALUE for each variable");
      case "--dns", "--dns-opt", "--dns-option", "--dns-search" ->
          ofPolicy("filesystem, as a text at /etc/resolv.conf");
      case "--net" -> write("--network none, private or host");
      case "--publish-all", "-P" -> write("-p for each port");
      case "--link",
          "--ip",
          "--ip6",
          "--link-local-ip",
          "--mac-address",
          "--net-alias",
          "--network-alias" ->
          none("sandboxes have no network among each other");
      case "--cgroupns", "--ipc", "--pid", "--uts" ->
          "Leave it out: each sandbox has namespaces of its own";
      case "--device", "--device-cgroup-rule", "--gpus" -> ForeignFlags.NO_DEVICES;
      case "--sysctl" -> none("parameters of the kernel are the host's");
      case "--rm", "--interactive", "--tty", "-i", "-t", "-it", "-ti" -> ForeignFlags.ALWAYS;
      case "--platform", "--pull" -> none("images are what oci:PATH holds");
      case "-d", "--detach", "--name", "--restart", "--label", "--log-driver", "--health-cmd" ->
          none("a sandbox ends with its command, and nothing of it stays");
      default -> "";
    };
  }
}

package dev.caisson.policy.exchange;

import dev.caisson.policy.exchange.DockerFlags.Given;
import dev.caisson.policy.exchange.LeftOut.Kind;

/** Flags that no field of a policy answers, and what they would have done. */
final class DockerMeaning {
  private DockerMeaning() {}

  /** Reports {@code flag}; false where a policy can say it. */
  static boolean reported(Given flag, Report report) {
    String said = said(flag.name());
    if (said.isEmpty()) {
      return false;
    }
    if (!flag.value().equals("false")) {
      report.add(kind(flag.name()), flag.place(), said);
    }
    return true;
  }

  private static Kind kind(String name) {
    return switch (name) {
      case "--privileged",
          "--device",
          "--device-cgroup-rule",
          "--gpus",
          "--oom-kill-disable",
          "--sysctl",
          "--add-host",
          "--ip",
          "--ip6",
          "--link",
          "--link-local-ip",
          "--mac-address",
          "--net-alias",
          "--network-alias",
          "--publish-all",
          "--volumes-from",
          "--env-file" ->
          Kind.NOT_ALLOWED;
      case "--blkio-weight",
          "--blkio-weight-device",
          "--cpu-count",
          "--cpu-percent",
          "--cpu-rt-period",
          "--cpu-rt-runtime",
          "--cpu-shares",
          "--cpuset-cpus",
          "--cpuset-mems",
          "--device-read-bps",
          "--device-read-iops",
          "--device-write-bps",
          "--device-write-iops",
          "--isolation",
          "--kernel-memory",
          "--memory-reservation",
          "--memory-swappiness",
          "--oom-score-adj",
          "--runtime",
          "--shm-size",
          "--storage-opt" ->
          Kind.NOT_ENFORCED;
      default -> Kind.NOTE;
    };
  }

  private static String said(String name) {
    return switch (name) {
      case "--privileged" ->
          "all capabilities, all devices, no seccomp profile; name the capabilities instead";
      case "--device", "--device-cgroup-rule", "--gpus" -> "a device of the host";
      case "--oom-kill-disable" -> "memory without a limit";
      case "--sysctl" -> "a parameter of the kernel";
      case "--add-host" -> "names in /etc/hosts";
      case "--ip", "--ip6", "--link", "--link-local-ip", "--mac-address" ->
          "a place in a network of the engine's";
      case "--net-alias", "--network-alias" -> "a name in a network of the engine's";
      case "--publish-all" -> "ports that only the image names; publish each";
      case "--volumes-from" -> "the volumes of another container";
      case "--env-file" -> "variables of a file; write each with --env";
      case "--blkio-weight",
          "--blkio-weight-device",
          "--device-read-bps",
          "--device-read-iops",
          "--device-write-bps",
          "--device-write-iops" ->
          "a limit of what goes to and from devices";
      case "--cpu-count",
          "--cpu-percent",
          "--cpu-rt-period",
          "--cpu-rt-runtime",
          "--cpu-shares",
          "--cpuset-cpus",
          "--cpuset-mems" ->
          "a share or choice of processors; cpus limits them";
      case "--isolation", "--runtime" -> "another runtime's isolation";
      case "--kernel-memory", "--memory-reservation", "--memory-swappiness", "--oom-score-adj" ->
          "what memory limits and swap do not say";
      case "--shm-size" -> "the size of /dev/shm";
      case "--storage-opt" -> "a limit of the root's size";
      case "--init" -> "orphans are always reaped";
      case "--stop-signal", "--stop-timeout", "--restart", "--rm", "--replace" ->
          "how it ends and starts again is no matter of a policy";
      case "--detach", "--interactive", "--tty", "--attach", "--detach-keys", "--sig-proxy" ->
          "standard streams and signals are as the caller's own";
      case "--entrypoint", "--platform", "--pull", "--disable-content-trust", "--quiet" ->
          "the image and its command belong to caisson run";
      case "--annotation",
          "--cidfile",
          "--conmon-pidfile",
          "--label",
          "--label-file",
          "--log-driver",
          "--log-opt",
          "--health-cmd",
          "--health-interval",
          "--health-retries",
          "--health-start-interval",
          "--health-start-period",
          "--health-timeout",
          "--no-healthcheck" ->
          "what watches and describes it is no matter of a policy";
      case "--dns", "--dns-opt", "--dns-option", "--dns-search", "--domainname" ->
          "names are looked up as on the host";
      case "--expose" -> "a port is open inside without that";
      case "--cgroup-parent", "--volume-driver" -> "an arrangement of the engine's";
      default -> "";
    };
  }
}

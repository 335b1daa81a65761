package dev.caisson.cli;

import static dev.caisson.cli.ForeignFlags.none;
import static dev.caisson.cli.ForeignFlags.ofPolicy;
import static dev.caisson.cli.ForeignFlags.write;

/** For flags of nsjail; docs/nsjail.md has the same. */
final class NsjailFlagHints {
  private NsjailFlagHints() {}

  static String hint(String flag) {
    return switch (flag) {
      case "-Mo", "-Me", "--mode" -> ForeignFlags.ALWAYS;
      case "-Ml", "-Mr", "--port", "--bindhost", "--max_conns" ->
          none("start a sandbox for each connection with a server of your own");
      case "-C", "--config" -> write("--policy FILE");
      case "-c", "--chroot" -> write("caisson run --rootfs DIR");
      case "--exec_file" -> write("the program as the first word of the command");
      case "-R", "--bindmount_ro" -> write("--ro-bind SRC:DST");
      case "-B", "--bindmount" -> write("--bind SRC:DST");
      case "-T", "--tmpfsmount" -> write("--tmpfs DIR");
      case "-s" -> write("--symlink TEXT PATH");
      case "--rw" -> ofPolicy("root, as writable; a directory is with --bind");
      case "-D", "--cwd" -> write("--chdir DIR");
      case "-E" -> write("-e NAME=VALUE");
      case "--keep_env" -> write("-e NAME for each variable");
      case "-g", "--group" -> write("--user UID:GID");
      case "-H" -> write("--hostname NAME");
      case "--time_limit" -> write("--timeout TIME");
      case "--max_cpus", "--cgroup_cpu_ms_per_sec" -> write("--cpus N");
      case "--cgroup_mem_max" -> write("--memory SIZE");
      case "--cgroup_mem_swap_max" -> ofPolicy("limits.swap");
      case "--cgroup_pids_max", "--rlimit_nproc" -> write("--pids-limit N");
      case "--rlimit_as", "--rlimit_stack", "--rlimit_memlock" -> write("--memory SIZE");
      case "--rlimit_cpu" -> ofPolicy("limits.cpuTime");
      case "--rlimit_fsize" -> ofPolicy("limits.fileSize");
      case "--rlimit_nofile" -> ofPolicy("limits.openFiles");
      case "--rlimit_core" -> ForeignFlags.ALWAYS;
      case "--cap", "--keep_caps" -> ofPolicy("capabilities.keep");
      case "--seccomp_policy", "--seccomp_string" -> ofPolicy("seccomp");
      case "--disable_proc", "--proc_rw" -> ofPolicy("proc");
      case "-N", "--disable_clone_newnet" -> write("--network host");
      case "--disable_no_new_privs" -> none("a program never gains privileges");
      case "--log", "--log_fd" -> write("--result FILE, for how it ended");
      case "--really_quiet", "--quiet", "-q", "-Q" -> ForeignFlags.ALWAYS;
      default ->
          flag.startsWith("--disable_clone_")
              ? none("a sandbox shares no other namespace than the network's")
              : "";
    };
  }
}

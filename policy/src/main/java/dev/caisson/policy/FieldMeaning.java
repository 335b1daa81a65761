package dev.caisson.policy;

/** What fields mean, in a sentence or two: editors show them beside the field. */
final class FieldMeaning {
  private FieldMeaning() {}

  /**
   * The meaning of the field, the section or the head's member at {@code path}.
   *
   * @throws IllegalStateException for one that was not given any
   */
  static String of(String path) {
    return switch (path) {
      case "apiVersion" -> "The version of the language.";
      case "name" -> "What messages call the policy; the file's name where it is absent.";
      case "description" -> "For people.";
      case "extends" ->
          "Policies that this one builds on: built-in ones, files beneath this file's directory,"
              + " and files that are pinned by their SHA-256.";
      case "vars" ->
          "Variables and their defaults. A string is a name, one component of a path; other types"
              + " are written out.";
      case "when" -> "Parts that hold under a condition; a later part overrides an earlier one.";
      case "bestEffort" ->
          "Protections that a launch may go on without, saying so. All others are required.";
      case "expect" ->
          "What the policy expects of itself; 'caisson policy test' answers it by simulation.";
      case "ceiling" -> "What no policy that extends this one may allow more than.";
      case "notes" -> "Texts for people, by whatever keys: evidence, for instance.";
      case "audit" -> "What the audit of this policy takes for granted.";
      case "namespaces" -> "The sandbox's namespaces.";
      case "namespaces.user" ->
          "Which ids of the host are known inside: the caller's alone, a subordinate range, or a"
              + " range where the rest needs one. Default: auto.";
      case "namespaces.ipc" ->
          "Whether System V IPC and message queues are its own. Default: true.";
      case "namespaces.hostname" -> "Whether the host name is its own. Default: true.";
      case "namespaces.cgroup" -> "Whether the host's control groups are hidden. Default: true.";
      case "namespaces.time" ->
          "How far the clocks are from the host's (time_namespaces(7)), as 1h or -10s.";
      case "namespaces.nestedUser" ->
          "Whether programs inside may make user namespaces. Default: false.";
      case "capabilities" -> "What the program may do as root of its own namespaces.";
      case "capabilities.keep" -> "Capabilities that the program keeps (capabilities(7)).";
      case "seccomp" -> "The system calls that a program may make.";
      case "seccomp.profile" ->
          "A built-in profile, or one written out in the format of OCI and Docker. Default:"
              + " strict.";
      case "seccomp.allow" -> "Calls and groups that are allowed whatever the profile says.";
      case "seccomp.deny" -> "Calls and groups that fail with EPERM whatever the profile says.";
      case "seccomp.rules" ->
          "Calls that are decided by their arguments; of the rules that match the strictest"
              + " decides.";
      case "seccomp.otherwise" -> "What a call gets that no other line of this object decides.";
      case "seccomp.layers" ->
          "Such objects beneath this one; a later one decides what it matches.";
      case "seccomp.abis" -> "Compat ABIs that are let in: i386 and x32 on x86_64, arm on aarch64.";
      case "filesystem" ->
          "What stands at each path inside; the key is that path, absolute and below /.";
      case "root" ->
          "Whether programs may write to the root. What they write lies in memory and ends with"
              + " the sandbox. Default: read-only.";
      case "proc" -> "How much of /proc is shown. Default: pid-only.";
      case "devices" -> "The devices in /dev. No other device of the host can be reached.";
      case "network" -> "Which network programs see, and what they reach. Default: none.";
      case "secrets" -> "Read-only files below /run/secrets that only the sandbox sees.";
      case "limits" -> "What programs can use up. What is not set has no limit.";
      case "limits.memory" -> "Memory of the whole sandbox.";
      case "limits.swap" -> "How much of it may be swapped out; 0 for nothing.";
      case "limits.ioRead" ->
          "Bytes a second that the whole sandbox may read from each disk of the host.";
      case "limits.ioWrite" -> "Bytes a second that it may write to each.";
      case "limits.cpus" -> "Processors that the whole sandbox may use, as 1.5.";
      case "limits.pids" -> "Processes and threads (RLIMIT_NPROC in the sandbox's own namespace).";
      case "limits.openFiles" -> "File descriptors of one process (RLIMIT_NOFILE).";
      case "limits.fileSize" -> "The largest file that can be written (RLIMIT_FSIZE).";
      case "limits.cpuTime" -> "Processor time of one process (RLIMIT_CPU), in whole seconds.";
      case "limits.wallClock" -> "Time until the sandbox is ended, with exit status 124.";
      case "limits.output" -> "What goes to standard output and standard error together.";
      case "limits.tmpfs" -> "The most that each tmpfs and a writable root hold.";
      case "environment" -> "The program's environment. Nothing passes unless it is named.";
      case "environment.pass" ->
          "Names that pass from the caller; a * at the end stands for any rest.";
      case "environment.set" -> "Names and values, over what passes and what an image brings.";
      case "environment.remove" -> "Names that a parent passes or sets and this policy does not.";
      case "process" -> "How the program starts.";
      case "process.user" ->
          "root: the caller is root inside. caller: the caller's own ids. Or a user's number"
              + " inside, and a group's. Default: root.";
      case "process.groups" -> "The numbers of supplementary groups inside.";
      case "process.tty" ->
          "Whether a terminal becomes a new one of the sandbox's own; else there is none. Default:"
              + " true.";
      case "process.sessionKeyring" -> "Whether the session keyring is a new one. Default: true.";
      case "process.rootEmulation" ->
          "What a program that changes owners and ids is told where the kernel would refuse it."
              + " errno: that it succeeded. full: the same, and a supervisor keeps what was changed"
              + " and answers by it. Default: none.";
      case "process.init" ->
          "Who is process 1 of what the program sees. reaper: a process of Caisson's, which reaps"
              + " orphans. none: the program. image: the program, an init. Default: reaper.";
      case "process.stopSignal" ->
          "The signal that asks the program to end, when the time is over or it is stopped. Default:"
              + " term.";
      case "process.stopGrace" ->
          "How long it may take to end then. Without it the sandbox is ended at once.";
      case "process.cwd" -> "The directory inside in which the program starts.";
      case "process.hostname" -> "At most 64 letters, digits, dots and hyphens. Default: caisson.";
      case "process.umask" -> "Mode bits that new files never get, in octal. Default: 022.";
      case "landlock" ->
          "Whether Landlock rules are added (landlock(7)), the ABI that the kernel must have, and the"
              + " TCP ports that they let through. Default: true.";
      case "unixSockets" ->
          "Whether a program may open Unix sockets even where a bind shows sockets of the host."
              + " Default: false.";
      case "images" -> "The trust document that decides which images run.";
      default -> throw new IllegalStateException("FieldMeaning says nothing of " + path);
    };
  }
}

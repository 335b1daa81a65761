package dev.caisson.launch;

import static dev.caisson.launch.ArgumentForm.COUNTED;
import static dev.caisson.launch.ArgumentForm.DESCRIPTOR;
import static dev.caisson.launch.ArgumentForm.MODE;
import static dev.caisson.launch.ArgumentForm.NUMBER;
import static dev.caisson.launch.ArgumentForm.POINTER;
import static dev.caisson.launch.ArgumentForm.TEXT;
import static dev.caisson.launch.ArgumentForm.TEXTS;
import static dev.caisson.launch.ConstantNames.AT_FLAGS;
import static dev.caisson.launch.ConstantNames.DESCRIPTOR_FLAGS;
import static dev.caisson.launch.ConstantNames.SIGNAL;

import java.util.List;

/** Which arguments each system call takes, as its manual page has them. */
final class CallShape {
  /** Of a call that is not described here. */
  static final List<Argument> UNKNOWN = List.of(NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER);

  private static final Operand CLEAR_ALL = Operand.of(Linux.PR_CAP_AMBIENT_CLEAR_ALL);

  private CallShape() {}

  /** The arguments of {@code syscall}. */
  static List<Argument> of(Syscall syscall) {
    return switch (syscall) {
      case GETEGID, GETEUID, GETGID, GETPID, GETPPID, GETTID, GETUID, SETSID -> List.of();
      case RESTART_SYSCALL, RT_SIGRETURN -> List.of();
      case CHDIR, CHROOT -> List.of(TEXT);
      case FCHDIR, CLOSE, DUP, FSYNC, SYNCFS -> List.of(DESCRIPTOR);
      case EXIT, EXIT_GROUP, GETPGID, GETSID -> List.of(NUMBER);
      case UMASK -> List.of(MODE);
      case KILL -> List.of(NUMBER, SIGNAL);
      case TGKILL -> List.of(NUMBER, NUMBER, SIGNAL);
      case RT_SIGQUEUEINFO -> List.of(NUMBER, SIGNAL, POINTER);
      case RT_SIGACTION -> List.of(SIGNAL, POINTER, POINTER, NUMBER);
      case RT_SIGPROCMASK -> List.of(ConstantNames.MASK_ACTION, POINTER, POINTER, NUMBER);
      case RT_SIGTIMEDWAIT -> List.of(POINTER, POINTER, POINTER, NUMBER);
      case SIGNALFD4 -> List.of(DESCRIPTOR, POINTER, NUMBER, DESCRIPTOR_FLAGS);
      case CLONE -> List.of(ConstantNames.CLONE, POINTER, POINTER, POINTER, POINTER);
      case UNSHARE -> List.of(ConstantNames.NAMESPACES);
      case SETNS -> List.of(DESCRIPTOR, ConstantNames.NAMESPACES);
      case WAIT4 -> List.of(NUMBER, POINTER, ConstantNames.WAIT_OPTIONS, POINTER);
      case EXECVE -> List.of(TEXT, TEXTS, TEXTS);
      case EXECVEAT -> List.of(DESCRIPTOR, TEXT, TEXTS, TEXTS, AT_FLAGS);
      case READ, GETDENTS64 -> List.of(DESCRIPTOR, POINTER, NUMBER);
      case WRITE -> List.of(DESCRIPTOR, COUNTED, NUMBER);
      case PREAD64 -> List.of(DESCRIPTOR, POINTER, NUMBER, NUMBER);
      case PWRITE64 -> List.of(DESCRIPTOR, COUNTED, NUMBER, NUMBER);
      case LSEEK -> List.of(DESCRIPTOR, NUMBER, ConstantNames.SEEK);
      case FTRUNCATE -> List.of(DESCRIPTOR, NUMBER);
      case PIPE2 -> List.of(POINTER, DESCRIPTOR_FLAGS);
      case DUP3 -> List.of(DESCRIPTOR, DESCRIPTOR, DESCRIPTOR_FLAGS);
      case CLOSE_RANGE -> List.of(NUMBER, NUMBER, ConstantNames.CLOSE_RANGE_FLAGS);
      case FCNTL -> List.of(DESCRIPTOR, ConstantNames.FILE_CONTROL, NUMBER);
      case FLOCK -> List.of(DESCRIPTOR, ConstantNames.LOCK);
      case IOCTL -> List.of(DESCRIPTOR, ConstantNames.DEVICE_CONTROL, POINTER);
      case PPOLL -> List.of(POINTER, NUMBER, POINTER, POINTER, NUMBER);
      case SENDMSG, RECVMSG -> List.of(DESCRIPTOR, POINTER, ConstantNames.MESSAGE_FLAGS);
      case SENDTO ->
          List.of(
              DESCRIPTOR,
              ArgumentForm.PACKET_FILTER,
              NUMBER,
              ConstantNames.MESSAGE_FLAGS,
              POINTER,
              NUMBER);
      case SOCKET -> List.of(ConstantNames.ADDRESS_FAMILY, ConstantNames.SOCKET_TYPE, NUMBER);
      case SOCKETPAIR ->
          List.of(ConstantNames.ADDRESS_FAMILY, ConstantNames.SOCKET_TYPE, NUMBER, POINTER);
      case MEMFD_CREATE -> List.of(TEXT, ConstantNames.MEMFD_FLAGS);
      case EVENTFD2 -> List.of(NUMBER, DESCRIPTOR_FLAGS);
      case TIMERFD_CREATE -> List.of(ConstantNames.CLOCK, DESCRIPTOR_FLAGS);
      case TIMERFD_SETTIME -> List.of(DESCRIPTOR, NUMBER, POINTER, POINTER);
      case OPENAT -> List.of(DESCRIPTOR, TEXT, ArgumentForm.OPEN_FLAGS, MODE);
      case OPENAT2 -> List.of(DESCRIPTOR, TEXT, ArgumentForm.OPEN_HOW, NUMBER);
      case STATX -> List.of(DESCRIPTOR, TEXT, AT_FLAGS, ConstantNames.STATX_MASK, POINTER);
      case NEWFSTATAT -> List.of(DESCRIPTOR, TEXT, POINTER, AT_FLAGS);
      case FACCESSAT2 -> List.of(DESCRIPTOR, TEXT, NUMBER, AT_FLAGS);
      case READLINKAT -> List.of(DESCRIPTOR, TEXT, POINTER, NUMBER);
      case MKDIRAT -> List.of(DESCRIPTOR, TEXT, MODE);
      case MKNODAT -> List.of(DESCRIPTOR, TEXT, MODE, NUMBER);
      case SYMLINKAT -> List.of(TEXT, DESCRIPTOR, TEXT);
      case LINKAT -> List.of(DESCRIPTOR, TEXT, DESCRIPTOR, TEXT, AT_FLAGS);
      case UNLINKAT -> List.of(DESCRIPTOR, TEXT, AT_FLAGS);
      case RENAMEAT2 -> List.of(DESCRIPTOR, TEXT, DESCRIPTOR, TEXT, NUMBER);
      case FCHMOD -> List.of(DESCRIPTOR, MODE);
      case FCHMODAT -> List.of(DESCRIPTOR, TEXT, MODE);
      case FCHOWN -> List.of(DESCRIPTOR, NUMBER, NUMBER);
      case FCHOWNAT -> List.of(DESCRIPTOR, TEXT, NUMBER, NUMBER, AT_FLAGS);
      case UTIMENSAT -> List.of(DESCRIPTOR, TEXT, POINTER, AT_FLAGS);
      case FSETXATTR -> List.of(DESCRIPTOR, TEXT, COUNTED, NUMBER, NUMBER);
      case LSETXATTR -> List.of(TEXT, TEXT, COUNTED, NUMBER, NUMBER);
      case MOUNT -> List.of(TEXT, TEXT, TEXT, ConstantNames.MOUNT_FLAGS, TEXT);
      case UMOUNT2 -> List.of(TEXT, ConstantNames.UMOUNT_FLAGS);
      case PIVOT_ROOT -> List.of(TEXT, TEXT);
      case OPEN_TREE -> List.of(DESCRIPTOR, TEXT, ConstantNames.OPEN_TREE_FLAGS);
      case MOVE_MOUNT ->
          List.of(DESCRIPTOR, TEXT, DESCRIPTOR, TEXT, ConstantNames.MOVE_MOUNT_FLAGS);
      case MOUNT_SETATTR ->
          List.of(DESCRIPTOR, TEXT, AT_FLAGS, ArgumentForm.MOUNT_ATTRIBUTES, NUMBER);
      case FSOPEN -> List.of(TEXT, ConstantNames.FSOPEN_FLAGS);
      case FSCONFIG -> List.of(DESCRIPTOR, ConstantNames.FSCONFIG_COMMAND, TEXT, TEXT, NUMBER);
      case FSMOUNT ->
          List.of(DESCRIPTOR, ConstantNames.FSMOUNT_FLAGS, ConstantNames.MOUNT_ATTRIBUTES);
      case SETHOSTNAME -> List.of(COUNTED, NUMBER);
      case SETGROUPS, GETGROUPS -> List.of(NUMBER, POINTER);
      case SETRESUID, SETRESGID -> List.of(NUMBER, NUMBER, NUMBER);
      case SETPGID -> List.of(NUMBER, NUMBER);
      case CAPSET, CAPGET -> List.of(POINTER, POINTER);
      case PRCTL -> List.of(ConstantNames.PROCESS_CONTROL, NUMBER, NUMBER, NUMBER, NUMBER);
      case KEYCTL -> List.of(ConstantNames.KEY_CONTROL, POINTER);
      case PRLIMIT64 -> List.of(NUMBER, ConstantNames.RESOURCE, POINTER, POINTER);
      case SECCOMP ->
          List.of(ConstantNames.SECCOMP, ConstantNames.SECCOMP_FLAGS, ArgumentForm.FILTER);
      case LANDLOCK_CREATE_RULESET -> List.of(ArgumentForm.RULESET, NUMBER, NUMBER);
      case LANDLOCK_ADD_RULE -> List.of(DESCRIPTOR, ConstantNames.LANDLOCK_RULE, POINTER, NUMBER);
      case LANDLOCK_RESTRICT_SELF -> List.of(DESCRIPTOR, NUMBER);
      case BIND, CONNECT -> List.of(DESCRIPTOR, POINTER, NUMBER);
      case CLOCK_GETTIME -> List.of(ConstantNames.CLOCK, POINTER);
      case COPY_FILE_RANGE, SPLICE ->
          List.of(DESCRIPTOR, POINTER, DESCRIPTOR, POINTER, NUMBER, NUMBER);
      case FGETXATTR -> List.of(DESCRIPTOR, TEXT, POINTER, NUMBER);
      case GETXATTR, LGETXATTR -> List.of(TEXT, TEXT, POINTER, NUMBER);
      case FLISTXATTR -> List.of(DESCRIPTOR, POINTER, NUMBER);
      case FREMOVEXATTR -> List.of(DESCRIPTOR, TEXT);
      case LREMOVEXATTR -> List.of(TEXT, TEXT);
      case FSTAT, FSTATFS -> List.of(DESCRIPTOR, POINTER);
      case GETCWD -> List.of(POINTER, NUMBER);
      case GETRANDOM -> List.of(POINTER, NUMBER, NUMBER);
      case GETRESUID -> List.of(POINTER, POINTER, POINTER);
      case MMAP -> List.of(POINTER, NUMBER, NUMBER, NUMBER, DESCRIPTOR, NUMBER);
      case MUNMAP -> List.of(POINTER, NUMBER);
      case NANOSLEEP -> List.of(POINTER, POINTER);
      case PIDFD_GETFD -> List.of(DESCRIPTOR, NUMBER, NUMBER);
      case PIDFD_OPEN -> List.of(NUMBER, NUMBER);
      case PIDFD_SEND_SIGNAL -> List.of(DESCRIPTOR, SIGNAL, POINTER, NUMBER);
      case PROCESS_VM_READV, PROCESS_VM_WRITEV ->
          List.of(NUMBER, POINTER, NUMBER, POINTER, NUMBER, NUMBER);
      case GETSOCKOPT, SETSOCKOPT -> List.of(DESCRIPTOR, NUMBER, NUMBER, POINTER, NUMBER);
      case SCHED_SETAFFINITY -> List.of(NUMBER, NUMBER, POINTER);
      case UNAME -> List.of(POINTER);
      case WAITID -> List.of(NUMBER, NUMBER, POINTER, ConstantNames.WAIT_OPTIONS, POINTER);
      case WRITEV -> List.of(DESCRIPTOR, POINTER, NUMBER);
    };
  }

  /** The arguments of prctl(2) with that first and second one. */
  static List<Argument> ofProcessControl(long option, Operand second) {
    if (option == Linux.PR_SET_PDEATHSIG) {
      return List.of(ConstantNames.PROCESS_CONTROL, SIGNAL);
    }
    if (option == Linux.PR_SET_NAME) {
      return List.of(ConstantNames.PROCESS_CONTROL, TEXT);
    }
    if (option == Linux.PR_CAPBSET_DROP) {
      return List.of(ConstantNames.PROCESS_CONTROL, ArgumentForm.CAPABILITY);
    }
    if (option == Linux.PR_CAP_AMBIENT && second.equals(CLEAR_ALL)) {
      return List.of(ConstantNames.PROCESS_CONTROL, ConstantNames.AMBIENT);
    }
    if (option == Linux.PR_CAP_AMBIENT) {
      return List.of(ConstantNames.PROCESS_CONTROL, ConstantNames.AMBIENT, ArgumentForm.CAPABILITY);
    }
    return List.of(ConstantNames.PROCESS_CONTROL, NUMBER);
  }
}

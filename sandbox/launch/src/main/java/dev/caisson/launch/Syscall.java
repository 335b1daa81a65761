package dev.caisson.launch;

import dev.caisson.policy.Architecture;
import java.util.Optional;

/**
 * The system calls that launch programs and Caisson's own native code use. Only calls that both
 * architectures have stand here; a test compares the numbers with the shipped syscall tables.
 */
public enum Syscall {
  BIND(49, 200),
  CAPGET(125, 90),
  CAPSET(126, 91),
  CHDIR(80, 49),
  CLOCK_GETTIME(228, 113),
  CLONE(56, 220),
  CLOSE(3, 57),
  CLOSE_RANGE(436, 436),
  CONNECT(42, 203),
  COPY_FILE_RANGE(326, 285),
  DUP(32, 23),
  DUP3(292, 24),
  EVENTFD2(290, 19),
  EXECVE(59, 221),
  EXECVEAT(322, 281),
  EXIT(60, 93),
  EXIT_GROUP(231, 94),
  FACCESSAT2(439, 439),
  FCHDIR(81, 50),
  FCHMOD(91, 52),
  FCHMODAT(268, 53),
  FCHOWN(93, 55),
  FCHOWNAT(260, 54),
  FCNTL(72, 25),
  FGETXATTR(193, 10),
  FLISTXATTR(196, 13),
  FLOCK(73, 32),
  FREMOVEXATTR(199, 16),
  FSCONFIG(431, 431),
  FSETXATTR(190, 7),
  FSMOUNT(432, 432),
  FSOPEN(430, 430),
  FSTAT(5, 80),
  FSTATFS(138, 44),
  FSYNC(74, 82),
  FTRUNCATE(77, 46),
  GETCWD(79, 17),
  GETDENTS64(217, 61),
  GETEGID(108, 177),
  GETEUID(107, 175),
  GETGID(104, 176),
  GETGROUPS(115, 158),
  GETPGID(121, 155),
  GETPID(39, 172),
  GETPPID(110, 173),
  GETRANDOM(318, 278),
  GETRESUID(118, 148),
  GETSID(124, 156),
  GETSOCKOPT(55, 209),
  GETTID(186, 178),
  GETUID(102, 174),
  GETXATTR(191, 8),
  IOCTL(16, 29),
  KEYCTL(250, 219),
  KILL(62, 129),
  LANDLOCK_ADD_RULE(445, 445),
  LANDLOCK_CREATE_RULESET(444, 444),
  LANDLOCK_RESTRICT_SELF(446, 446),
  LGETXATTR(192, 9),
  LINKAT(265, 37),
  LREMOVEXATTR(198, 15),
  LSEEK(8, 62),
  LSETXATTR(189, 6),
  MEMFD_CREATE(319, 279),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  MMAP(9, 222),
  MOUNT(165, 40),
  MOUNT_SETATTR(442, 442),
  MOVE_MOUNT(429, 429),
  MUNMAP(11, 215),
  NANOSLEEP(35, 101),
  NEWFSTATAT(262, 79),
  OPEN_TREE(428, 428),
  OPENAT(257, 56),
  OPENAT2(437, 437),
  PIDFD_GETFD(438, 438),
  PIDFD_OPEN(434, 434),
  PIDFD_SEND_SIGNAL(424, 424),
  PIPE2(293, 59),
  PIVOT_ROOT(155, 41),
  CHROOT(161, 51),
  PPOLL(271, 73),
  PRCTL(157, 167),
  PREAD64(17, 67),
  PRLIMIT64(302, 261),
  PROCESS_VM_READV(310, 270),
  PROCESS_VM_WRITEV(311, 271),
  PWRITE64(18, 68),
  READ(0, 63),
  READLINKAT(267, 78),
  RECVMSG(47, 212),
  RENAMEAT2(316, 276),
  RESTART_SYSCALL(219, 128),
  RT_SIGACTION(13, 134),
  RT_SIGPROCMASK(14, 135),
  RT_SIGQUEUEINFO(129, 138),
  RT_SIGRETURN(15, 139),
  RT_SIGTIMEDWAIT(128, 137),
  SCHED_SETAFFINITY(203, 122),
  SECCOMP(317, 277),
  SENDMSG(46, 211),
  SENDTO(44, 206),
  SETGROUPS(116, 159),
  SETHOSTNAME(170, 161),
  SETNS(308, 268),
  SETPGID(109, 154),
  SETRESGID(119, 149),
  SETRESUID(117, 147),
  SETSID(112, 157),
  SETSOCKOPT(54, 208),
  SIGNALFD4(289, 74),
  SOCKET(41, 198),
  SOCKETPAIR(53, 199),
  SPLICE(275, 76),
  STATX(332, 291),
  SYMLINKAT(266, 36),
  SYNCFS(306, 267),
  TGKILL(234, 131),
  TIMERFD_CREATE(283, 85),
  TIMERFD_SETTIME(286, 86),
  UMASK(95, 166),
  UMOUNT2(166, 39),
  UNAME(63, 160),
  UNLINKAT(263, 35),
  UNSHARE(272, 97),
  UTIMENSAT(280, 88),
  WAIT4(61, 260),
  WAITID(247, 95),
  WRITE(1, 64),
  WRITEV(20, 66);

  private final int x86_64;
  private final int aarch64;

  Syscall(int x86_64, int aarch64) {
    this.x86_64 = x86_64;
    this.aarch64 = aarch64;
  }

  /** The call's number in that architecture's table. */
  public int number(Architecture architecture) {
    return architecture == Architecture.X86_64 ? x86_64 : aarch64;
  }

  /** The call of that number, if a constant stands for it. */
  public static Optional<Syscall> of(int number, Architecture architecture) {
    for (Syscall syscall : values()) {
      if (syscall.number(architecture) == number) {
        return Optional.of(syscall);
      }
    }
    return Optional.empty();
  }

  /** As the manual names it. */
  public String callName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

package dev.caisson.launch;

/** Constants of the kernel's interface that both architectures share, from linux/*.h. */
final class Linux {
  private Linux() {}

  /** A constant operand. */
  static Operand.Immediate n(long value) {
    return Operand.of(value);
  }

  static final Operand.Immediate AT_FDCWD = n(-100);
  static final long AT_EMPTY_PATH = 0x1000;
  static final long W_OK = 2;
  static final long X_OK = 1;
  static final long AT_SYMLINK_NOFOLLOW = 0x100;
  static final long AT_RECURSIVE = 0x8000;

  static final long O_RDONLY = 0;
  static final long O_WRONLY = 1;
  static final long O_RDWR = 2;
  static final long O_ACCMODE = 3;
  static final long O_CREAT = 0x40;
  static final long O_EXCL = 0x80;
  static final long O_NOCTTY = 0x100;
  static final long O_NONBLOCK = 0x800;
  static final long O_CLOEXEC = 0x80000;
  static final long O_PATH = 0x200000;

  static final long RESOLVE_NO_MAGICLINKS = 0x02;
  static final long RESOLVE_NO_SYMLINKS = 0x04;
  static final long RESOLVE_BENEATH = 0x08;
  static final long RESOLVE_IN_ROOT = 0x10;

  static final int S_IFMT = 0xf000;
  static final int S_IFSOCK = 0xc000;
  static final int S_IFREG = 0x8000;
  static final int S_IFBLK = 0x6000;
  static final int S_IFDIR = 0x4000;
  static final int S_IFCHR = 0x2000;
  static final int S_IFIFO = 0x1000;

  /** Offsets in struct statx. */
  static final int STATX_MODE = 0x1c;

  static final int STATX_UID = 0x14;
  static final int STATX_INO = 0x20;
  static final int STATX_RDEV = 0x80;
  static final int STATX_DEV = 0x88;
  static final int STATX_SIZE = 256;
  static final long STATX_BASIC = 0x7ff;

  /** Offsets in struct rusage. */
  static final int RUSAGE_USER = 0;

  static final int RUSAGE_SYSTEM = 16;
  static final int RUSAGE_LARGEST = 32;
  static final int RUSAGE_SIZE = 144;

  static final long MS_RDONLY = 1;
  static final long MS_NOSUID = 2;
  static final long MS_NODEV = 4;
  static final long MS_NOEXEC = 8;
  static final long MS_BIND = 4096;
  static final long MS_REC = 16384;
  static final long MS_PRIVATE = 1 << 18;
  static final long MNT_DETACH = 2;

  static final long MOUNT_ATTR_RDONLY = 1;
  static final long MOUNT_ATTR_NOSUID = 2;
  static final long MOUNT_ATTR_NODEV = 4;
  static final long MOUNT_ATTR_NOEXEC = 8;
  static final long MOUNT_ATTR_IDMAP = 0x100000;
  static final long OPEN_TREE_CLONE = 1;
  static final long OPEN_TREE_CLOEXEC = 0x80000;
  static final long MOVE_MOUNT_F_EMPTY_PATH = 4;
  static final long MOVE_MOUNT_T_EMPTY_PATH = 0x40;
  static final long FSOPEN_CLOEXEC = 1;
  static final long FSMOUNT_CLOEXEC = 1;
  static final long FSCONFIG_SET_STRING = 1;
  static final long FSCONFIG_CMD_CREATE = 6;

  static final long CLONE_NEWTIME = 0x80;
  static final long CLONE_NEWNS = 0x20000;
  static final long CLONE_NEWCGROUP = 0x2000000;
  static final long CLONE_NEWUTS = 0x4000000;
  static final long CLONE_NEWIPC = 0x8000000;
  static final long CLONE_NEWUSER = 0x10000000;
  static final long CLONE_NEWPID = 0x20000000;
  static final long CLONE_NEWNET = 0x40000000;

  static final int SIGHUP = 1;
  static final int SIGINT = 2;
  static final int SIGQUIT = 3;
  static final int SIGKILL = 9;
  static final int SIGTERM = 15;
  static final int SIGCHLD = 17;
  static final int SIGCONT = 18;
  static final int SIGSTOP = 19;
  static final int SIGXCPU = 24;
  static final int SIGXFSZ = 25;
  static final int SIGTSTP = 20;
  static final int SIGTTIN = 21;
  static final int SIGTTOU = 22;
  static final int SIGWINCH = 28;
  static final int LAST_SIGNAL = 64;
  static final long SIG_BLOCK = 0;
  static final long SIG_UNBLOCK = 1;
  static final long SIG_SETMASK = 2;
  static final long SIG_IGN = 1;

  static final long PR_SET_PDEATHSIG = 1;
  static final long PR_SET_DUMPABLE = 4;
  static final long PR_SET_NAME = 15;
  static final long PR_CAPBSET_DROP = 24;
  static final long PR_SET_SECUREBITS = 28;
  static final long PR_SET_NO_NEW_PRIVS = 38;
  static final long PR_CAP_AMBIENT = 47;
  static final long PR_CAP_AMBIENT_RAISE = 2;
  static final long PR_CAP_AMBIENT_CLEAR_ALL = 4;

  static final long KEYCTL_JOIN_SESSION_KEYRING = 1;
  static final long SECCOMP_SET_MODE_FILTER = 1;
  static final long SECCOMP_FILTER_FLAG_NEW_LISTENER = 8;
  static final long SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 32;
  static final long CLOSE_RANGE_CLOEXEC = 4;
  static final long LAST_DESCRIPTOR = 0xffffffffL;
  static final long F_DUPFD = 0;
  static final long F_GETFD = 1;
  static final long F_GETFL = 3;
  static final long F_DUPFD_CLOEXEC = 1030;
  static final long LOCK_SH_NB = 1 | 4;
  static final long LOCK_EX = 2;
  static final long AT_REMOVEDIR = 0x200;
  static final long WUNTRACED = 2;
  static final long WNOHANG = 1;

  static final long AF_NETLINK = 16;
  static final long SOCK_RAW = 3;

  static final int POLLIN = 1;
  static final int POLLOUT = 4;
  static final int POLLHUP = 0x10;

  static final long TCGETS = 0x5401;
  static final long TCSETS = 0x5402;
  static final long TIOCSCTTY = 0x540e;
  static final long TIOCGPGRP = 0x540f;
  static final long TIOCSPGRP = 0x5410;
  static final long TIOCGWINSZ = 0x5413;
  static final long TIOCSWINSZ = 0x5414;
  static final long TIOCSPTLCK = 0x40045431;
  static final long TIOCGPTPEER = 0x5441;
  static final long SIOCSIFFLAGS = 0x8914;
}

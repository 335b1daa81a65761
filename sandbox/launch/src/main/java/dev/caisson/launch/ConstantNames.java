package dev.caisson.launch;

import java.util.ArrayList;
import java.util.List;

/** Constants of the kernel's interface by name, from linux/*.h; sets of flags, or one of many. */
enum ConstantNames implements Argument {
  MOUNT_FLAGS(
      true,
      "MS_RDONLY 1 MS_NOSUID 2 MS_NODEV 4 MS_NOEXEC 8 MS_REMOUNT 20 MS_NOATIME 400 MS_BIND 1000"
          + " MS_MOVE 2000 MS_REC 4000 MS_PRIVATE 40000 MS_SLAVE 80000 MS_RELATIME 200000"),
  UMOUNT_FLAGS(true, "MNT_FORCE 1 MNT_DETACH 2 UMOUNT_NOFOLLOW 8"),
  MOUNT_ATTRIBUTES(
      true,
      "MOUNT_ATTR_RDONLY 1 MOUNT_ATTR_NOSUID 2 MOUNT_ATTR_NODEV 4 MOUNT_ATTR_NOEXEC 8"
          + " MOUNT_ATTR_NOATIME 10 MOUNT_ATTR_IDMAP 100000"),
  AT_FLAGS(
      true,
      "AT_SYMLINK_NOFOLLOW 100 AT_REMOVEDIR 200 AT_SYMLINK_FOLLOW 400 AT_NO_AUTOMOUNT 800"
          + " AT_EMPTY_PATH 1000 AT_RECURSIVE 8000"),
  OPEN_TREE_FLAGS(
      true,
      "OPEN_TREE_CLONE 1 OPEN_TREE_CLOEXEC 80000 AT_SYMLINK_NOFOLLOW 100 AT_EMPTY_PATH 1000"
          + " AT_RECURSIVE 8000"),
  MOVE_MOUNT_FLAGS(
      true,
      "MOVE_MOUNT_F_SYMLINKS 1 MOVE_MOUNT_F_EMPTY_PATH 4 MOVE_MOUNT_T_SYMLINKS 10"
          + " MOVE_MOUNT_T_EMPTY_PATH 40"),
  FSOPEN_FLAGS(true, "FSOPEN_CLOEXEC 1"),
  FSMOUNT_FLAGS(true, "FSMOUNT_CLOEXEC 1"),
  FSCONFIG_COMMAND(
      false,
      "FSCONFIG_SET_FLAG 0 FSCONFIG_SET_STRING 1 FSCONFIG_SET_BINARY 2 FSCONFIG_SET_PATH 3"
          + " FSCONFIG_SET_PATH_EMPTY 4 FSCONFIG_SET_FD 5 FSCONFIG_CMD_CREATE 6"
          + " FSCONFIG_CMD_RECONFIGURE 7"),
  ACCESS_MODE(false, "O_RDONLY 0 O_WRONLY 1 O_RDWR 2"),
  OPEN_FLAGS(
      true,
      "O_CREAT 40 O_EXCL 80 O_NOCTTY 100 O_TRUNC 200 O_APPEND 400 O_NONBLOCK 800 O_CLOEXEC 80000"
          + " O_PATH 200000"),
  RESOLVE(
      true,
      "RESOLVE_NO_XDEV 1 RESOLVE_NO_MAGICLINKS 2 RESOLVE_NO_SYMLINKS 4 RESOLVE_BENEATH 8"
          + " RESOLVE_IN_ROOT 10"),
  FILE_TYPE(
      false,
      "S_IFIFO 1000 S_IFCHR 2000 S_IFDIR 4000 S_IFBLK 6000 S_IFREG 8000 S_IFLNK a000"
          + " S_IFSOCK c000"),
  STATX_MASK(true, "STATX_BASIC 7ff STATX_MNT_ID 1000"),
  NAMESPACES(
      true,
      "CLONE_VM 100 CLONE_FILES 400 CLONE_NEWTIME 80 CLONE_NEWNS 20000 CLONE_NEWCGROUP 2000000"
          + " CLONE_NEWUTS 4000000 CLONE_NEWIPC 8000000 CLONE_NEWUSER 10000000"
          + " CLONE_NEWPID 20000000 CLONE_NEWNET 40000000"),
  SIGNAL(
      false,
      "SIGHUP 1 SIGINT 2 SIGQUIT 3 SIGKILL 9 SIGUSR1 a SIGUSR2 c SIGPIPE d SIGALRM e SIGTERM f"
          + " SIGCHLD 11 SIGCONT 12 SIGSTOP 13 SIGTSTP 14 SIGTTIN 15 SIGTTOU 16 SIGWINCH 1c"),
  /** What clone(2) takes: namespaces, and the signal of the child's end in the low byte. */
  CLONE(true, NAMESPACES.table + " SIGCHLD 11"),
  MASK_ACTION(false, "SIG_BLOCK 0 SIG_UNBLOCK 1 SIG_SETMASK 2"),
  PROCESS_CONTROL(
      false,
      "PR_SET_PDEATHSIG 1 PR_GET_DUMPABLE 3 PR_SET_DUMPABLE 4 PR_SET_KEEPCAPS 8 PR_SET_NAME f"
          + " PR_CAPBSET_READ 17 PR_CAPBSET_DROP 18 PR_SET_SECUREBITS 1c"
          + " PR_SET_CHILD_SUBREAPER 24 PR_SET_NO_NEW_PRIVS 26 PR_GET_NO_NEW_PRIVS 27"
          + " PR_CAP_AMBIENT 2f"),
  AMBIENT(
      false,
      "PR_CAP_AMBIENT_IS_SET 1 PR_CAP_AMBIENT_RAISE 2 PR_CAP_AMBIENT_LOWER 3"
          + " PR_CAP_AMBIENT_CLEAR_ALL 4"),
  KEY_CONTROL(false, "KEYCTL_JOIN_SESSION_KEYRING 1"),
  SECCOMP(false, "SECCOMP_SET_MODE_STRICT 0 SECCOMP_SET_MODE_FILTER 1"),
  SECCOMP_FLAGS(
      true,
      "SECCOMP_FILTER_FLAG_TSYNC 1 SECCOMP_FILTER_FLAG_NEW_LISTENER 8"
          + " SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV 20"),
  CLOSE_RANGE_FLAGS(true, "CLOSE_RANGE_UNSHARE 2 CLOSE_RANGE_CLOEXEC 4"),
  FILE_CONTROL(
      false,
      "F_DUPFD 0 F_GETFD 1 F_SETFD 2 F_GETFL 3 F_SETFL 4 F_DUPFD_CLOEXEC 406 F_ADD_SEALS 409"
          + " F_GET_SEALS 40a"),
  LOCK(true, "LOCK_SH 1 LOCK_EX 2 LOCK_NB 4 LOCK_UN 8"),
  WAIT_OPTIONS(true, "WNOHANG 1 WUNTRACED 2 WCONTINUED 8"),
  SEEK(false, "SEEK_SET 0 SEEK_CUR 1 SEEK_END 2"),
  ADDRESS_FAMILY(false, "AF_UNIX 1 AF_INET 2 AF_INET6 a AF_NETLINK 10"),
  SOCKET_TYPE(
      true,
      "SOCK_SEQPACKET 5 SOCK_RAW 3 SOCK_DGRAM 2 SOCK_STREAM 1 SOCK_NONBLOCK 800"
          + " SOCK_CLOEXEC 80000"),
  MESSAGE_FLAGS(true, "MSG_DONTWAIT 40 MSG_NOSIGNAL 4000 MSG_CMSG_CLOEXEC 40000000"),
  DESCRIPTOR_FLAGS(true, "CLOEXEC 80000 NONBLOCK 800"),
  MEMFD_FLAGS(true, "MFD_CLOEXEC 1 MFD_ALLOW_SEALING 2 MFD_NOEXEC_SEAL 8 MFD_EXEC 10"),
  CLOCK(false, "CLOCK_REALTIME 0 CLOCK_MONOTONIC 1 CLOCK_BOOTTIME 7"),
  DEVICE_CONTROL(
      false,
      "TCGETS 5401 TCSETS 5402 TCSETSW 5403 TIOCSCTTY 540e TIOCGPGRP 540f TIOCSPGRP 5410"
          + " TIOCGWINSZ 5413 TIOCSWINSZ 5414 TIOCNOTTY 5422 TIOCGPTPEER 5441"
          + " TIOCSPTLCK 40045431 SIOCSIFFLAGS 8914"),
  RESOURCE(
      false,
      "RLIMIT_CPU 0 RLIMIT_FSIZE 1 RLIMIT_DATA 2 RLIMIT_STACK 3 RLIMIT_CORE 4 RLIMIT_RSS 5"
          + " RLIMIT_NPROC 6 RLIMIT_NOFILE 7 RLIMIT_MEMLOCK 8 RLIMIT_AS 9 RLIMIT_LOCKS a"
          + " RLIMIT_SIGPENDING b RLIMIT_MSGQUEUE c RLIMIT_NICE d RLIMIT_RTPRIO e"
          + " RLIMIT_RTTIME f"),
  LANDLOCK_RULE(false, "LANDLOCK_RULE_PATH_BENEATH 1 LANDLOCK_RULE_NET_PORT 2"),
  LANDLOCK_ACCESS(
      true,
      "EXECUTE 1 WRITE_FILE 2 READ_FILE 4 READ_DIR 8 REMOVE_DIR 10 REMOVE_FILE 20 MAKE_CHAR 40"
          + " MAKE_DIR 80 MAKE_REG 100 MAKE_SOCK 200 MAKE_FIFO 400 MAKE_BLOCK 800 MAKE_SYM 1000"
          + " REFER 2000 TRUNCATE 4000 IOCTL_DEV 8000");

  private final boolean flags;
  private final String table;

  /**
   * @param table names and hexadecimal values by turns; of flags, wider ones first
   */
  ConstantNames(boolean flags, String table) {
    this.flags = flags;
    this.table = table;
  }

  @Override
  public String show(long value, ProgramMemory memory) {
    return flags ? set(value) : one(value, memory);
  }

  private String one(long value, ProgramMemory memory) {
    String[] words = table.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      if (Long.parseLong(words[i + 1], 16) == value) {
        return words[i];
      }
    }
    return memory.number(value);
  }

  private String set(long value) {
    List<String> names = new ArrayList<>();
    long rest = value;
    String[] words = table.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      long flag = Long.parseLong(words[i + 1], 16);
      if ((rest & flag) == flag) {
        names.add(words[i]);
        rest &= ~flag;
      }
    }
    if (rest != 0 || names.isEmpty()) {
      names.add(rest == 0 ? "0" : "0x" + Long.toHexString(rest));
    }
    return String.join("|", names);
  }

  /** The value that {@code name} has here; for the test that compares the tables. */
  boolean contradicts(String name, long value) {
    String[] words = table.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      if (words[i].equals(name)) {
        return Long.parseLong(words[i + 1], 16) != value;
      }
    }
    return false;
  }
}

"""Tries what a sandbox must refuse; prints one line per attempt: its name and the error, "nothing" or "done".

escapes.py FACTS [NAME...]: FACTS is a file of NAME=VALUE lines about the host, as its author would know them.
"""

import ctypes
import errno
import fcntl
import mmap
import os
import platform
import resource
import signal
import socket
import subprocess
import sys

X86 = platform.machine() == "x86_64"
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(8192)
facts = dict(line.rstrip("\n").split("=", 1) for line in open(sys.argv[1]))
chosen = sys.argv[2:]
NEWUSER = 0x10000000


class Nothing(Exception):
    """What was looked for is not there."""


def attempt(name, action):
    """One attempt in a process of its own, so that none changes another's; a signal is an answer too."""
    if chosen and name not in chosen:
        return
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        try:
            action()
            answer = "done"
        except OSError as problem:
            answer = errno.errorcode.get(problem.errno, str(problem.errno))
        except Nothing:
            answer = "nothing"
        print(name, answer, flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        print(name, "signal", os.WTERMSIG(status), flush=True)


def call(x86, arm, *arguments):
    """A system call by its number; -1 for one that this machine does not have."""
    ctypes.set_errno(0)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(x86 if X86 else arm), *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
    return result


def syscall(name, x86, arm, *arguments):
    attempt(name, lambda: call(x86, arm, *arguments))


def x86(name, action):
    """What other machines do not have."""
    if X86:
        attempt(name, action)
    elif not chosen or name in chosen:
        print(name, "elsewhere", flush=True)


def x86_syscall(name, number, *arguments):
    x86(name, lambda: call(number, -1, *arguments))


def cloned(x86, arm, *arguments):
    if call(x86, arm, *arguments) == 0:
        os._exit(0)  # the new process, where it was made


def opened(name, path, flags=os.O_RDWR):
    attempt(name, lambda: os.open(path, flags | os.O_NONBLOCK))


def shown(name, path):
    """Something can be read there, or a directory has entries."""

    def look():
        if os.path.isdir(path):
            found = os.listdir(path)
        else:
            with open(path, "rb", 0) as file:
                found = file.read(64)
        if not found:
            raise Nothing

    attempt(name, look)


def written(name, path, text, flags=0):
    attempt(name, lambda: os.write(os.open(path, os.O_WRONLY | flags), text.encode()))


def told(name, place, what):
    """The text of a file, or of all files of a list, holds what only the host's author would know."""

    def look():
        for path in place if isinstance(place, list) else [place]:
            try:
                with open(path, "rb", 0) as file:
                    if what.encode() in file.read(1 << 20):
                        return
            except OSError:
                pass
        raise Nothing

    attempt(name, look)


def sockets(name, family, kind, protocol=0):
    syscall(name, 41, 198, family, kind, protocol)


def shell(name, script):
    """A line of shell that ends with 0 where it succeeded."""

    def run():
        if subprocess.run(["sh", "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            raise Nothing

    attempt(name, run)


def in_child(action):
    """What is done to another process of the sandbox."""
    child = os.fork()
    if child == 0:
        signal.pause()
    try:
        action(child)
    finally:
        os.kill(child, 9)


def machine_code(*code):
    """Executes instructions; the result is that of a system call."""
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(bytes(code))
    run = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
    result = run()
    if result < 0:
        raise OSError(-result, "")


def limit(which):
    """A hard limit is raised."""
    soft, hard = resource.getrlimit(which)
    if hard == resource.RLIM_INFINITY:
        raise Nothing
    call(302, 261, 0, which, (ctypes.c_ulong * 2)(soft, hard + 1), None)


def terminal(request, argument):
    _, other = os.openpty()
    fcntl.ioctl(other, request, argument)


def keyring(*arguments):
    call(250, 219, *arguments)


def executed_from_memory():
    file = call(319, 279, b"program", 0)
    with open("/bin/true", "rb") as program:
        os.write(file, program.read())
    child = os.fork()
    if child == 0:
        try:
            os.execve(f"/proc/self/fd/{file}", ["true"], {})
        finally:
            os._exit(1)
    if os.waitpid(child, 0)[1] != 0:
        raise Nothing


def by_reference():
    """Inherited descriptors lead out of the sandbox, as a working directory left open does."""
    mine = os.open("/proc/self/fd", os.O_RDONLY)
    if set(map(int, os.listdir(mine))) <= {0, 1, 2, mine, mine + 1}:
        raise Nothing


def connected(address, family=socket.AF_UNIX):
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(5)
        client.connect(address)


def links():
    with open("/usr/bin/env", "rb"):
        os.link("/usr/bin/env", "/tmp/env")


def nothing():
    raise Nothing


# namespaces and mounts
syscall("mount-tmpfs", 165, 40, b"tmpfs", b"/tmp", b"tmpfs", 0, None)
syscall("mount-proc", 165, 40, b"proc", b"/tmp", b"proc", 0, None)
syscall("mount-bind", 165, 40, b"/usr", b"/tmp", None, 4096, None)
syscall("remount-writable", 165, 40, None, b"/", None, 4096 | 32, None)
syscall("mount-shared", 165, 40, None, b"/", None, 1 << 20, None)
syscall("unmask", 166, 39, b"/proc", 2)
syscall("fsopen", 430, 430, b"tmpfs", 0)
syscall("fspick", 433, 433, -100, b"/", 0)
syscall("open_tree", 428, 428, -100, b"/", 1)
syscall("move_mount", 429, 429, -100, b"/usr", -100, b"/tmp", 0)
syscall("mount_setattr", 442, 442, -100, b"/", 0, bytes(32), 32)
syscall("pivot_root", 155, 41, b"/tmp", b"/tmp")
syscall("chroot", 161, 51, b"/tmp")
syscall("listmount", 458, 458, b"\x18\0\0\0\0\0\0\0" + b"\xff" * 8 + bytes(8), buffer, 64, 0)
syscall("statmount", 457, 457, b"\x18\0\0\0\0\0\0\0\1" + bytes(15), buffer, 4096, 0)
syscall("unshare-user", 272, 97, NEWUSER)
syscall("unshare-mount", 272, 97, 0x20000)
syscall("unshare-net", 272, 97, 0x40000000)
attempt("clone-user", lambda: cloned(56, 220, NEWUSER | 17, 0, 0, 0, 0))
attempt("clone3-user", lambda: cloned(435, 435, NEWUSER.to_bytes(8, "little") + bytes(24) + b"\x11" + bytes(47), 88))
attempt("setns", lambda: call(308, 268, os.open("/proc/self/ns/net", os.O_RDONLY), 0))
syscall("sethostname", 170, 161, b"x", 1)
syscall("setdomainname", 171, 162, b"x", 1)
syscall("open_by_handle_at", 304, 265, -100, b"\x08\0\0\0\x01\0\0\0" + bytes(8), 0)
attempt("name_to_handle_at", lambda: call(303, 264, -100, b"/proc", b"\x80\0\0\0" + bytes(140), buffer, 0))
# the first process, other processes, the host's
syscall("ptrace-reaper", 101, 117, 0x4206, 1, 0, 0)
attempt("ptrace-child", lambda: in_child(lambda child: call(101, 117, 0x4206, child, 0, 0)))
syscall("read-reaper", 310, 270, 1, buffer, 1, buffer, 1, 0)
syscall("write-reaper", 311, 271, 1, buffer, 1, buffer, 1, 0)
attempt("kcmp", lambda: in_child(lambda child: call(312, 272, os.getpid(), child, 1, 0, 0)))
attempt("pidfd_getfd", lambda: in_child(lambda child: call(438, 438, call(434, 434, child, 0), 0, 0)))
attempt("process_madvise-reaper", lambda: call(440, 440, call(434, 434, 1, 0), buffer, 1, 20, 0))
syscall("limit-reaper", 302, 261, 1, 7, bytes(16), None)
syscall("pin-reaper", 203, 122, 1, 8, b"\x01" + bytes(7))
syscall("renice-reaper", 141, 140, 0, 1, 19)
syscall("renice-user", 141, 140, 2, 0, 19)
syscall("ioprio-reaper", 251, 30, 1, 1, 3 << 13)
syscall("schedule-reaper", 144, 119, 1, 5, bytes(4))
attempt("kill-reaper", lambda: os.kill(1, signal.SIGUSR1))
attempt("kill-host", lambda: os.kill(int(facts["pid"]), 0))
attempt("pidfd_open-host", lambda: call(434, 434, int(facts["pid"]), 0))
shown("see-reaper", "/proc/1/status")
shown("see-host-process", "/proc/" + facts["pid"] + "/status")
shown("reaper-environment", "/proc/1/environ")
shown("reaper-root", "/proc/1/root/etc")
shown("reaper-descriptors", "/proc/1/fd")
opened("reaper-memory", "/proc/1/mem")
# the kernel's settings and what it tells
written("core_pattern", "/proc/sys/kernel/core_pattern", "|/tmp/x")
written("modprobe-path", "/proc/sys/kernel/modprobe", "/tmp/x")
written("namespaces-limit", "/proc/sys/user/max_user_namespaces", "99")
written("ip_forward", "/proc/sys/net/ipv4/ip_forward", "1")
written("sysrq", "/proc/sysrq-trigger", "h")
written("uevent_helper", "/sys/kernel/uevent_helper", "/tmp/x")
written("release_agent", "/sys/fs/cgroup/release_agent", "/tmp/x")
shell("release_agent-anywhere", "f=$(find / -xdev -name release_agent 2>/dev/null); test -n \"$f\" && echo > $f")
written("binfmt_misc", "/proc/sys/fs/binfmt_misc/register", ":x:M::x::/tmp/x:")
written("oom-score", "/proc/self/oom_score_adj", "1")
written("login-id", "/proc/self/loginuid", "0")
written("core-filter", "/proc/self/coredump_filter", "0xff")
written("clear-references", "/proc/self/clear_refs", "1")
written("security-label", "/proc/self/attr/exec", "unconfined")
opened("own-memory", "/proc/self/mem")
for path in ("kallsyms", "kcore", "keys", "key-users", "cmdline", "config.gz", "modules", "partitions", "diskstats"):
    shown("proc-" + path, "/proc/" + path)
for path in ("version", "filesystems", "interrupts", "timer_list", "sched_debug", "iomem", "devices", "bus", "irq", "pressure", "vmstat"):
    shown("proc-" + path, "/proc/" + path)
shown("boot-id", "/proc/sys/kernel/random/boot_id")
shown("sys-kernel", "/sys/kernel")
shown("sys-firmware", "/sys/firmware/acpi/tables")
shown("sys-block", "/sys/block")
shown("control-groups", "/sys/fs/cgroup")
syscall("syslog", 103, 116, 3, buffer, 4096)
syscall("settimeofday", 164, 170, bytes(16), None)
syscall("clock_settime", 227, 112, 0, bytes(16))
syscall("adjtimex", 159, 171, bytes(256))
syscall("reboot", 169, 142, 0, 0, 0, None)
syscall("kexec_load", 246, 104, 0, 0, None, 0)
syscall("kexec_file_load", 320, 294, -1, -1, 0, b"", 0)
syscall("init_module", 175, 105, buffer, 1, b"")
syscall("finit_module", 313, 273, 0, b"", 0)
syscall("swapon", 167, 224, b"/tmp/x", 0)
syscall("acct", 163, 89, None)
syscall("quotactl", 179, 60, 0x80000700, b"/", 0, buffer)
# calls with a history
attempt("keyctl", lambda: keyring(0, -3, 0))
syscall("add_key", 248, 217, b"user", b"x", b"y", 1, -2)
syscall("request_key", 249, 218, b"user", b"x", None, -2)
syscall("bpf", 321, 280, 0, b"\x02\0\0\0\x04\0\0\0\x04\0\0\0\x01\0\0\0" + bytes(104), 120)
syscall("perf_event_open", 298, 241, b"\x01\0\0\0\x70\0\0\0" + bytes(104), 0, -1, -1, 0)
syscall("io_uring_setup", 425, 425, 1, bytes(120))
syscall("userfaultfd", 323, 282, 1)
syscall("fanotify_init", 300, 262, 0x200, 0)
syscall("personality", 135, 92, 0x0040000)
syscall("seccomp-listener", 317, 277, 1, 8, ctypes.create_string_buffer(16))
syscall("memfd_secret", 447, 447, 0)
attempt("memfd-exec", executed_from_memory)
attempt("vmsplice", lambda: call(278, 75, os.pipe()[1], (ctypes.c_long * 2)(ctypes.addressof(buffer), 1), 1, 0))
syscall("move_pages", 279, 239, 0, 0, None, None, None, 0)
syscall("mbind", 237, 235, 0, 0, 0, None, 0, 0)
syscall("cachestat", 451, 451, 0, bytes(16), buffer, 0)
syscall("vhangup", 153, 58)
x86_syscall("modify_ldt", 154, 0, buffer, 16)
x86_syscall("ioperm", 173, 0, 1, 1)
x86_syscall("iopl", 172, 3)
x86_syscall("uselib", 134, b"/bin/true")
x86_syscall("sysfs", 139, 3)
x86_syscall("ustat", 136, 0x1, buffer)
x86_syscall("lookup_dcookie", 212, 1, buffer, 8)
x86_syscall("x32", 0x40000000 | 39)
# mov eax, 20 (getpid of i386); int 0x80; ret
x86("int-0x80", lambda: machine_code(0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3))
# the page's entry of time calls what the filter refuses: mov rax, 0xffffffffff600400; call rax; ret
x86("vsyscall-jump", lambda: machine_code(0x48, 0xC7, 0xC0, 0x10, 0x04, 0x60, 0xFF, 0xFF, 0xD0, 0xC3))
# its entry of time: xor edi, edi; mov rax, 0xffffffffff600400; call rax; ret
x86("vsyscall-time", lambda: machine_code(0x31, 0xFF, 0x48, 0xC7, 0xC0, 0, 4, 0x60, 0xFF, 0xFF, 0xD0, 0xC3))
for option, name in ((35, "set-mm"), (62, "sched-core"), (67, "memory-merge")):
    syscall("prctl-" + name, 157, 167, option, 1, 0, 0, 0)
# sockets
for name, family, kind, protocol in (
    ("key", 15, 3, 2), ("packet", 17, 3, 0), ("x25", 9, 5, 0), ("rds", 21, 5, 0), ("can", 29, 3, 1),
    ("tipc", 30, 5, 0), ("bluetooth", 31, 3, 1), ("alg", 38, 5, 0), ("nfc", 39, 3, 0), ("vsock", 40, 1, 0),
    ("kcm", 41, 5, 0), ("qipcrtr", 42, 2, 0), ("smc", 43, 1, 0), ("xdp", 44, 3, 0), ("raw", 2, 3, 1),
    ("sctp", 2, 1, 132), ("dccp", 2, 6, 33), ("mptcp", 2, 1, 262),
    ("sctp-by-type", 10, 5, 0), ("dccp-by-type", 2, 6, 0),
    ("netlink-audit", 16, 3, 9), ("netlink-netfilter", 16, 3, 12), ("netlink-uevent", 16, 3, 15),
    ("netlink-xfrm", 16, 3, 6), ("netlink-diag", 16, 3, 4),
):  # fmt: skip
    sockets("socket-" + name, family, kind, protocol)
attempt("abstract-socket", lambda: connected("\0" + facts["abstract"]))
attempt("host-loopback", lambda: connected(("127.0.0.1", int(facts["port"])), socket.AF_INET))
attempt("unix-socket-in-a-bind", lambda: connected("socket"))
opened("fifo-in-a-bind", "fifo", os.O_WRONLY)
# devices
syscall("mknod-block", 259, 33, -100, b"/tmp/block", 0o60666, 7 << 8)
syscall("mknod-character", 259, 33, -100, b"/tmp/character", 0o20666, 1 << 8 | 11)


def any_block_device():
    answer = Nothing()
    for name in facts["blocks"].split():
        try:
            os.open("/dev/" + name, os.O_RDONLY)
            return
        except OSError as problem:
            answer = problem
    raise answer


attempt("block-devices", any_block_device)
for name in ("mem", "kmsg", "fuse", "net/tun", "kvm", "loop-control", "mapper/control", "console", "tty0", "vsock"):
    opened("dev-" + name.replace("/", "-"), "/dev/" + name, os.O_RDONLY)
attempt("TIOCSTI", lambda: terminal(0x5412, b"x"))
attempt("TIOCLINUX", lambda: terminal(0x541C, b"\x03"))
attempt("TIOCSETD", lambda: terminal(0x5423, bytes(4)))
attempt("SIOCGIFVLAN", lambda: fcntl.ioctl(socket.socket(socket.AF_UNIX), 0x8982, bytes(64)))
attempt("SIOCGIFBR", lambda: fcntl.ioctl(socket.socket(socket.AF_UNIX), 0x8940, bytes(64)))


def protocol_above_tcp():
    """The kernel looked for its module, and for a connection after that."""
    try:
        socket.socket().setsockopt(6, 31, b"tls")
    except OSError as problem:
        if problem.errno not in (errno.ENOENT, errno.ENOTCONN):
            raise


attempt("TCP_ULP", protocol_above_tcp)
syscall("io_setup", 206, 0, 1, ctypes.create_string_buffer(8))
attempt("TIOCCONS", lambda: terminal(0x541D, b""))
# rights
attempt("setuid", lambda: os.setuid(1))
attempt("setgroups", lambda: os.setgroups([6]))
syscall("capset", 126, 91, b"\x22\x05\x08\x20\0\0\0\0", b"\xff" * 24)
syscall("ambient-capability", 157, 167, 47, 2, 21, 0, 0)
syscall("new-privileges", 157, 167, 38, 0, 0, 0, 0)
shell("setuid-program", "cp /usr/bin/id /tmp/id && chmod 4755 /tmp/id && test \"$(/tmp/id -u)\" != \"$(id -u)\"")
attempt("raise-files", lambda: limit(resource.RLIMIT_NOFILE))
attempt("raise-processes", lambda: limit(resource.RLIMIT_NPROC))


def core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # at 0 the kernel would start the host's handler, as root
    if resource.getrlimit(resource.RLIMIT_CORE)[0] == 1:
        raise Nothing


attempt("core-handler", core)
attempt("real-time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
attempt("nice", lambda: os.setpriority(os.PRIO_PROCESS, 0, -1))
# files and descriptors
written("write-system", "/usr/x", "x", os.O_CREAT)
written("write-etc", "/etc/passwd", "x")
written("write-directory", "mine", "x", os.O_CREAT)
attempt("chmod-shown", lambda: os.chmod(sys.argv[0], 0o6755))
attempt("link-shown", links)
attempt("rename-shown", lambda: os.rename(sys.argv[0], "x"))
attempt("xattr-shown", lambda: os.setxattr(sys.argv[0], "user.x", b"x"))
opened("own-program", "/proc/self/exe")
opened("input-for-writing", "/proc/self/fd/0")
opened("input-by-dev-fd", "/dev/stdin")
attempt("inherited-descriptor", by_reference)
opened("secret-by-path", facts["secret"], os.O_RDONLY)
opened("secret-by-dots", "../" * 20 + facts["secret"][1:], os.O_RDONLY)
opened("secret-by-link", "link", os.O_RDONLY)
opened("secret-by-root-link", "/proc/self/root" + facts["secret"], os.O_RDONLY)
# what tells where one is
told("host-name", ["/proc/sys/kernel/hostname", "/etc/hostname", "/etc/hosts"], facts["hostname"])
shown("machine-id", "/etc/machine-id")
attempt("environment", lambda: os.environ["CAISSON_TEST_SECRET"] if "CAISSON_TEST_SECRET" in os.environ else nothing())
told("control-group-path", "/proc/self/cgroup", facts["cgroup"])
told("source-paths", ["/proc/self/mountinfo", "/proc/self/mounts", "/proc/self/mountstats"], facts["secret"])
attempt("interfaces", lambda: nothing() if {name for _, name in socket.if_nameindex()} == {"lo"} else None)
attempt("shared-segment", lambda: call(29, 194, int(facts["segment"]), 1, 0))

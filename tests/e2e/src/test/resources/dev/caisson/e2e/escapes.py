"""Tries what a sandbox must refuse; prints one line per attempt: its name and the error, or "done"."""

import ctypes
import errno
import os
import platform
import resource

X86 = platform.machine() == "x86_64"
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(4096)
NEWUSER = 0x10000000


def report(name, result, error):
    print(name, "done" if result >= 0 else errno.errorcode.get(error, error), flush=True)


def call(name, x86, arm, *arguments):
    ctypes.set_errno(0)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(x86 if X86 else arm), *words)
    if name.startswith("clone") and result == 0:
        os._exit(0)  # the new process, where it was made
    report(name, result, ctypes.get_errno())
    return result


def in_child(name, attempt):
    """The attempt in a fork, whose end by a signal is shown."""
    child = os.fork()
    if child == 0:
        attempt()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        print(name, "signal", os.WTERMSIG(status), flush=True)


def socket(name, family, kind, protocol=0):
    call(name, 41, 198, family, kind, protocol)


def written(name, path):
    try:
        with open(path, "w") as file:
            file.write("1\n")
        report(name, 0, 0)
    except OSError as problem:
        report(name, -1, problem.errno)


call("mknod-block", 259, 33, -100, b"/tmp/block", 0o60666, 7 << 8)
call("mknod-character", 259, 33, -100, b"/tmp/character", 0o20666, 1 << 8 | 11)
call("mount", 165, 40, b"tmpfs", b"/tmp", b"tmpfs", 0, None)
call("umount", 166, 39, b"/proc", 2)
call("fsopen", 430, 430, b"tmpfs", 0)
call("open_tree", 428, 428, -100, b"/", 1)
call("pivot_root", 155, 41, b"/tmp", b"/tmp")
call("chroot", 161, 51, b"/tmp")
in_child("unshare-user", lambda: call("unshare-user", 272, 97, NEWUSER))
in_child("unshare-net", lambda: call("unshare-net", 272, 97, 0x40000000))
in_child("clone-user", lambda: call("clone-user", 56, 220, NEWUSER | 17, 0, 0, 0, 0))
in_child("clone3", lambda: call("clone3", 435, 435, buffer, 64))
call("setns", 308, 268, os.open("/proc/self/ns/mnt", os.O_RDONLY), 0)
call("ptrace-reaper", 101, 117, 0x4206, 1, 0, 0)
call("read-reaper", 310, 270, 1, buffer, 1, buffer, 1, 0)
call("write-reaper", 311, 271, 1, buffer, 1, buffer, 1, 0)
call("limit-reaper", 302, 261, 1, 0, buffer, None)
call("pin-reaper", 203, 122, 1, 8, b"\x01" + bytes(7))
call("renice-reaper", 141, 140, 0, 1, 19)
call("ioprio-reaper", 251, 30, 1, 1, 3 << 13)
call("keyctl", 250, 219, 0, -3, 0)
call("add_key", 248, 217, b"user", b"x", b"y", 1, -3)
call("bpf", 321, 280, 0, buffer, 64)
call("perf_event_open", 298, 241, buffer, 0, -1, -1, 0)
call("io_uring_setup", 425, 425, 1, ctypes.create_string_buffer(120))
call("userfaultfd", 323, 282, 1)
call("kexec_load", 246, 104, 0, 0, None, 0)
call("init_module", 175, 105, buffer, 1, b"")
call("reboot", 169, 142, 0, 0, 0, None)
call("swapon", 167, 224, b"/tmp/x", 0)
call("settimeofday", 164, 170, buffer, None)
call("syslog", 103, 116, 2, buffer, 1)
call("quotactl", 179, 60, 0, b"/", 0, None)
call("fanotify_init", 300, 262, 0, 0)
call("open_by_handle_at", 304, 265, -100, b"\x08\0\0\0\x01\0\0\0" + bytes(8), 0)
call("personality", 135, 92, 0x0040000)
call("pidfd_getfd", 438, 438, call("pidfd_open", 434, 434, 1, 0), 0, 0)
socket("socket-vsock", 40, 1)
socket("socket-alg", 38, 5)
socket("socket-packet", 17, 3)
socket("socket-raw", 2, 3, 1)
socket("socket-netlink-audit", 16, 3, 9)
if X86:
    call("modify_ldt", 154, 0, 0, buffer, 16)
    call("ioperm", 173, 0, 0, 1, 1)
    call("iopl", 172, 0, 3)
    in_child("x32-getpid", lambda: call("x32-getpid", 0x40000000 | 39, 0))
# at 0 the kernel would start the host's core handler, as root
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
print("core-limit", resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
terminal, other = os.openpty()
call("TIOCSTI", 16, 29, other, 0x5412, b"x")
call("TIOCLINUX", 16, 29, other, 0x541C, b"\x03")
call("TIOCSETD", 16, 29, other, 0x5423, ctypes.c_int.from_buffer_copy(b"\x15\0\0\0"))
written("write-sysctl", "/proc/sys/kernel/domainname")
written("write-namespaces", "/proc/sys/user/max_user_namespaces")
written("write-sysrq", "/proc/sysrq-trigger")
written("write-root", "/etc/passwd")
written("write-usr", "/usr/x")
for path in ("/sys/kernel/notes", "/proc/kcore", "/proc/1/environ", "/proc/1/root/etc", "/dev/mem"):
    try:
        with open(path, "rb", 0) as file:
            print("read-" + path, "done" if file.read(1) else "empty", flush=True)
    except OSError as problem:
        report("read-" + path, -1, problem.errno)
print("kill-reaper", end=" ", flush=True)
try:
    os.kill(1, 9)
    print("done", flush=True)
except OSError as problem:
    print(errno.errorcode[problem.errno], flush=True)

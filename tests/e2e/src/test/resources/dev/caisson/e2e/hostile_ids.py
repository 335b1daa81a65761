"""What a program may try with the supervisor that answers its calls. Each part prints its name."""
import ctypes
import os
import signal
import threading

libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("/tmp/ids")
os.chdir("/tmp/ids")


def owner(path):
    status = os.lstat(path)
    return "%d:%d" % (status.st_uid, status.st_gid)


def touch(path):
    open(path, "w").close()


def children():
    """Calls whose callers are killed while they wait, and children of children."""
    touch("shared")
    for i in range(200):
        child = os.fork()
        if child == 0:
            os.fork()
            while True:
                os.chown("shared", 3, 4)
                os.stat("shared")
                os.setgroups([1, 2, 3])
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) not in (1, os.getpid(), os.getppid()):
            try:
                os.kill(int(pid), signal.SIGKILL)
            except (PermissionError, ProcessLookupError):
                pass


def links():
    """A link that changes while it is followed: what is bound read-only keeps its owner."""
    touch("mine")
    before = owner("/usr/bin/env")
    done = threading.Event()

    def flip():
        while not done.is_set():
            for target in ("/usr/bin/env", "mine"):
                os.symlink(target, "next")
                os.rename("next", "link")

    os.symlink("mine", "link")
    flipping = threading.Thread(target=flip)
    flipping.start()
    for i in range(500):
        try:
            os.chown("link", 5, 6)
        except OSError:
            pass
    done.set()
    flipping.join()
    assert owner("/usr/bin/env") == before


def memory():
    """A path that changes while it is read names one file or the other, and nothing else."""
    for name in ("aaaa", "bbbb"):
        touch(name)
    path = ctypes.create_string_buffer(b"aaaa")
    done = threading.Event()

    def flip():
        while not done.is_set():
            path.raw = b"bbbb\0"
            path.raw = b"aaaa\0"

    flipping = threading.Thread(target=flip)
    flipping.start()
    for i in range(500):
        libc.chown(path, 7, 8)
    done.set()
    flipping.join()
    assert {owner("aaaa"), owner("bbbb")} <= {"7:8", "0:0"}


def pointers():
    """Addresses where nothing is: the call fails, and changes no other file."""
    for address in (1, 2**47 - 1, 2**63, 2**64 - 1):
        assert libc.chown(ctypes.c_void_p(address), 9, 9) == -1
        assert libc.getresuid(*[ctypes.c_void_p(address)] * 3) == -1
        assert libc.setgroups(ctypes.c_size_t(3), ctypes.c_void_p(address)) == -1
    assert libc.fchown(-1, 9, 9) == -1 and libc.fchown(12345, 9, 9) == -1
    assert libc.chown(b"", 9, 9) == -1
    assert owner(".") == "0:0" and owner("/") != "9:9"
    os.mkfifo("pipe")
    os.chown("pipe", 9, 9)
    assert owner("pipe") == "9:9"


def inodes():
    """A file that is gone leaves its owner to none that comes after it."""
    for i in range(300):
        touch("short")
        assert owner("short") == "0:0"
        os.chown("short", 10, 11)
        assert owner("short") == "10:11"
        os.unlink("short")


def hidden():
    """A process that only root may look at waits for nothing."""
    child = os.fork()
    if child == 0:
        libc.prctl(4, 0, 0, 0, 0)
        libc.chown(b"mine", 12, 13)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert owner("mine") in ("5:6", "0:0", "12:13")


for part in (children, links, memory, pointers, inodes, hidden):
    part()
    print(part.__name__, flush=True)
os.chown("mine", 7, 8)
print(owner("mine"))

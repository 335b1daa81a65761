"""Takes of one thing until there is no more; prints how much, and the error."""

import ctypes
import errno
import os
import signal
import sys


def until_refused(take):
    taken = 0
    try:
        while taken < 1 << 20:
            take()
            taken += 1
    except OSError as problem:
        return taken, errno.errorcode[problem.errno]
    return taken, "no end"


def waiting():
    if os.fork() == 0:
        signal.pause()


def zombie():
    if os.fork() == 0:
        os._exit(0)


def disk():
    chunk = bytes(1 << 16)
    file = os.open("/tmp/flood", os.O_CREAT | os.O_WRONLY)
    return lambda: os.write(file, chunk)


def files():
    names = iter(range(1 << 30))
    return lambda: os.close(os.open(f"/tmp/{next(names)}", os.O_CREAT))


def watcher():
    if ctypes.CDLL(None, use_errno=True).inotify_init() < 0:
        raise OSError(ctypes.get_errno(), "inotify_init")


take = {
    "processes": waiting,
    "zombies": zombie,
    "descriptors": lambda: os.dup(0),
    "terminals": os.openpty,
    "watchers": watcher,
    "disk": disk,
    "files": files,
}[sys.argv[1]]
print(*until_refused(take() if sys.argv[1] in ("disk", "files") else take), flush=True)
os.kill(0, signal.SIGKILL)

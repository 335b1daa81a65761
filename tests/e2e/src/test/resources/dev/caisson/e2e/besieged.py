"""A host worth escaping to: what escapes.py looks for. Prints the facts about it, and lives until its input ends."""

import ctypes
import os
import socket
import sys

directory = sys.argv[1]
secret = os.path.join(directory, "besieged-secret")
os.makedirs(os.path.join(directory, "work"), exist_ok=True)
os.chdir(os.path.join(directory, "work"))
with open(secret, "w") as file:
    file.write("not yours\n")
os.symlink(secret, "link")
os.mkfifo("fifo", 0o666)
os.chmod("fifo", 0o666)
reader = os.open("fifo", os.O_RDONLY | os.O_NONBLOCK)
listening = [socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX), socket.socket()]
for end, address in zip(listening, ("socket", f"\0caisson-besieged-{os.getpid()}", ("127.0.0.1", 0))):
    end.bind(address)
    end.listen()
os.chmod("socket", 0o777)
segment = 0x63610000 | os.getpid() & 0xFFFF
shmget = ctypes.CDLL(None).shmget
identifier = shmget(segment, ctypes.c_size_t(4096), 0o1666)
with open("/proc/self/cgroup") as file:
    groups = [line.rstrip("\n").split(":", 2)[2] for line in file]
print("pid=%d" % os.getpid())
print("secret=" + secret)
print("abstract=" + f"caisson-besieged-{os.getpid()}")
print("port=%d" % listening[2].getsockname()[1])
print("segment=%d" % segment)
print("hostname=" + socket.gethostname())
print("cgroup=" + max(groups, key=len) if max(groups, key=len) != "/" else "cgroup=no such group")
print("blocks=" + " ".join(sorted(os.listdir("/sys/block")) if os.path.isdir("/sys/block") else ["vda", "sda"]))
print("ready=1", flush=True)
sys.stdin.read()
ctypes.CDLL(None).shmctl(identifier, 0, None)

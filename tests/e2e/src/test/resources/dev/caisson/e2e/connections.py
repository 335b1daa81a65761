"""Tries to reach what its arguments name, and prints a line for each: what answered, or the error.

    connections.py tcp/198.51.100.7/4430 udp/198.51.100.7/5353 name/served.test ping raw packet
                   flush nested
"""

import ctypes
import errno
import socket
import struct
import sys

SECONDS = 5
ERRORS = {**errno.errorcode, socket.EAI_AGAIN: "EAI_AGAIN", socket.EAI_NONAME: "EAI_NONAME"}


def tcp(address, port):
    with socket.create_connection((address, int(port)), SECONDS) as connection:
        return connection.makefile().readline().strip()


def udp(address, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(SECONDS)
        s.connect((address, int(port)))
        s.send(b"echo")
        return s.recv(100).decode()


def name(host):
    return socket.gethostbyname(host)


def ping():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as s:
        s.sendto(b"\x08\0\0\0\0\0\0\0", ("198.51.100.8", 0))
        return "sent"


def raw():
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW).close()
    return "opened"


def packet():
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
    return "opened"


def flush():
    """Asks the kernel to delete every table of packet filters, and says what it answers."""
    message = lambda kind, body: struct.pack("=IHHII", 16 + len(body), kind, 5, 1, 0) + body
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12) as s:
        s.settimeout(SECONDS)
        s.send(
            message(0x10, b"\0\0\0\x0a")
            + message(0x0a02, b"\x01\0\0\0")
            + message(0x11, b"\0\0\0\x0a")
        )
        code = -struct.unpack("=i", s.recv(4096)[16:20])[0]
        if code:
            raise OSError(code, "netlink")
        return "flushed"


def nested():
    """The same as root of a user namespace below, which has no power over this network."""
    unshare_user = 0x10000000
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(unshare_user):
        raise OSError(ctypes.get_errno(), "unshare")
    return "made, " + attempt("flush", [])


def attempt(what, values):
    try:
        return globals()[what](*values)
    except OSError as error:
        return ERRORS.get(error.errno, str(error))


for argument in sys.argv[1:]:
    what, *values = argument.split("/")
    print(argument + ": " + attempt(what, values), flush=True)

"""A network to test with, in namespaces of its own: runs a command on a host that has a way out.

    unshare --net --mount python3 internet.py [--visit PORT] [--hosts TEXT] COMMAND...

The host has the address 192.0.2.2. Everything else is reached through it: 198.51.100.7 and .8,
2001:db8::7, a metadata service at 169.254.169.254, and a DNS server at 127.0.0.53 that its
resolv.conf names. Each TCP server says where it is and closes. At the end, who was reached is
written to the file that $REACHED names. With --visit, the port of the host's loopback is opened
until something answers there; the answer is printed after the command's own output.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

SERVERS = [
    (socket.AF_INET, "198.51.100.7", 4430),
    (socket.AF_INET, "198.51.100.7", 4431),
    (socket.AF_INET, "198.51.100.8", 4430),
    (socket.AF_INET, "127.0.0.1", 4430),
    (socket.AF_INET, "169.254.169.254", 80),
    (socket.AF_INET6, "2001:db8::7", 4430),
]
ECHOES = [("198.51.100.7", 5353), ("198.51.100.8", 5353)]
NAMES = {b"served": bytes([198, 51, 100, 7])}
reached = set()


def run(*words):
    subprocess.run(words, check=True)


def make_network():
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "out0", "type", "veth", "peer", "name", "out1")
    run("ip", "address", "add", "192.0.2.2/24", "dev", "out0")
    run("ip", "-6", "address", "add", "2001:db8:1::2/64", "dev", "out0", "nodad")
    run("ip", "link", "set", "out0", "up")
    run("ip", "link", "set", "out1", "up")
    run("ip", "route", "add", "default", "via", "192.0.2.1", "dev", "out0")
    run("ip", "-6", "route", "add", "default", "via", "2001:db8:1::1", "dev", "out0")
    for address in "198.51.100.7/32", "198.51.100.8/32", "169.254.169.254/32":
        run("ip", "address", "add", address, "dev", "lo")
    run("ip", "-6", "address", "add", "2001:db8::7/128", "dev", "lo", "nodad")


def replace(path, text):
    own = os.path.join(os.environ["SCRATCH"], os.path.basename(path))
    with open(own, "w") as file:
        file.write(text)
    run("mount", "--bind", own, path)


def serve(family, address, port):
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((address, port))
    server.listen()

    def loop():
        while True:
            client, _ = server.accept()
            reached.add("tcp %s %d" % (address, port))
            client.sendall(("this is %s %d\n" % (address, port)).encode())
            client.close()

    threading.Thread(target=loop, daemon=True).start()


def echo(address, port):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, port))

    def loop():
        while True:
            data, peer = server.recvfrom(2048)
            reached.add("udp %s %d" % (address, port))
            server.sendto(data, peer)

    threading.Thread(target=loop, daemon=True).start()


def name_server():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.53", 53))

    def loop():
        while True:
            query, peer = server.recvfrom(2048)
            reached.add("dns")
            server.sendto(answer(query), peer)

    threading.Thread(target=loop, daemon=True).start()


def answer(query):
    """The address of a name whose first label is known, else no such name (RFC 1035)."""
    label = query[13:13 + query[12]]
    question = query[12:query.index(b"\0", 12) + 5]
    address_wanted = question[-4:-2] == b"\0\1"
    if label not in NAMES or not address_wanted:
        code = b"\x81\x80" if label in NAMES else b"\x81\x83"
        return query[:2] + code + b"\0\1\0\0\0\0\0\0" + question
    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + NAMES[label]
    return query[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + question + record


def visit(port, process):
    """What a server of the command says, published on the host's loopback."""
    while process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                said = connection.recv(100)
                if said:
                    return said.decode()
        except OSError:
            time.sleep(0.02)
    return "nothing\n"


def main():
    arguments = sys.argv[1:]
    port = 0
    hosts = "127.0.0.1 localhost\n"
    while arguments[0].startswith("--"):
        option, value = arguments[:2]
        arguments = arguments[2:]
        if option == "--visit":
            port = int(value)
        elif option == "--hosts":
            hosts += value + "\n"
    make_network()
    replace("/etc/hosts", hosts)
    replace("/etc/resolv.conf", "nameserver 127.0.0.53\n")
    for server in SERVERS:
        serve(*server)
    for server in ECHOES:
        echo(*server)
    name_server()
    # the command has no power over this network
    drop = ["setpriv", "--inh-caps=-all", "--ambient-caps=-all"] if os.getuid() else []
    process = subprocess.Popen(drop + arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    said = visit(port, process) if port else ""
    status = process.wait()
    sys.stdout.write(said)
    with open(os.environ["REACHED"], "w") as file:
        file.write("".join(sorted(line + "\n" for line in reached)))
    sys.exit(status if status >= 0 else 128 - status)


main()

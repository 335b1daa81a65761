"""Runs a command on a pty as a person would; each line of the dialogue is checked.

terminal.py COMMAND ARG... starts it; prints "ok", or what went wrong and exits with 1.
"""

import fcntl
import os
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = 60


class Session:
    def __init__(self, command, rows=33, columns=77):
        self.child, self.master = os.forkpty()
        if self.child == 0:
            os.execvp(command[0], command)
        self.seen = b""
        self.size(rows, columns)

    def size(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def until(self, text):
        """Waits for the text and drops what was printed up to it."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise SystemExit("no %r in %r" % (text, self.seen))
            try:
                self.seen += os.read(self.master, 65536)
            except OSError:
                raise SystemExit("ended without %r: %r" % (text, self.seen))
        self.seen = self.seen[self.seen.index(text) + len(text):]

    def type(self, text):
        os.write(self.master, text)

    def echoes(self):
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def await_mode(self, echoes):
        end = time.monotonic() + PATIENCE
        while self.echoes() != echoes:
            check(time.monotonic() < end, "the terminal's mode is never %s" % echoes)
            time.sleep(0.01)

    def status(self, options=0):
        _, status = os.waitpid(self.child, options)
        return status


def check(holds, message):
    if not holds:
        raise SystemExit(message)


def main(command):
    # a new pty of the sandbox's, with the window's size
    script = (
        "tty; stty size; trap 'stty size' WINCH; echo ready;"
        " x=; while test -z $x; do read x; done; echo got $x; exit 5"
    )
    session = Session(command + ["sh", "-c", script])
    session.until(b"/dev/pts/0\r\n33 77\r\n")
    session.until(b"ready\r\n")
    session.size(44, 88)
    session.until(b"44 88\r\n")
    session.type(b"word\r")
    session.until(b"got word\r\n")
    check(os.WEXITSTATUS(session.status()) == 5, "the status is the payload's")
    check(session.echoes(), "the terminal is as it was")

    # ^C and ^\\ are the payload's
    session = Session(command + ["sh", "-c", "echo ready; exec sleep 600"])
    session.until(b"ready\r\n")
    session.type(b"\x03")
    check(os.WTERMSIG(session.status()) == signal.SIGINT, "^C ends the payload, and so its launcher")

    # an end of input is typed
    session = Session(command + ["sh", "-c", "echo ready; cat; echo ended"])
    session.until(b"ready\r\n")
    session.type(b"\x04")
    session.until(b"ended\r\n")
    check(session.status() == 0, "^D ends the input")

    # a launcher that is killed leaves the terminal as it was
    session = Session(command + ["sh", "-c", "echo ready; exec sleep 600"])
    session.until(b"ready\r\n")
    session.await_mode(False)
    os.kill(session.child, signal.SIGKILL)
    session.status()
    session.await_mode(True)
    print("ok")


main(sys.argv[1:])

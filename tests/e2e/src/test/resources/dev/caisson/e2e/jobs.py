"""Suspends, resumes and interrupts a wrapped command, as a person at a shell does.

jobs.py CAISSON starts an interactive bash on a pty; prints "ok", or what went wrong and exits with 1.
"""

import os
import select
import sys
import termios
import time

PATIENCE = 60
PROMPT = b"PROMPT> "
# in two parts, for this is echoed
NAME_PROMPT = b"PS1='PROM''PT> '\n"
SUSPEND = b"\x1a"
INTERRUPT = b"\x03"
END = b"\x04"


class Terminal:
    def __init__(self, command):
        self.child, self.master = os.forkpty()
        if self.child == 0:
            os.environ["TERM"] = "dumb"
            os.execvp(command[0], command)
        self.seen = b""

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

    def until_raw(self):
        """Waits until keys are the program's, ^C too, which they never are for readline."""
        end = time.monotonic() + PATIENCE
        while termios.tcgetattr(self.master)[3] & termios.ISIG:
            if time.monotonic() > end:
                raise SystemExit("the terminal did not become raw: %r" % self.seen)
            os.sched_yield()

    def run(self, line):
        self.until(PROMPT)
        self.type(line.encode() + b"\n")
        # what the terminal echoes of it
        self.until(b"\r\n")


def main(caisson):
    shell = Terminal(["bash", "--norc", "--noprofile", "-i"])
    shell.type(NAME_PROMPT)
    wrap = caisson + " wrap -- "

    # a program is suspended, the shell has its terminal back, and the program goes on
    shell.run(wrap + "sh -c 'echo up; exec cat'")
    shell.until(b"up\r\n")
    shell.type(b"first\n")
    shell.until(b"first\r\nfirst\r\n")
    shell.type(SUSPEND)
    shell.until(b"Stopped")
    shell.run("stty -a | tr ' ' '\\n' | grep icanon; echo keys for $((40 + 2))")
    shell.until(b"icanon\r\n")
    shell.until(b"keys for 42\r\n")
    shell.run("fg")
    shell.until_raw()
    shell.type(b"second\n")
    shell.until(b"second\r\nsecond\r\n")
    shell.type(END)
    shell.run("echo status $?.")
    shell.until(b"status 0.")

    # so is a program that a shell inside runs, by that shell
    shell.run(wrap + "bash --norc --noprofile -i")
    shell.type(NAME_PROMPT)
    shell.run("sh -c 'echo up; exec sleep 600'")
    shell.until(b"up\r\n")
    shell.type(SUSPEND)
    shell.until(b"Stopped")
    shell.run("kill -KILL %1; wait %1")
    shell.run("exit 3")
    shell.run("echo status $?.")
    shell.until(b"status 3.")

    # a stop that another process asks for stops both
    shell.run(wrap + "sleep 600 &")
    shell.run("kill -TSTP %1; until jobs %1 | grep Stopped; do :; done")
    shell.until(b"Stopped")
    shell.run("kill -CONT %1; kill %1; wait %1; echo status $?.")
    shell.until(b"status 143.")

    # ^C ends the loop that a wrapped program runs in
    shell.run("while :; do " + wrap + "sh -c 'echo up; exec sleep 600'; echo on; done")
    shell.until(b"up\r\n")
    shell.type(INTERRUPT)
    shell.until(b"^C")
    shell.run("echo status $?.")
    shell.until(b"status 130.")
    shell.type(b"exit\n")

    # where no shell could resume it, it is not suspended
    alone = Terminal([caisson, "wrap", "--", "sh", "-c", "echo up; exec cat"])
    alone.until(b"up\r\n")
    alone.type(SUSPEND)
    alone.until(b"^Z")
    alone.type(b"still here\n")
    alone.until(b"still here\r\nstill here\r\n")
    alone.type(END)
    _, status = os.waitpid(alone.child, 0)
    if status != 0:
        raise SystemExit("status %d" % status)


main(sys.argv[1])
print("ok")

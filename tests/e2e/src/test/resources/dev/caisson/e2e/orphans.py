"""Leaves orphans behind that ended, and prints how many of them stay zombies.

orphans.py COUNT EXPECTED waits until that many are left; process 1 has a minute to reap.
"""

import os
import sys
import time


def zombies():
    count = 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/" + name + "/stat") as file:
                    count += file.read().rsplit(")", 1)[1].split()[0] == "Z"
            except OSError:
                pass  # it is gone
    return count


def main(orphans, expected):
    for _ in range(orphans):
        child = os.fork()
        if child == 0:
            os.fork()
            os._exit(0)
        os.waitpid(child, 0)
    end = time.monotonic() + 60
    while zombies() != expected and time.monotonic() < end:
        time.sleep(0.02)
    print("process", os.getpid(), "zombies", zombies())


main(int(sys.argv[1]), int(sys.argv[2]))

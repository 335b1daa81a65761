"""Prints all that a program can read about where it runs."""

import glob
import os
import sys

PATTERNS = ("/proc/self/*", "/proc/self/*/*", "/proc/self/task/*/*", "/proc/1/*", "/proc/*", "/etc/*")
ENDLESS = {"pagemap", "mem", "kcore", "clear_refs", "kmsg", "trace_pipe"}
for name in sorted({name for pattern in PATTERNS for name in glob.glob(pattern)} - {__file__}):
    if os.path.islink(name):
        print(name, "->", os.readlink(name))
    if os.path.isfile(name) and os.path.basename(name) not in ENDLESS:
        try:
            file = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
            print(name + ":", os.read(file, 1 << 16).replace(b"\0", b"\n").decode(errors="replace"))
            os.close(file)
        except OSError:
            pass
print(os.uname(), os.getcwd(), os.environ, sys.argv, sys.executable, os.ttyname(0) if os.isatty(0) else "")
for directory, names, files in os.walk("/", onerror=None):
    names[:] = [name for name in names if directory != "/" or name in ("home", "root", "run", "srv", "tmp", "work")]
    print(directory, names, files if directory != "/" else "")

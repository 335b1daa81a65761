"""Compiles rules with libseccomp, as runc adds them, and writes the filter to standard output.

Standard input, one item a line: "arch AUDIT_ARCH", "default ACTION", "optimize LEVEL",
"rule ACTION NAME [INDEX OP VALUE VALUE_TWO]...". Names that libseccomp does not know go to standard
error, one a line.
"""

import ctypes
import sys

lib = ctypes.CDLL("libseccomp.so.2")
lib.seccomp_init.restype = ctypes.c_void_p
OPERATORS = ["", "NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"]  # enum scmp_compare
ACT_BADARCH, OPTIMIZE, KILL_PROCESS = 2, 8, 0x80000000


class Comparison(ctypes.Structure):
    _fields_ = [
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    ]


def check(result, what):
    if result < 0:
        sys.exit("%s: error %d" % (what, -result))


context = None
arch = default = 0
for line in sys.stdin:
    word, *rest = line.split()
    if word == "arch":
        arch = int(rest[0])
    elif word == "default":
        default = int(rest[0])
        context = ctypes.c_void_p(lib.seccomp_init(ctypes.c_uint32(default)))
        native = lib.seccomp_arch_native() & 0xFFFFFFFF
        if native != arch:
            check(lib.seccomp_arch_add(context, ctypes.c_uint32(arch)), "add the architecture")
            check(lib.seccomp_arch_remove(context, ctypes.c_uint32(native)), "remove the native one")
        check(
            lib.seccomp_attr_set(context, ACT_BADARCH, ctypes.c_uint32(KILL_PROCESS)),
            "set the action for other architectures",
        )
    elif word == "optimize":
        check(lib.seccomp_attr_set(context, OPTIMIZE, ctypes.c_uint32(int(rest[0]))), "optimize")
    else:
        action, name, checks = int(rest[0]), rest[1], rest[2:]
        number = lib.seccomp_syscall_resolve_name(name.encode())
        if number == -1:
            print(name, file=sys.stderr)
            continue
        if action == default:
            continue
        count = len(checks) // 4
        comparisons = (Comparison * max(count, 1))()
        for i in range(count):
            index, op, value, two = checks[4 * i : 4 * i + 4]
            comparisons[i] = Comparison(int(index), OPERATORS.index(op), int(value), int(two))
        check(
            lib.seccomp_rule_add_array(
                context, ctypes.c_uint32(action), ctypes.c_int(number), count, comparisons
            ),
            "add " + line.strip(),
        )
sys.stdout.flush()
check(lib.seccomp_export_bpf(context, 1), "export")

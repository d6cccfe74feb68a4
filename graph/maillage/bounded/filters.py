"""What a worker may not ask of the kernel: a seccomp filter, written here and loaded by ``ctypes``.

Tried first: PyPI ``pyseccomp``. It has had no release for years and needs the system's libseccomp,
which is missing on many machines; the filter itself is some comparisons of numbers. So the program
for the kernel's classic BPF machine is put together here, for the two processors that servers have.
Elsewhere there is none, and :data:`available` says so.

The filter is a list of what is refused, not of what is allowed: what Python, glibc, Rust and
RocksDB need differs from version to version, and a missing entry would be an outage. Refused are
all ways to reach another machine, another process or another program, and every change of the file
system; most calls then fail with EPERM, as if a right were missing.

See seccomp(2), ``linux/seccomp.h``, ``linux/filter.h``; the numbers are those of
``asm/unistd_64.h`` (x86-64) and ``asm-generic/unistd.h`` (AArch64).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

__all__ = ["available", "install"]

# Calls that are refused whatever they are asked, by what they are for: (x86-64, AArch64); None
# where the processor has no such call.
_REFUSED: Final[dict[str, tuple[int | None, int | None]]] = {
    # other machines, and sockets to other processes
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    # rings of requests are carried out by the kernel, past this filter
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # other programs and processes
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    # the file system
    "creat": (85, None),
    "truncate": (76, 45),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "open_by_handle_at": (304, 265),
    "memfd_create": (319, 279),
    # the machine
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "fanotify_init": (300, 262),
    "inotify_init1": (294, 26),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "fsopen": (430, 430),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
}

# Calls that are refused for what they are asked; see _program.
_OPEN: Final = (2, None)
_OPENAT: Final = (257, 56)
_OPENAT2: Final = (437, 437)
_CLONE: Final = (56, 220)
_CLONE3: Final = (435, 435)
_KILL: Final = (62, 129)
_TGKILL: Final = (234, 131)
_PRCTL: Final = (157, 167)
_SETRLIMIT: Final = (160, 164)
_PRLIMIT64: Final = (302, 261)
_SECCOMP: Final = (317, 277)

_ARCHITECTURES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32: Final = 0x40000000  # the same processor, another way to number its calls

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CLONE_THREAD: Final = 0x00010000
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4

# struct seccomp_data: number, architecture, instruction pointer, six arguments of 64 bits, of
# which the low halves are read (both processors are little-endian).
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
_FIRST: Final = 16

_LOAD, _EQUAL, _BITS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW: Final = 0x7FFF0000
_KILL_PROCESS: Final = 0x80000000
_DENY: Final = 0x00050000 | errno.EPERM
_ABSENT: Final = 0x00050000 | errno.ENOSYS

_SET_MODE_FILTER: Final = 1
_TSYNC: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38


class _Step(NamedTuple):
    """One instruction: operation, how many to skip when true and when false, operand."""

    code: int
    true: int
    false: int
    k: int


def available() -> bool:
    """Whether there is a filter for this system and processor."""
    return sys.platform == "linux" and platform.machine() in _ARCHITECTURES


def install(*, files: bool = True) -> bool:
    """Put the filter on every thread of this process, for good.

    :param files: whether what writes to the file system is refused as well.
    :returns: whether it is in force; not where the system has no such means.
    """
    if not available():
        return False
    column, architecture = _ARCHITECTURES[platform.machine()]
    steps = _program(column, architecture, os.getpid(), files=files)
    raw = b"".join(struct.pack("=HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(raw, len(raw))
    # struct sock_fprog: how many, then, aligned, where.
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(held)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    number = _SECCOMP[column]
    # TSYNC: the engine has threads of its own by now, and they are held by it too.
    return bool(libc.syscall(number, _SET_MODE_FILTER, _TSYNC, program) == 0)


def _program(column: int, architecture: int, pid: int, *, files: bool) -> list[_Step]:
    """The filter, as instructions."""
    steps = [
        _Step(_LOAD, 0, 0, _ARCHITECTURE),
        _Step(_EQUAL, 1, 0, architecture),
        _Step(_RETURN, 0, 0, _KILL_PROCESS),
        _Step(_LOAD, 0, 0, _NUMBER),
        _Step(_AT_LEAST, 0, 1, _X32),
        _Step(_RETURN, 0, 0, _KILL_PROCESS),
    ]
    started = list(_REFUSED).index("creat"), list(_REFUSED).index("mount")
    for place, numbers in enumerate(_REFUSED.values()):
        number = numbers[column]
        if number is not None and (files or not started[0] <= place < started[1]):
            steps += _when(number, [_Step(_RETURN, 0, 0, _DENY)])
    # Threads may be started, processes not. clone3 hides what it is asked behind a pointer; told
    # that there is none, the C library uses clone.
    steps += _when(_CLONE3[column], [_Step(_RETURN, 0, 0, _ABSENT)])
    steps += _when(_CLONE[column], _unless_bits(0, _CLONE_THREAD))
    # A signal to oneself is how a program gives up.
    steps += _when(_KILL[column], _unless_equal(0, [pid]))
    steps += _when(_TGKILL[column], _unless_equal(0, [pid]))
    steps += _when(_PRCTL[column], _if_equal(0, [_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE]))
    # Who runs a server as root could raise the limits again.
    steps += _when(_SETRLIMIT[column], [_NO])
    steps += _when(_PRLIMIT64[column], _if_pointer(2))
    if files:
        steps += _when(_OPENAT2[column], [_Step(_RETURN, 0, 0, _ABSENT)])
        steps += _when(_OPENAT[column], _if_bits(2, _WRITING))
        opening = _OPEN[column]
        if opening is not None:
            steps += _when(opening, _if_bits(1, _WRITING))
    return [*steps, _Step(_RETURN, 0, 0, _ALLOW)]


def _when(number: int | None, then: Sequence[_Step]) -> Iterable[_Step]:
    """What is to be done for one call; the number is in the accumulator before and after."""
    if number is None:
        return []
    return [_Step(_EQUAL, 0, len(then), number), *then]


def _argument(which: int) -> _Step:
    return _Step(_LOAD, 0, 0, _FIRST + 8 * which)


_YES: Final = _Step(_RETURN, 0, 0, _ALLOW)
_NO: Final = _Step(_RETURN, 0, 0, _DENY)


def _if_bits(which: int, bits: int) -> list[_Step]:
    return [_argument(which), _Step(_BITS, 0, 1, bits), _NO, _YES]


def _if_pointer(which: int) -> list[_Step]:
    """When an argument is any address at all: either half of it."""
    high = _Step(_LOAD, 0, 0, _FIRST + 8 * which + 4)
    bits = 0xFFFFFFFF
    return [_argument(which), _Step(_BITS, 2, 0, bits), high, _Step(_BITS, 0, 1, bits), _NO, _YES]


def _unless_bits(which: int, bits: int) -> list[_Step]:
    return [_argument(which), _Step(_BITS, 0, 1, bits), _YES, _NO]


def _if_equal(which: int, values: Sequence[int]) -> list[_Step]:
    tests = [_Step(_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [_argument(which), *tests, _YES, _NO]


def _unless_equal(which: int, values: Sequence[int]) -> list[_Step]:
    tests = [_Step(_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [_argument(which), *tests, _NO, _YES]

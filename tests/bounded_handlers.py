"""Handlers that the tests of the pool hand to its workers, and a server that is killed."""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pyoxigraph as ox

from maillage.bounded import Fault, frames

# Looked up while something can still be written there.
TEMPORARY = Path(tempfile.gettempdir())


def opened(folder, settings):
    """What a job says, this does."""
    if "opening" in settings:
        time.sleep(settings["opening"])
    asked, told = threading.Event(), []

    def early():
        asked.wait()
        told.append(attempted("socket"))

    # A thread from before the doors are closed, as the engine has some.
    threading.Thread(target=early, daemon=True).start()

    def handle(job, out):
        if "sleep" in job:
            time.sleep(job["sleep"])
        if "fault" in job:
            raise Fault("not-sparql", line=2, column=7, reason=job["fault"])
        if "broken" in job:
            raise ValueError(job["broken"])
        if "signal" in job:
            signal.raise_signal(job["signal"])
        if "exit" in job:
            os._exit(job["exit"])
        if "memory" in job:
            bytearray(job["memory"])
        if "parse" in job:
            try:
                ox.Store().query(job["parse"])
            except SyntaxError:
                return {"refused": True}
        if "garbage" in job:
            said(b"x" * 100)
        if "forged" in job:
            said(frames.answer(job["forged"], frames.END, 0))
        if "attempt" in job:
            return {"ended": attempted(job["attempt"])}
        if "early" in job:
            asked.set()
            while not told:
                time.sleep(0.01)
            return {"ended": told[0]}
        block = b"0123456789abcde\n" * 4096
        for start in range(0, job.get("size", 0), len(block)):
            out.write(block[: job["size"] - start])
        return {"pid": os.getpid(), "folder": str(folder), "environment": dict(os.environ)}

    return handle


def said(data):
    """Send something over every socket that there is."""
    for descriptor in range(3, 64):
        try:
            socket.socket(fileno=os.dup(descriptor)).send(data)
        except OSError:
            continue


def cannot_open(folder, settings):
    raise OSError(f"nothing in {folder}")


def dies_opening(folder, settings):
    os._exit(1)


# ---- what a worker must not be able to do ------------------------------------------------------


def _new_socket():
    socket.socket().close()


def _unix_socket():
    socket.socket(socket.AF_UNIX).close()


def _pair():
    for end in socket.socketpair():
        end.close()


def _program():
    subprocess.run(["/bin/true"], check=True)


def _exec():
    child = os.fork()
    if not child:
        try:
            os.execv("/bin/true", ["true"])  # noqa: S606  # the call itself is what is tried
        finally:
            os._exit(1)
    if os.waitpid(child, 0)[1]:
        raise PermissionError(errno.EPERM, "exec")


def _fork():
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


def _write():
    path = TEMPORARY / f"{os.getpid()}.worker"
    path.write_text("", encoding="ascii")
    path.unlink()


def _rename():
    Path("/nowhere/a").rename("/nowhere/b")


def _unlink():
    Path("/nowhere/a").unlink()


def _mkdir():
    Path("/nowhere/a").mkdir()


def _chmod():
    Path("/nowhere/a").chmod(0o600)


def _kill():
    os.kill(os.getppid(), 0)


def _signal_by_descriptor():
    os.close(os.pidfd_open(os.getppid()))


def _call(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), "syscall")


def _ptrace():
    _call({"x86_64": 101, "aarch64": 117}[os.uname().machine], 0, 0, 0, 0)


def _rings():
    _call(425, 0, None)


def _immortal():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(1, 0, 0, 0, 0) == -1:
        raise OSError(ctypes.get_errno(), "prctl")


def _limits():
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except ValueError as error:  # what Python makes of EPERM
        raise PermissionError(errno.EPERM, "setrlimit") from error


def _thread():
    thread = threading.Thread(target=time.sleep, args=(0,))
    thread.start()
    thread.join()


def _read():
    Path(__file__).read_bytes()


def _oneself():
    os.kill(os.getpid(), 0)
    signal.raise_signal(signal.SIGCHLD)


ATTEMPTS = {
    "socket": _new_socket,
    "unix socket": _unix_socket,
    "socket pair": _pair,
    "program": _program,
    "exec": _exec,
    "fork": _fork,
    "write": _write,
    "rename": _rename,
    "unlink": _unlink,
    "mkdir": _mkdir,
    "chmod": _chmod,
    "kill": _kill,
    "pidfd": _signal_by_descriptor,
    "ptrace": _ptrace,
    "io_uring": _rings,
    "prctl": _immortal,
    "limits": _limits,
}
#: What must go on working.
NEEDED = {"thread": _thread, "read": _read, "oneself": _oneself}


def attempted(name):
    """How an attempt ends: ``done``, or the name of an error."""
    try:
        (ATTEMPTS | NEEDED)[name]()
    except OSError as error:
        return errno.errorcode.get(error.errno, "?")
    return "done"


# ---- a server that is killed -------------------------------------------------------------------


async def serve():
    """Have all workers busy, tell who they are, and stay."""
    import asyncio

    from maillage.bounded import Limits, Pool

    pool = Pool("bounded_handlers:opened", Path(), Limits(fast=60, fast_workers=2))
    await pool.start()
    pids = [link.pid for link in pool._watched]
    jobs = [asyncio.ensure_future(pool.do({"sleep": 60, "n": i})) for i in range(2)]
    await asyncio.sleep(0.2)
    print(*pids, pool._bearer._process.pid, flush=True)
    await asyncio.gather(*jobs)


if __name__ == "__main__":
    import asyncio

    sys.path.insert(0, str(Path(__file__).parent))
    asyncio.run(serve())

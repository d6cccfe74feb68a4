"""Running the server: its socket, its messages, its end."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from ipaddress import ip_address
from typing import Final

import uvicorn

from maillage.errors import MaillageError
from maillage.served.application import Application
from maillage.served.guarded import GuardedServer, Guards, guarded
from maillage.served.logs import tell
from maillage.served.settings import Bounds, Settings
from maillage.words import say

__all__ = ["is_local", "run"]

_BACKLOG: Final = 2_048
_GRACE: Final = 30  # seconds in which requests under way are brought to their end
_SPARE_FILES: Final = 256  # beside the connections: spool files, workers, the program itself


def run(settings: Settings) -> None:
    """Serve until somebody interrupts or ends the process; what is under way is answered.

    :raises MaillageError: when there is no release to serve, or the address cannot be had.
    """
    if not settings.public and not is_local(settings.host):
        raise MaillageError("served-not-public", host=settings.host)
    # uvicorn warns of what strangers send; the log has a line of each request anyway
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    with _socket(settings) as listener:
        settings = replace(settings, port=listener.getsockname()[1])
        settings = replace(settings, bounds=_affordable(settings))
        asyncio.run(_serving(settings, listener))


async def _serving(settings: Settings, listener: socket.socket) -> None:
    app = Application(settings)
    guards = Guards(settings.bounds, app.refused, app.metrics.drop, settings.base)
    config = uvicorn.Config(
        app,
        http=guarded(guards),
        ws="none",
        loop="asyncio",
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=int(settings.bounds.idle),
        timeout_graceful_shutdown=_GRACE,
        backlog=_BACKLOG,
    )
    server = _Server(config, lambda: _started(app), lambda: app.say("served.stopping"))
    app.connections = lambda: len(server.server_state.connections)
    try:
        await app.editions.start()
        await server.serve([listener])
    finally:
        await app.editions.stop()


class _Server(GuardedServer):
    """The server, which ends with its work done instead of by the signal that asked for it."""

    def __init__(
        self, config: uvicorn.Config, listening: Callable[[], None], stopping: Callable[[], None]
    ) -> None:
        super().__init__(config, listening)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell, then end."""
        self._stopping()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals that end a process as a wish to end."""
        signals = (signal.SIGINT, signal.SIGTERM)
        before = {one: signal.signal(one, self.handle_exit) for one in signals}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def _started(app: Application) -> None:
    """The address for programs on standard output; protections and notes for people beside it."""
    settings, lang = app.settings, app.settings.lang
    address = settings.address
    edition = app.editions.now
    tell(say("served.ready", lang, address=settings.base or address, release=edition.release))
    protections = edition.sparql.protections
    names = {name: say(f"protection.{name}", lang) for name in protections}
    joint = "、" if lang == "zh" else ", "
    on = joint.join(names[name] for name, is_on in protections.items() if is_on)
    off = joint.join(names[name] for name, is_on in protections.items() if not is_on)
    if on:
        tell(say("served.on", lang, names=on))
    if off:
        tell(say("served.off", lang, names=off))
    limits = settings.limits
    tell(
        say(
            "served.limits",
            lang,
            fast=f"{limits.fast:g}",
            slow=f"{limits.slow:g}",
            memory=limits.memory >> 20,
            connections=settings.bounds.connections,
        )
    )
    if settings.public:
        tell(say("served.public", lang, host=settings.host))
    sys.stdout.write(f"{address}\n")  # last: who reads it finds the rest told already
    sys.stdout.flush()


def is_local(host: str) -> bool:
    """Whether an address can be reached from this machine only.

    >>> is_local("127.0.0.1"), is_local("localhost"), is_local("::1"), is_local("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _socket(settings: Settings) -> socket.socket:
    """A socket that listens.

    :raises MaillageError: when the address is taken or is none of this machine.
    """
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(found[0], socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # every connection has it from here
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, settings.bounds.sending)
            listener.bind(found[4])
        except BaseException:
            listener.close()
            raise
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        values = {"host": settings.host, "port": settings.port, "reason": reason}
        raise MaillageError("served-address", **values) from error
    return listener


def _affordable(settings: Settings) -> Bounds:
    """The bounds, with no more connections than this process may open files."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return settings.bounds
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        with suppress(ValueError, OSError):  # an unlimited one, where the system has its own cap
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return settings.bounds
    connections = max(16, min(settings.bounds.connections, soft - _SPARE_FILES))
    return replace(settings.bounds, connections=connections)

"""The wire to one engine: who asks, over what, how often, and what went wrong.

Only the address that the person named is called. A redirection is told and not followed, so that
neither data nor passwords go to a host that nobody chose.

**Who asks** stands in the environment, never on the command line or in an address, where other
people of the machine and logs would see it: ``MAILLAGE_ENDPOINT_USER`` and
``MAILLAGE_ENDPOINT_PASSWORD`` (Basic or Digest, as the engine asks; RFC 7617, RFC 7616), or
``MAILLAGE_ENDPOINT_TOKEN`` (Bearer; RFC 6750). They are sent only to an engine that asks for them
(status 401 or 403), and Basic and Bearer, which anybody on the way can read, only by https or
inside this machine.

**Certificates** are checked with the system's authorities; ``MAILLAGE_ENDPOINT_CA`` names a file of
further ones (PEM).

**Again** is tried what may be carried out twice without harm, which is all that is sent from here:
questions, and writing that puts ground statements where they belong. That is after statuses 429,
502, 503 and 504, for as long as the engine asks (``Retry-After``), and when a connection breaks.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from maillage import __version__
from maillage.errors import MaillageError

__all__ = ["Connection", "checked", "unreadable"]

#: Seconds to wait for a connection, and for an answer; a question of ours takes well under one.
TIMEOUT: Final = (10, 120)
#: Seconds to wait for a batch to be written.
WRITING: Final = (10, 600)

#: How often a request is tried again, and the longest time in seconds to wait before that.
AGAIN: Final = 5
PATIENCE: Final = 60.0

# Who asks is not known; some engines that take tokens say 403.
_STRANGER: Final = frozenset({401, 403})
_BUSY: Final = frozenset({429, 502, 503, 504})
_REASON: Final = 500  # characters of what an engine says of its refusal


def checked(address: str) -> str:
    """The address of an engine, when it is one.

    >>> checked("https://me:pa/ss@a.org/sparql")
    Traceback (most recent call last):
    maillage.errors.MaillageError: “a.org/sparql” is not an http:// or https:// address. Correct it.

    :raises MaillageError: when it is not ``http://…`` or ``https://…``, or holds a password.
    """
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
        port = parts.port  # noqa: F841  # reading it is what checks it
    except ValueError:
        good = False
    if not good:
        raise unreadable(address)
    if parts.username is not None or parts.password is not None:
        raise MaillageError("address-with-password", host=parts.hostname)
    return address


def unreadable(address: str) -> MaillageError:
    """The error that an address cannot be read; what may be a password in it is not told."""
    return MaillageError("bad-address", address=address.rpartition("@")[2])


class Connection:
    """One engine, asked and written over connections that are kept open.

    :param environment: where names, passwords, tokens and authorities stand.
    :param pause: what waits some seconds; a test need not.
    """

    def __init__(
        self,
        address: str,
        environment: Mapping[str, str] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address = checked(address)
        self._environment = os.environ if environment is None else environment
        self._pause = pause
        self._met = False
        #: What the server last called itself (RFC 9110, 10.2.4).
        self.server = ""
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"maillage/{__version__}"
        self._session.auth = _Nobody()
        #: By which name it asks, where it was asked for one: each host learns it by itself.
        self._names: dict[tuple[str, str, int], AuthBase] = {}
        self._session.mount("https://", _Trusting(self._authorities()))

    def _authorities(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        path = self._environment.get("MAILLAGE_ENDPOINT_CA")
        if path:
            try:
                context.load_verify_locations(path)
            except OSError as error:  # ssl.SSLError is one
                reason = error.strerror or str(error)
                raise MaillageError("bad-authorities", path=path, reason=reason) from error
        return context

    def ask(self, fields: Sequence[tuple[str, str]], accept: str) -> requests.Response:
        """Send a query by POST with a form (SPARQL 1.1 Protocol, 2.1.2); the answer, status 2xx.

        :raises MaillageError: when there is none.
        """
        return self.send("POST", self.address, data=fields, headers={"Accept": accept})

    def send(self, method: str, address: str, **values: Any) -> requests.Response:
        """Send one request, again where that helps; the answer, status 2xx.

        :param values: what :meth:`requests.Session.request` takes.
        :raises MaillageError: when there is none.
        """
        settings: dict[str, Any] = {"timeout": TIMEOUT, "allow_redirects": False} | values
        tried = 0
        while True:
            try:
                name = self._names.get(_origin(address))
                response = self._session.request(method, address, auth=name, **settings)
            except requests.exceptions.SSLError as error:
                raise MaillageError(
                    "endpoint-certificate", address=address, reason=_cause(error)
                ) from error
            except requests.RequestException as error:
                if tried == AGAIN or not self._may_return(error):
                    raise MaillageError(
                        "endpoint-away", address=address, reason=_cause(error)
                    ) from error
                self._wait(tried, None)
            else:
                self._met = True
                self.server = response.headers.get("Server", "")
                status = response.status_code
                if status in _STRANGER and self._introduced(response, address):
                    continue
                if status not in _BUSY or tried == AGAIN:
                    return _good(response, address)
                self._wait(tried, response.headers.get("Retry-After"))
            tried += 1

    def _may_return(self, error: requests.RequestException) -> bool:
        """Whether the connection broke; one that never stood does not come by waiting."""
        if isinstance(error, requests.exceptions.ReadTimeout):
            return False
        root = _root(error)
        broke = isinstance(root, ConnectionError) and not isinstance(root, ConnectionRefusedError)
        return broke or self._met

    def _wait(self, tried: int, told: str | None) -> None:
        seconds = 0.5 * 2**tried
        if told:
            seconds = min(PATIENCE, max(seconds, _seconds(told)))
        self._pause(seconds)

    def _introduced(self, response: requests.Response, address: str) -> bool:
        """Whether the request is worth sending again with the name that the environment holds.

        :raises MaillageError: when others could read it on the way to this address.
        """
        origin = _origin(address)
        if origin in self._names:
            return False
        told = self._environment
        token = told.get("MAILLAGE_ENDPOINT_TOKEN")
        name = told.get("MAILLAGE_ENDPOINT_USER")
        if not token and not name:
            return False
        password = told.get("MAILLAGE_ENDPOINT_PASSWORD", "")
        digest = "digest" in response.headers.get("WWW-Authenticate", "").lower()
        if not (digest and name) and not _private(address):
            raise MaillageError("endpoint-clear-text", address=address)
        if name and digest:
            self._names[origin] = HTTPDigestAuth(name, password)
        elif token:
            self._names[origin] = _Bearer(token)
        else:
            self._names[origin] = HTTPBasicAuth(str(name).encode(), password.encode())
        return True


class _Nobody(AuthBase):
    """No name at all: without it, requests would look into the person's ``.netrc``."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Trusting(HTTPAdapter):
    """Connections that trust the system's authorities and those that the person added."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **values: Any) -> None:
        super().init_poolmanager(*args, **values, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **values: Any) -> Any:
        # behind a proxy, the certificate is the engine's all the same
        return super().proxy_manager_for(proxy, **values, ssl_context=self._context)


def _origin(address: str) -> tuple[str, str, int]:
    """Whom an address calls: scheme, host and port (RFC 6454, 4)."""
    parts = urlsplit(address)
    usual = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname or "", parts.port or usual


def _private(address: str) -> bool:
    """Whether nobody on the way can read what is sent."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    loopback = host == "localhost"
    with suppress(ValueError):
        loopback = ipaddress.ip_address(host).is_loopback
    return parts.scheme == "https" or loopback


def _good(response: requests.Response, address: str) -> requests.Response:
    status = response.status_code
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return response
    if status < HTTPStatus.BAD_REQUEST:
        target = response.headers.get("Location", "?")
        raise MaillageError("endpoint-moved", address=address, target=target)
    if status in _STRANGER:
        raise MaillageError("endpoint-password", address=address, status=status)
    reason = response.content[:_REASON].decode("utf-8", "replace").strip() or response.reason
    raise MaillageError("endpoint-refused", address=address, status=status, reason=reason)


def _seconds(told: str) -> float:
    """``Retry-After`` (RFC 9110, 10.2.3): seconds, or a date."""
    with suppress(ValueError):
        return max(0.0, float(told))
    with suppress(ValueError):
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    return 0.0


def _root(error: BaseException) -> BaseException:
    """What an error comes from, below the layers of the libraries."""
    while True:
        inner = getattr(error, "reason", None) or (error.args[0] if error.args else None)
        inner = inner if isinstance(inner, BaseException) else error.__cause__ or error.__context__
        if inner is None:
            return error
        error = inner


def _cause(error: BaseException) -> str:
    root = _root(error)
    return str(getattr(root, "strerror", None) or root)

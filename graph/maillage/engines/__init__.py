"""Engines that others make: asked, and filled, by the standards of SPARQL 1.1.

``graph/engines.md`` says which, and how to point Maillage at them.
"""

from maillage.engines.connection import Connection, checked
from maillage.engines.endpoint import Endpoint

__all__ = ["Connection", "Endpoint", "checked", "open_endpoint"]


def open_endpoint(address: str) -> Endpoint:
    """Ask a SPARQL 1.1 endpoint, at the address that the person named.

    :raises MaillageError: when the address is not ``http://…`` or ``https://…``.
    """
    return Endpoint(address)

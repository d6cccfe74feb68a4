"""A difference as an RDF Patch, the format of Apache Jena: what makes one graph of another.

https://afs.github.io/rdf-delta/rdf-patch.html: a header, then one transaction, a statement a row.
First all that is deleted, then all that is added, each sorted, so that the same two graphs give
the same bytes. Prefixes are no part of a graph and are left alone: there is no ``PA``.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from maillage.difference import Difference

__all__ = ["patch_id", "rdf_patch"]


def patch_id(found: Difference) -> str:
    """The name of a patch, made from what it starts from and what it leads to, and nothing else.

    A UUID of version 8 (RFC 9562, 5.8): the first 128 bits of the SHA-256 of both sides' digests,
    with version and variant set as the RFC wants.
    """
    both = f"{found.before.digest}\n{found.after.digest}\n"
    bits = int.from_bytes(sha256(both.encode()).digest()[:16])
    bits = bits & ~(0xF << 76) | 8 << 76
    bits = bits & ~(0x3 << 62) | 2 << 62
    return UUID(int=bits).urn


def rdf_patch(found: Difference, previous: str = "") -> bytes:
    """Write the patch.

    :param previous: the name of the patch that led to the first graph, where a log of patches is
        kept (``H prev``); nobody but who keeps the log knows it.
    """
    rows = [f"H id <{patch_id(found)}> ."]
    if previous:
        rows.append(f"H prev <{previous}> .")
    rows += [
        f'H before "sha256:{found.before.digest}" .',
        f'H after "sha256:{found.after.digest}" .',
    ]
    return b"".join(
        [
            *(row.encode() + b"\n" for row in rows),
            b"TX .\n",
            *(b"D " + line + b"\n" for line, _ in found.withdrawn),
            *(b"A " + line + b"\n" for line, _ in found.added),
            b"TC .\n",
        ]
    )

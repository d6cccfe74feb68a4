"""``/id/…``: an address of a thing leads to the document about it; and what the dataset is."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from maillage.errors import MaillageError
from maillage.mint import KEY, KIND
from maillage.mint import thing as thing_iri
from maillage.served.answers import Bytes, prepared
from maillage.served.asking import application, asker, edition
from maillage.served.endpoint import service
from maillage.served.refusals import told
from maillage.wire.accept import Offer, ranked
from maillage.wire.kinds import acceptable
from maillage.wire.problems import Problem

__all__ = ["thing", "void"]

# The twins of a page, by media type. The site knows them as well, but stays out of this process,
# which is to be small: its workers do the work.
_SUFFIXES: Final = {
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/json": "json",
}
# A page for whoever does not choose; a twin for whoever names one.
_OFFERS: Final = (Offer("text/html"), *map(Offer, _SUFFIXES))


async def thing(request: Request) -> Response:
    """303: the thing itself is not to be had over HTTP, a document about it is."""
    kind, key = request.path_params["kind"], request.path_params["key"]
    if not KIND.fullmatch(kind) or not KEY.fullmatch(key):
        raise Problem("not-found")
    query = f"ASK {{ <{thing_iri(kind, key)}> ?p ?o }}"
    job = {
        "query": query,
        "formats": ["application/sparql-results+json"],
        "default_graphs": None,
        "named_graphs": None,
    }
    try:
        with await edition(request).sparql.do(job, asker(request)) as done:
            known = b"true" in done.read()
    except MaillageError as error:
        raise told(error) from error
    if not known:
        raise Problem("not-found")
    kinds = ranked(request.headers.get("accept"), _OFFERS)
    if not kinds:
        raise Problem("not-acceptable", known=", ".join(_SUFFIXES))
    suffix = _SUFFIXES.get(kinds[0])
    document = f"{kind}/{key}.{suffix}" if suffix else f"{kind}/{key}/"
    root = application(request).settings.base
    # relative, so that it holds below whatever path a proxy has put this server
    location = f"{root}doc/{document}" if root else f"../../doc/{document}"
    return await prepared(
        request,
        Bytes(f"{location}\n".encode()),
        "text/plain; charset=utf-8",
        status=303,
        vary=("Accept",),
        headers={"location": location},
    )


async def void(request: Request) -> Response:
    """What this dataset is, how large, and where it can be asked (VoID, 6.1)."""
    kinds = acceptable(request.headers.get("accept"), ["graph"], html=False)
    return await service(request, kinds[0] if kinds else "text/turtle")

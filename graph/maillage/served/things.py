"""``/id/…`` leads to a document about a thing, ``/doc/…`` to the form of it that is wanted.

And ``/ns`` to the vocabulary in such a form; what the dataset is, ``/.well-known/void``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from maillage.errors import MaillageError
from maillage.mint import KEY, KIND
from maillage.mint import thing as thing_iri
from maillage.served.answers import Bytes, prepared
from maillage.served.asking import application, asker, edition
from maillage.served.pages import shown_page
from maillage.served.refusals import told
from maillage.wire.accept import Offer, ranked
from maillage.wire.problems import Problem
from maillage.wire.protocol import fields

__all__ = ["document", "thing", "vocabulary", "void"]

# The twins of a page, by media type. The site knows them as well, but stays out of this process,
# which is to be small: its workers do the work.
_SUFFIXES: Final = {
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/json": "json",
}
# The vocabulary is RDF and nothing else.
_RDF: Final = {name: suffix for name, suffix in _SUFFIXES.items() if suffix != "json"}
_VERSION: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


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
    suffix = _wanted(request)
    document = f"{kind}/{key}.{suffix}" if suffix else f"{kind}/{key}/"
    return await _see_other(request, f"doc/{document}", "../../")


async def document(request: Request) -> Response:
    """The page about a thing, or 303 to the twin of it that a program asks for.

    The page in a language, ``/fr/doc/…``, is that page for everybody.
    """
    kind, key = request.path_params["kind"], request.path_params["key"]
    if "." not in key and KIND.fullmatch(kind) and KEY.fullmatch(key) and (it := _wanted(request)):
        up = "../../../" if request.scope["path"].endswith("/") else "../../"
        return await _see_other(request, f"doc/{kind}/{key}.{it}", up)
    vary = () if "." in key else ("Accept",)
    path, asked = request.scope["path"], fields(request.scope["query_string"])
    return await shown_page(request, path, asked, vary=vary)


async def vocabulary(request: Request) -> Response:
    """The page of the vocabulary, or 303 to the file of it that a program asks for.

    The address of a version (``owl:versionIRI``) leads to the same, as the rules of w3id have it.
    """
    path, version = request.scope["path"], request.path_params.get("version")
    if version is not None and not _VERSION.fullmatch(version):
        return await shown_page(request, path, fields(request.scope["query_string"]))
    up = "" if path == "/ns" else "../"
    if suffix := _wanted(request, _RDF):
        return await _see_other(request, f"ns.{suffix}", up)
    if version is not None:
        return await _see_other(request, "ns/", up)
    return await shown_page(request, path, fields(request.scope["query_string"]), vary=("Accept",))


def _wanted(request: Request, suffixes: Mapping[str, str] = _SUFFIXES) -> str:
    """The end of the name of the twin that this client likes best; nothing when it is the page.

    A page is for whoever does not choose, a twin for whoever names one.

    :raises Problem: when it likes none.
    """
    offers = (Offer("text/html"), *map(Offer, suffixes))
    kinds = ranked(request.headers.get("accept"), offers)
    if not kinds:
        raise Problem("not-acceptable", known=", ".join(suffixes))
    return suffixes.get(kinds[0], "")


async def _see_other(request: Request, to: str, up: str) -> Response:
    """303, chosen by what the client accepts.

    :param to: from the root of the site.
    :param up: from this address to that root, so that it holds below whatever path a proxy has
        put this server.
    """
    location = (application(request).settings.base or up) + to
    return await prepared(
        request,
        Bytes(f"{location}\n".encode()),
        "text/plain; charset=utf-8",
        status=303,
        vary=("Accept",),
        headers={"location": location},
    )


async def void(request: Request) -> Response:
    """What this dataset is, how large, and where it can be asked (VoID, 6.1), in Turtle.

    It is counted from the whole graph once a release, so there is one form of it.
    """
    return await shown_page(request, "/void.ttl", {})

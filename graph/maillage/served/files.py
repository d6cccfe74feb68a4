"""Files of the release, and what robots are told."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from maillage.served.answers import Answer, Bytes, coded, packs, prepared
from maillage.served.asking import application, edition, named_address
from maillage.served.software import SOFTWARE
from maillage.wire.accept import coding
from maillage.wire.conditional import unchanged
from maillage.wire.problems import Problem

__all__ = ["FOR_EVER", "MAP_POLICY", "file", "network", "robots"]

_TYPES: Final = {
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".trig": "application/trig",
    ".ttl": "text/turtle; charset=utf-8",
    ".jsonld": "application/ld+json",
    ".rdf": "application/rdf+xml",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
}
_OTHER: Final = "application/octet-stream"
#: What caches are told of an address that never holds anything else.
FOR_EVER: Final = "public, max-age=31536000, immutable"
#: The map is one file that holds its scripts, each allowed by its digest in the file's own policy;
#: what that cannot say (framing) is said here.
MAP_POLICY: Final = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


async def file(request: Request) -> Response:
    """A file of the release that is served; ``current`` leads to it."""
    now = edition(request)
    release, name = request.path_params["release"], request.path_params["name"]
    if name not in now.files or release not in {now.cited.id, "current"}:
        raise Problem("not-found")
    if release == "current":
        root = application(request).settings.base
        there = f"release/{now.cited.id}/{name}"
        to = f"{root}{there}" if root else f"../../{there}"
        return RedirectResponse(to, 302, {"cache-control": "no-cache"})
    return await _sent(request, name, FOR_EVER)


async def network(request: Request) -> Response:
    """The map that ``build`` drew."""
    if "network.html" not in edition(request).files:
        raise Problem("not-found")
    return await _sent(request, "network.html", "no-cache")


async def _sent(request: Request, name: str, cache_control: str) -> Response:
    """A file with its digest as tag: in parts (Range) as it is, packed when it is small enough."""
    now = edition(request)
    path, etag = now.folder / name, f'"{now.files[name][:32]}"'
    media_type = _TYPES.get(path.suffix, _OTHER)
    headers = {"etag": etag, "cache-control": cache_control, "vary": "Accept-Encoding"}
    if path.suffix == ".html":
        headers["content-security-policy"] = MAP_POLICY
    size = path.stat().st_size
    packed = coding(request.headers.get("accept-encoding")) == "gzip" and packs(media_type, size)
    packed = packed and "range" not in request.headers
    if packed:
        headers["etag"] = coded(etag, "gzip")
    if unchanged(request.headers.get("if-none-match"), headers["etag"]):
        return Response(status_code=304, headers=headers)
    if packed:
        headers |= {"content-type": media_type, "content-encoding": "gzip"}
        return Answer(await now.packing.of(path), 200, headers)
    return FileResponse(path, headers=headers, media_type=media_type)


async def robots(request: Request) -> Response:
    """What robots may read: everything but what is computed for each who asks."""
    # all that is computed has a question mark in its address, at whatever depth (RFC 9309, 2.2.3)
    lines = ["User-agent: *", "Disallow: /*?", "Disallow: /metrics"]
    # an address of the map must be whole, and is told where it is known (sitemaps.org)
    if base := named_address(request):
        lines.append(f"Sitemap: {base}sitemap.xml")
    content = "\n".join(lines).encode() + b"\n"
    etag = f'"{sha256(SOFTWARE.encode() + content).hexdigest()[:32]}"'
    return await prepared(request, Bytes(content), "text/plain; charset=utf-8", etag=etag)

"""What hosts of static files must be told: media types, redirects, robots.

The lasting addresses stand under ``https://w3id.org/maillage/``, a service that redirects by the
rules of one file (``w3id.htaccess``, mod_rewrite of Apache). The same rules with the site's own
folder in front are ``.htaccess`` for a site that is itself on Apache; ``_redirects`` and
``_headers`` tell hosts such as Netlify and Cloudflare Pages the same; a host that has no rules
(GitHub Pages) shows the pages, and the redirects of w3id lead to them.

Rules cannot weigh the q-values of an Accept header (RFC 9110, 12.5.1). A client that names HTML
gets the page; else the first of Turtle and JSON-LD that it names, which are the forms that a site
of files has; else the page. ``maillage serve`` weighs them, and writes N-Triples and RDF/XML, too.
The vocabulary, which is small, is there in all four.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from maillage.mint import KEY, KIND
from maillage.published.vocabulary import version
from maillage.terms import NS

__all__ = ["MEDIA_TYPES", "hosts"]

#: The media types of what a release and its site consist of, by the end of the name.
MEDIA_TYPES: Final[Mapping[str, str]] = {
    "atom": "application/atom+xml",
    "bib": "application/x-bibtex",
    "cff": "application/yaml",
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gexf": "application/gexf+xml",
    "graphml": "application/graphml+xml",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "rq": "application/sparql-query",
    "svg": "image/svg+xml",
    "trig": "application/trig",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}

_TWINS: Final = (
    ("ttl", r"text/turtle"),
    ("jsonld", r"application/ld\+json"),
)
_EVERY: Final = (*_TWINS, ("nt", r"application/n-triples"), ("rdf", r"application/rdf\+xml"))
_THING: Final = rf"({KIND.pattern.replace('(', '(?:')})/({KEY.pattern.replace('(', '(?:')})"
_VOCABULARY: Final = NS.rstrip("#").rpartition("/")[2]
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def hosts(base: str) -> dict[str, bytes]:
    """The files for hosts, by name.

    :param base: the public address of the site, with a slash at its end.
    """
    texts = {
        ".htaccess": _htaccess(urlsplit(base).path),
        ".nojekyll": "",  # GitHub Pages would leave out names that begin with a dot
        "_headers": _headers(),
        "_redirects": _redirects(),
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n",
        "w3id.htaccess": _w3id(base),
    }
    return {name: text.encode() for name, text in texts.items()}


def _w3id(base: str) -> str:
    """The rules for ``w3id.org/maillage/.htaccess``."""
    rules = [
        "# Maillage: a knowledge graph of decentralised cooperation.",
        "# Put this file into the folder maillage of https://github.com/perma-id/w3id.org",
        f"# The pages stand at {base}; whoever moves them changes nothing but that address.",
        "RewriteEngine on",
        "Header always set Access-Control-Allow-Origin *",
        *_see_other(base),
        "# everything else has the same name there",
        f"RewriteRule ^(.*)$ {base}$1 [R=302,L]",
    ]
    return "\n".join(rules) + "\n"


def _see_other(to: str) -> list[str]:
    """From a thing or the vocabulary, which no file can be, to what tells of it (303)."""
    rules = ["# a thing leads to the page about it, or to the file that a program asks for"]
    rules += _by_format(f"^id/{_THING}$", f"{to}doc/$1/$2", _TWINS)
    rules += [
        "# the vocabulary, one of its versions, and the context of JSON-LD",
        f"RewriteRule ^{_VOCABULARY}/context$ {to}{_VOCABULARY}/context.jsonld [R=303,L]",
    ]
    rules += _by_format(rf"^{_VOCABULARY}(?:/[0-9]+\.[0-9]+\.[0-9]+)?$", to + _VOCABULARY, _EVERY)
    return [
        *rules,
        "# files of the current release",
        f"RewriteRule ^release/current/?$ {to}dataset/ [R=302,L]",
        f"RewriteRule ^release/current/(.+)$ {to}$1 [R=302,L]",
        "# a release leads to its page, the dataset to that of the current one",
        f"RewriteRule ^release/([^/]+)$ {to}release/$1/ [R=303,L]",
        f"RewriteRule ^dataset$ {to}dataset/ [R=303,L]",
    ]


def _by_format(pattern: str, to: str, forms: Sequence[tuple[str, str]]) -> list[str]:
    rules = []
    for suffix, media_type in forms:
        rules += [
            "RewriteCond %{HTTP_ACCEPT} !text/html [NC]",
            f"RewriteCond %{{HTTP_ACCEPT}} {media_type} [NC]",
            f"RewriteRule {pattern} {to}.{suffix} [R=303,L]",
        ]
    return [*rules, f"RewriteRule {pattern} {to}/ [R=303,L]"]


def _htaccess(root: str) -> str:
    """The same for a site that is itself on Apache, in any folder."""
    lines = [
        "# For Apache. Needs mod_rewrite, mod_mime, mod_dir and mod_headers.",
        "DirectoryIndex index.html",
        "DirectorySlash On",
        f"ErrorDocument 404 {root}404.html",
        "Options -Indexes -MultiViews",
        "AddDefaultCharset off",
    ]
    for suffix, media_type in MEDIA_TYPES.items():
        bare, _, charset = media_type.partition("; charset=")
        lines.append(f"AddType {bare} .{suffix}")
        if charset:
            lines.append(f"AddCharset {charset} .{suffix}")
    lines += [
        '<FilesMatch "^void$">',
        "ForceType 'text/turtle; charset=utf-8'",
        "</FilesMatch>",
        "Header always set Access-Control-Allow-Origin *",
        # maps are files with a policy of their own inside, which allows the scripts that they carry
        '<FilesMatch "\\.html$">',
        '<If "%{REQUEST_URI} !~ m#/map/|/network\\.html$#">',
        f'Header set Content-Security-Policy "{_POLICY}"',
        "</If>",
        "</FilesMatch>",
        "RewriteEngine on",
        "# the folder in which this file lies, whatever it is called",
        r'RewriteCond "%{REQUEST_URI}::$1" "^(.*?/)(.*)::\2$"',
        'RewriteRule "^(.*)$" "-" [E=HERE:%1]',
        *_see_other("%{ENV:HERE}"),
    ]
    return "\n".join(lines) + "\n"


def _headers() -> str:
    """Media types and the policy of the pages, for Netlify, Cloudflare Pages and their like."""
    blocks = ["/*\n  Access-Control-Allow-Origin: *"]
    blocks += [
        f"/*.{suffix}\n  Content-Type: {media_type}"
        for suffix, media_type in MEDIA_TYPES.items()
        if suffix != "html"
    ]
    blocks.append("/.well-known/void\n  Content-Type: text/turtle; charset=utf-8")
    return "\n".join(blocks) + "\n"


def _redirects() -> str:
    """Redirects for Netlify, Cloudflare Pages and their like, which do not look at Accept."""
    rules = [
        "/id/* /doc/:splat 303",
        "/release/current/* /:splat 302",
        f"/{_VOCABULARY}/context /{_VOCABULARY}/context.jsonld 303",
        f"/{_VOCABULARY}/{version()} /{_VOCABULARY}/ 303",
    ]
    return "\n".join(rules) + "\n"

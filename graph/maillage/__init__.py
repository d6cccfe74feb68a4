"""Maillage: a knowledge graph of decentralised cooperation in which every link is a claim.

The package is a river; each module imports only what stands upstream of it:

``sources → tables → ingest → derive → store → check → ask · measure → draw · publish → build``

and the command line (:mod:`maillage.commands`) speaks the same verbs.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("maillage")
except PackageNotFoundError:  # the source tree itself, put on the path without an install
    __version__ = "0.1.0"

__all__ = ["__version__"]

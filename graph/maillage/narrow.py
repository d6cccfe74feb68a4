"""A part of the network: some of its links, and the parties that they join."""

from __future__ import annotations

from collections.abc import Collection

import networkx as nx

from maillage.network import LinkGraph

__all__ = ["narrowed"]


def narrowed(graph: LinkGraph, links: Collection[str]) -> LinkGraph:
    """The part of a network that these links make.

    :param graph: what :func:`maillage.network.links` made; it is not changed.
    :param links: addresses of links, which are the keys of the edges. A link of three parties
        stays one of three; what the graph does not know is passed over.
    :returns: the links and their parties, in the order of the graph, with the same attributes,
        and all that the graph itself holds (labels of concepts, events…).
    """
    wanted = frozenset(map(str, links))
    edges = [edge for edge in graph.edges(keys=True, data=True) if edge[2] in wanted]
    joined = {party for one, other, _, _ in edges for party in (one, other)}
    part: LinkGraph = nx.MultiGraph()
    part.graph.update(graph.graph)
    part.add_nodes_from((party, data) for party, data in graph.nodes(data=True) if party in joined)
    for one, other, key, data in edges:
        part.add_edge(one, other, key=key, **data)
    return part

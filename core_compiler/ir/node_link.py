"""Conversion from and to networkx, as a graph or as its node-link JSON. networkx is imported when called."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import msgspec

from core_compiler.ir.workflow import Workflow

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(workflow: Workflow) -> nx.DiGraph[str]:
    """The workflow as a DiGraph: a node a task (its fields as attributes), an edge an edge, the rest on the graph."""
    import networkx as nx

    plain = msgspec.to_builtins(workflow)
    nodes = [(task.pop("id"), task) for task in plain.pop("tasks")]
    edges = [(edge.pop("upstream"), edge.pop("downstream"), edge) for edge in plain.pop("edges", ())]
    graph: nx.DiGraph[str] = nx.DiGraph(**plain)
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    return graph


def from_networkx(graph: nx.DiGraph[str]) -> Workflow:
    """The workflow of a graph whose nodes have at least a `component`. Raises msgspec.ValidationError otherwise."""
    plain = {
        **graph.graph,
        "tasks": [{"id": node, **attributes} for node, attributes in graph.nodes(data=True)],
        "edges": [
            {"upstream": up, "downstream": down, **attributes} for up, down, attributes in graph.edges(data=True)
        ],
    }
    plain.setdefault("name", "workflow")
    return msgspec.convert(plain, type=Workflow)


def to_node_link(workflow: Workflow) -> dict[str, object]:
    """The workflow as networkx's node-link data (`edges="edges"`)."""
    import networkx as nx

    data = nx.node_link_data(to_networkx(workflow), edges="edges")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast("dict[str, object]", data)


def from_node_link(data: dict[str, object]) -> Workflow:
    """The workflow of node-link data. Raises msgspec.ValidationError or networkx.NetworkXError when it is not one."""
    import networkx as nx

    graph = nx.node_link_graph(data, directed=True, multigraph=False, edges="edges")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return from_networkx(cast("nx.DiGraph[str]", graph))

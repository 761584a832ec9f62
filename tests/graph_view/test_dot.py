"""DOT, read by an independent parser."""

from __future__ import annotations

import itertools
from pathlib import Path

import pydot
import pytest
from graph_view.pictures import HOSTILE, bundle, hostile, shop

from core_compiler.diagnostics import Sink
from core_compiler.ir import Workflow
from transpilers.graph import read_manifest, source_picture, to_dot

# pydot calls its own parser by old names.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pydot")


def drawn(workflow: Workflow, folder: Path) -> str:
    read = read_manifest(bundle(workflow, folder), Sink())
    assert read is not None
    return to_dot(source_picture(read))


def parsed(text: str) -> pydot.Dot:
    graphs = pydot.graph_from_dot_data(text)
    assert graphs is not None
    (graph,) = graphs
    return graph


def unquoted(name: str) -> str:
    return name[1:-1].replace('\\"', '"').replace("\\\\", "\\") if name.startswith('"') else name


def test_awkward_names_come_through(tmp_path: Path):
    graph = parsed(drawn(hostile(), tmp_path / "b"))
    names = [
        unquoted(node.get_name()) for node in graph.get_nodes() if node.get_name() not in ("node", "edge", "graph")
    ]
    assert set(HOSTILE) <= set(names)
    ends = [(unquoted(edge.get_source()), unquoted(edge.get_destination())) for edge in graph.get_edges()]
    assert ends == list(itertools.pairwise(HOSTILE))


def test_redundant_edges_are_dashed_and_data_edges_coloured(tmp_path: Path):
    graph = parsed(drawn(shop(), tmp_path / "b"))
    edges = {(unquoted(edge.get_source()), unquoted(edge.get_destination())): edge for edge in graph.get_edges()}
    dashed = {ends for ends, edge in edges.items() if edge.get_style() == '"dashed"'}
    assert dashed == {("join", "done")}
    assert (
        edges["orders", "join"].get_color() == edges["join", "report"].get_color() != edges["stock", "join"].get_color()
    )
    assert "total" in str(edges["orders", "join"].get_label())


def test_groups_are_clusters_within_clusters(tmp_path: Path):
    (outer,) = parsed(drawn(shop(), tmp_path / "b")).get_subgraphs()
    (inner,) = outer.get_subgraphs()
    assert all(unquoted(cluster.get_name()).startswith("cluster") for cluster in (outer, inner))
    assert [unquoted(node.get_name()) for node in inner.get_nodes() if node.get_name() != "graph"] == ["stock"]

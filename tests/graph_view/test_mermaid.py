"""Mermaid, drawn by Mermaid itself (mermaidx runs its JavaScript)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import mermaidx
from graph_view.pictures import HOSTILE, bundle, hostile, shop
from support.workflows import chain

from core_compiler.diagnostics import Sink
from core_compiler.ir import Workflow
from transpilers.graph import machine_picture, read_machine, read_manifest, source_picture, to_mermaid


def drawn(workflow: Workflow, folder: Path, sink: Sink) -> str:
    read = read_manifest(bundle(workflow, folder), sink)
    assert read is not None
    return to_mermaid(source_picture(read), sink)


def texts(svg: str, kind: str) -> list[str]:
    """What is written on the nodes (or clusters) of a drawing, spaces as one."""
    root = ET.fromstring(svg)
    found = [group for group in root.iter() if kind in group.get("class", "").split()]
    return [" ".join("".join(group.itertext()).split()) for group in found]


def test_awkward_names_are_written_as_they_are(tmp_path: Path):
    svg = mermaidx.render(drawn(hostile(), tmp_path / "b", Sink())).svg()
    assert texts(svg, "node") == list(HOSTILE)


def test_groups_rules_and_edges_are_drawn(tmp_path: Path):
    svg = mermaidx.render(drawn(shop(), tmp_path / "b", Sink())).svg()
    assert sorted(texts(svg, "cluster")) == ["deep", "extract"]
    assert {"orders", "stock"} <= set(texts(svg, "node"))
    assert any("one_failed" in text for text in texts(svg, "node"))
    assert svg.count("edge-pattern-dotted") > svg.count("#my-svg .edge-pattern-dotted")


def test_a_machine_with_its_error_paths_is_accepted(tmp_path: Path):
    read = read_machine(bundle(shop(), tmp_path / "b"), Sink())
    assert read is not None
    svg = mermaidx.render(to_mermaid(machine_picture(read, "shop", errors=True), Sink())).svg()
    assert "settle orders" in texts(svg, "node")


def test_a_graph_that_viewers_refuse_is_warned_about(tmp_path: Path):
    small, large = Sink(), Sink()
    drawn(chain(500), tmp_path / "s", small)
    drawn(chain(502), tmp_path / "l", large)
    assert not small.diagnostics
    assert [found.code for found in large.diagnostics] == ["SW624"]

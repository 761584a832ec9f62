"""SVG: well-formed, complete, the same each time, and given up in time."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from pathlib import Path

from graph_view.pictures import HOSTILE, bundle, hostile, shop
from support.workflows import chain

from core_compiler.diagnostics import Sink
from core_compiler.ir import Workflow
from transpilers.graph import Direction, Line, Node, Picture, Shape, Stroke, read_manifest, source_picture, to_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(workflow: Workflow, folder: Path) -> str:
    read = read_manifest(bundle(workflow, folder), Sink())
    assert read is not None
    svg = to_svg(source_picture(read), Sink())
    assert svg is not None
    return svg


def written(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


def test_each_task_is_written_once_as_it_is(tmp_path: Path):
    texts = written(drawn(hostile(), tmp_path / "b"))
    assert [text for text in texts if text in HOSTILE] == list(HOSTILE)


def test_rules_groups_and_labels_are_written(tmp_path: Path):
    texts = [text.strip() for text in written(drawn(shop(), tmp_path / "b"))]
    for text in ("orders", "done", "one_failed", "all_done", "extract", "deep", "total", "shop"):
        assert texts.count(text) == 1, text


def test_the_same_bundle_gives_the_same_bytes(tmp_path: Path):
    assert drawn(shop(), tmp_path / "one") == drawn(shop(), tmp_path / "two")


def test_a_long_chain_stays_narrow(tmp_path: Path):
    root = ET.fromstring(drawn(chain(200), tmp_path / "b"))
    width, height = (float(root.attrib[side].removesuffix("pt")) for side in ("width", "height"))
    assert width * 20 < height
    assert len(root.findall(f".//{SVG}g[@class='node']")) == 200


def test_a_graph_too_dense_to_lay_out_is_given_up():
    pick = random.Random(1)
    names = [f"t{index}" for index in range(2000)]
    pairs = {tuple(sorted(pick.sample(range(2000), 2))) for _ in range(8000)}
    nodes = tuple(Node(name, Shape.NOOP) for name in names)
    lines = tuple(Line(names[low], names[high], Stroke.ORDER) for low, high in sorted(pairs))
    sink = Sink()
    assert to_svg(Picture("dense", nodes, lines, (), Direction.DOWN), sink, seconds=1.0) is None
    (found,) = sink.diagnostics
    assert found.code == "SW623"
    assert "longer than 1 seconds" in found.message

"""Neutral JSON: the documented example, exact round trips, networkx, the published schema, and clear refusals."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import msgspec
import networkx as nx
import pytest
from hypothesis import given
from support.workflows import graph, workflows

from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, EdgeKind, Workflow
from core_compiler.ir.codec import decode, encode, schema
from core_compiler.ir.node_link import from_networkx, from_node_link, to_networkx, to_node_link
from transpilers.ir.importer import read

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "fixtures" / "ir" / "sum" / "workflow.json"
VALIDATOR = jsonschema.Draft202012Validator(schema())


@given(workflows())
def test_json_round_trip_is_exact_and_valid(workflow: Workflow):
    data = encode(workflow)
    assert decode(data) == workflow
    assert encode(decode(data)) == data
    VALIDATOR.validate(json.loads(data))


@given(workflows())
def test_networkx_round_trip_is_exact_up_to_the_order_of_edges(workflow: Workflow):
    through_json = json.loads(json.dumps(to_node_link(workflow)))
    for back in (from_networkx(to_networkx(workflow)), from_node_link(through_json)):
        assert sorted(back.edges, key=str) == sorted(workflow.edges, key=str)
        assert msgspec.structs.replace(back, edges=()) == msgspec.structs.replace(workflow, edges=())


def test_a_networkx_graph_is_a_workflow():
    made = nx.DiGraph(name="g")
    made.add_node("a", component={"kind": "shell", "command": "true"})
    made.add_node("b", component={"kind": "noop"}, rule="all_done")
    made.add_edge("a", "b", kind="data")
    assert from_networkx(made).edges == (Edge("a", "b", EdgeKind.DATA),)


def test_the_documented_example_is_the_fixture():
    text = (ROOT / "docs" / "ir.md").read_text()
    shown = text.partition("```json\n")[2].partition("```")[0]
    assert json.loads(shown) == json.loads(EXAMPLE.read_text())
    VALIDATOR.validate(json.loads(shown))


def test_code_is_taken_from_beside_the_file():
    imported = read(EXAMPLE)
    (entry,) = imported.workflows
    assert entry.workflow is not None, imported.diagnostics
    (file,) = entry.workflow.files
    assert "OFFSET = 1" in file.text
    assert {task.id for task in entry.workflow.tasks} == {"x", "y", "total", "done"}


def test_code_is_taken_from_a_search_path(tmp_path: Path):
    (tmp_path / "lib" / "pkg").mkdir(parents=True)
    (tmp_path / "lib" / "pkg" / "__init__.py").write_text("")
    (tmp_path / "lib" / "pkg" / "mod.py").write_text("from .other import two\n\ndef f():\n    return two()\n")
    (tmp_path / "lib" / "pkg" / "other.py").write_text("def two():\n    return 2\n")
    source = {"name": "w", "tasks": [{"id": "t", "component": {"kind": "python", "callable": "pkg.mod:f"}}]}
    (tmp_path / "w.json").write_text(json.dumps(source))
    assert [found.code for found in read(tmp_path / "w.json").diagnostics] == ["SW123"]
    imported = read(tmp_path / "w.json", search=[tmp_path / "lib"])
    assert imported.workflows[0].workflow is not None, imported.diagnostics


def test_node_link_files_are_read(tmp_path: Path):
    (tmp_path / "w.json").write_text(json.dumps(to_node_link(graph("a b"))))
    (entry,) = read(tmp_path / "w.json").workflows
    assert entry.workflow is not None
    assert [task.id for task in entry.workflow.tasks] == ["a", "b"]


BAD = {
    "not JSON": ("{", "SW122"),
    "a list": ("[]", "SW122"),
    "no name": ('{"tasks": []}', "SW122"),
    "unknown component": ('{"name": "w", "tasks": [{"id": "a", "component": {"kind": "magic"}}]}', "SW122"),
    "unknown rule": ('{"name": "w", "tasks": [{"id": "a", "component": {"kind": "noop"}, "rule": "x"}]}', "SW122"),
    "no component in node-link": ('{"nodes": [{"id": "a"}], "edges": []}', "SW122"),
    "no edges in node-link": ('{"nodes": [{"id": "a"}]}', "SW122"),
    "not a reference": (
        '{"name": "w", "tasks": [{"id": "a", "component": {"kind": "python", "callable": "f"}}]}',
        "SW124",
    ),
    "no such function": (
        '{"name": "w", "tasks": [{"id": "a", "component": {"kind": "python", "callable": "mod:g"}}]}',
        "SW501",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, name: str):
    text, code = BAD[name]
    (tmp_path / "mod.py").write_text("def f():\n    return 1\n")
    (tmp_path / "w.json").write_text(text)
    imported = read(tmp_path / "w.json")
    assert all(entry.workflow is None for entry in imported.workflows)
    assert [found.code for found in imported.diagnostics] == [code]
    assert "\n" not in imported.diagnostics[0].message


def test_a_missing_file_is_one_clear_line(tmp_path: Path):
    assert [found.code for found in read(tmp_path / "none.json").diagnostics] == ["SW121"]


@pytest.mark.parametrize("kind", ["files", "blobs"])
@pytest.mark.parametrize(
    "path", ["../x.py", "a/../../x.py", "/x.py", "C:/x.py", "a\\..\\x.py", "", "a//x.py", ".", "a/.. /x"]
)
def test_no_file_of_a_workflow_leads_out_of_its_bundle(kind: str, path: str, tmp_path: Path):
    content = {"files": {"text": "x"}, "blobs": {"data": "eA=="}}[kind]
    text = {"name": "w", "tasks": [{"id": "a", "component": {"kind": "noop"}}], kind: [{"path": path, **content}]}
    (tmp_path / "w.json").write_text(json.dumps(text))
    [entry] = read(tmp_path / "w.json").workflows
    assert entry.workflow is not None
    sink = Sink()
    assert compile_workflow(entry.workflow, sink) is None
    assert [found.code for found in sink.diagnostics] == ["SW108"]

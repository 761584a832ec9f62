"""From a bundle to what is drawn: tasks, strokes, groups, states."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
from graph_view.pictures import bundle, manifest, shop, written
from support.workflows import chain, graph

from core_compiler.diagnostics import Sink
from core_compiler.ir import Component, Workflow
from transpilers.graph import Direction, Picture, Shape, Stroke, machine_picture, read_machine, read_manifest
from transpilers.graph.source import SHAPES, source_picture

FLOW: dict[str, object] = {
    "QueryLanguage": "JSONata",
    "StartAt": "which",
    "States": {
        "which": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $x = 'run' %}", "Next": "both"}],
            "Default": "each",
        },
        "both": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "inner",
                    "States": {
                        "inner": {
                            "Type": "Parallel",
                            "Branches": [{"StartAt": "deep", "States": {"deep": {"Type": "Pass", "End": True}}}],
                            "End": True,
                        }
                    },
                },
                {
                    "StartAt": "right",
                    "States": {
                        "right": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::lambda:invoke",
                            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "settle right"}],
                            "End": True,
                        },
                        "settle right": {"Type": "Pass", "End": True},
                    },
                },
            ],
            "Next": "each",
        },
        "each": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "item",
                "States": {"item": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "End": True}},
            },
            "Catch": [{"ErrorEquals": ["RunFailed"], "Next": "broken"}],
            "End": True,
        },
        "broken": {"Type": "Fail"},
    },
}


def source(workflow: Workflow, folder: Path) -> Picture:
    sink = Sink()
    read = read_manifest(bundle(workflow, folder), sink)
    assert read is not None, sink.diagnostics
    return source_picture(read)


def machine(folder: Path, *, errors: bool = False) -> Picture:
    read = read_machine(written(folder, manifest(), FLOW), Sink())
    assert read is not None
    return machine_picture(read, "small", errors=errors)


def arrows(picture: Picture, *strokes: Stroke) -> set[tuple[str, str]]:
    return {(line.tail, line.head) for line in picture.lines if not strokes or line.stroke in strokes}


def test_strokes_tell_edges_apart(tmp_path: Path):
    drawn = source(shop(), tmp_path / "b")
    assert arrows(drawn, Stroke.DATA) == {("orders", "join"), ("join", "report")}
    assert arrows(drawn, Stroke.ORDER) == {("stock", "join"), ("report", "done"), ("report", "alert")}
    assert arrows(drawn, Stroke.REDUNDANT) == {("join", "done")}
    assert {line.label for line in drawn.lines} == {"total", ""}


def test_nodes_show_component_and_rule(tmp_path: Path):
    drawn = {node.id: (node.shape, node.detail) for node in source(shop(), tmp_path / "b").nodes}
    assert drawn["orders"] == (Shape.PYTHON, "")
    assert drawn["alert"] == (Shape.SHELL, "one_failed")
    assert drawn["done"] == (Shape.NOOP, "all_done")


def test_a_task_stands_in_the_innermost_of_its_groups(tmp_path: Path):
    (outer,) = source(shop(), tmp_path / "b").clusters
    assert (outer.label, outer.nodes) == ("extract", ("orders",))
    assert [(inner.label, inner.nodes) for inner in outer.clusters] == [("deep", ("stock",))]


def test_every_component_has_a_shape():
    tags = {str(msgspec.inspect.type_info(kind).tag) for kind in get_args(Component)}  # type: ignore[union-attr]
    assert tags <= set(SHAPES)


def test_the_direction_is_the_one_that_is_less_wide(tmp_path: Path):
    wide = graph(*(f"a t{index}" for index in range(30)))
    assert source(wide, tmp_path / "w").direction is Direction.RIGHT
    assert source(chain(30), tmp_path / "c").direction is Direction.DOWN


def test_flows_part_and_meet_at_joints(tmp_path: Path):
    drawn = machine(tmp_path / "b")
    assert arrows(drawn) == {
        ("which", "both: start"),
        ("which", "each: start"),
        ("both: start", "inner: start"),
        ("both: start", "right"),
        ("inner: start", "deep"),
        ("deep", "inner: end"),
        ("inner: end", "both: end"),
        ("right", "both: end"),
        ("both: end", "each: start"),
        ("each: start", "item"),
        ("item", "each: end"),
    }
    assert [line.label for line in drawn.lines if line.tail == "which"] == ["$x = 'run'", "otherwise"]
    assert [cluster.label for cluster in drawn.clusters] == ["both", "each (each item)"]
    assert {node.id: node.detail for node in drawn.nodes}["item"] == "glue:startJobRun.sync"


def test_error_paths_are_drawn_on_request_alone(tmp_path: Path):
    plain, full = machine(tmp_path / "b"), machine(tmp_path / "b", errors=True)
    added = {node.id for node in full.nodes} - {node.id for node in plain.nodes}
    assert added == {"settle right", "broken"}
    assert arrows(full, Stroke.ERROR) == {
        ("right", "settle right"),
        ("settle right", "both: end"),
        ("each: end", "broken"),
    }


def test_a_machine_shows_every_task_of_the_source(tmp_path: Path):
    workflow = shop()
    read = read_machine(bundle(workflow, tmp_path / "b"), Sink())
    assert read is not None
    shown = {node.id for node in machine_picture(read, "shop").nodes}
    assert {task.id for task in workflow.tasks} < shown
    assert not any(name.startswith("settle") for name in shown)

"""Workflows with awkward names, and bundles of them, for what draws bundles."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, EdgeKind, Group, NoOp, PythonCallable, Shell, Task, TriggerRule, Workflow

HOSTILE = (
    'say "hi"',
    "back\\slash",
    "\\N",
    "ends with \\",
    "a&lt;b",
    "a & b",
    "x<y>z",
    "end",
    "graph",
    "subgraph",
    "style",
    "1. first",
    "- item",
    "* star",
    "__init__",
    "**bold**",
    "`code`",
    "$$x$$",
    "%%comment",
    "a;b|c{d}e[f](g)",
    "a#38;b",
    "fa:fa-car",
    "etl.load-2_3",
    "日本語 ünï",
    "🚀 launch",
    "http://a.b/c?d=e",
    "~~gone~~",
)


def hostile() -> Workflow:
    """A chain of tasks whose names mean something to a drawing language."""
    tasks = tuple(Task(id=name, component=NoOp()) for name in HOSTILE)
    edges = tuple(Edge(up, down) for up, down in itertools.pairwise(HOSTILE))
    return Workflow(name='w "q" <&>', tasks=tasks, edges=edges)


def shop() -> Workflow:
    """Data, order and redundant edges, a group within a group, three kinds of component, two rules."""
    call, order, data = PythonCallable("shop:run"), EdgeKind.ORDER, EdgeKind.DATA
    return Workflow(
        name="shop",
        tasks=(
            Task(id="orders", component=call),
            Task(id="stock", component=Shell("echo 3")),
            Task(id="join", component=call),
            Task(id="report", component=call),
            Task(id="alert", component=Shell("mail"), rule=TriggerRule.ONE_FAILED),
            Task(id="done", component=NoOp(), rule=TriggerRule.ALL_DONE),
        ),
        edges=(
            Edge("orders", "join", data, "total"),
            Edge("stock", "join", order),
            Edge("join", "report", data),
            Edge("report", "done", order),
            Edge("join", "done", order),
            Edge("report", "alert", order),
        ),
        groups=(
            Group("extract", ("orders", "stock")),
            Group("extract.deep", ("stock",), parent="extract", label="deep"),
        ),
    )


def bundle(workflow: Workflow, folder: Path) -> Path:
    """The workflow's bundle, compiled and written to `folder`."""
    sink = Sink()
    compiled = compile_workflow(workflow, sink, structure_name="layers")
    assert compiled is not None, sink.diagnostics
    assert write_bundle(compiled, folder, sink), sink.diagnostics
    return folder


def manifest(**changes: object) -> dict[str, object]:
    """A manifest by hand, of two tasks and the edge between."""
    return {
        "v": 1,
        "kind": "stepweave",
        "name": "small",
        "tasks": {name: {"state": name, "component": {"kind": "noop"}} for name in ("a", "b")},
        "edges": [{"upstream": "a", "downstream": "b"}],
        "groups": [],
        "events": {},
        **changes,
    }


def written(folder: Path, content: object, machine: object = None) -> Path:
    """A folder with that manifest, and that machine."""
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(content))
    if machine is not None:
        (folder / "machine.asl.json").write_text(json.dumps(machine))
    return folder

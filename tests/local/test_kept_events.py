"""What no state has room for is kept beside the user's code: literals, lists of names; runs come to their end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.handler_world import conforms

from core_compiler.asl.limits import MAP_ITEMS, PAYLOAD_BYTES
from core_compiler.bundle import files_of, write_bundle
from core_compiler.compiler import Compiled, compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.emit import kept
from core_compiler.ir import (
    Constant,
    Edge,
    Item,
    Literal,
    Mapping,
    NoOp,
    Output,
    PythonCallable,
    Shell,
    SourceFile,
    Task,
    TriggerRule,
    Workflow,
)
from handler.errors import InvalidEvent
from handler.events import FinishEvent, RunEvent, parse
from transpilers.local import run_bundle

LARGE = "é{%" * 100_000
CODE = "def length(value):\n    return len(value)\n"


def made(*tasks: Task, edges: tuple[Edge, ...] = (), structure: str = "auto") -> Compiled:
    workflow = Workflow(name="large", tasks=tasks, edges=edges, files=(SourceFile("mod.py", CODE),))
    compiled = compile_workflow(workflow, sink := Sink(), structure_name=structure)
    assert compiled is not None, sink.diagnostics
    return compiled


def payloads(body: Any) -> list[dict[str, Any]]:
    """Every event in a definition."""
    found: list[dict[str, Any]] = []
    for state in body["States"].values():
        if "Payload" in state.get("Arguments", {}):
            found.append(state["Arguments"]["Payload"])
        for inner in (*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())):
            found += payloads(inner)
    return found


def test_large_literals_reach_their_tasks(tmp_path: Path):
    """Found by this: such a run ended with States.DataLimitExceeded, before its task had begun."""
    length = PythonCallable("mod:length")
    compiled = made(
        Task(id="argument", component=length, args=(Literal(LARGE),)),
        Task(id="constant", component=Constant(LARGE)),
        Task(id="shell", component=Shell(f": {'x' * 100_000}\necho done")),
        Task(
            id="items", component=length, args=(Item("value"),), mapping=Mapping({"value": Literal([LARGE, "x", ""])})
        ),
    )
    assert all(len(json.dumps(event)) < PAYLOAD_BYTES for event in payloads(json.loads(compiled.definition)))
    assert write_bundle(compiled, tmp_path / "bundle", Sink())
    ran = run_bundle(tmp_path / "bundle", store=(tmp_path / "store").as_uri(), in_process=True)
    assert ran.status == "SUCCEEDED", ran.diagnostics
    assert ran.results["argument"] == len(LARGE)
    assert ran.results["constant"] == LARGE
    assert ran.results["shell"] == "done"
    assert ran.results["items"] == [len(LARGE), 1, 0]


def test_a_join_of_many_and_an_end_of_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    names = tuple(f"{number:0>200}" for number in range(1_000))
    edges = tuple(Edge(f"a{name}", "join") for name in names)
    tasks = (
        Task(id="join", component=NoOp()),
        *(Task(id=f"{on}{name}", component=NoOp()) for on in "ab" for name in names),
    )
    compiled = made(*tasks, edges=edges, structure="layers")
    files = files_of(compiled)
    events = [
        event for path, text in files.items() if path.endswith("asl.json") for event in payloads(json.loads(text))
    ]
    short = {event["op"]: event for event in events if "rest" in event}
    assert short.keys() == {"run", "finish"}
    (tmp_path / "events").mkdir()
    for event in short.values():
        conforms({key: value for key, value in event.items() if key != "run"} | {"run": "r"}, "keptEvent")
        name = f"events/{event['rest']}.json"
        (tmp_path / name).write_bytes(files[f"lambda/user/{name}"])
    monkeypatch.setenv("STEPWEAVE_USER", str(tmp_path))
    run, finish = parse(short["run"]), parse(short["finish"])
    assert isinstance(run, RunEvent)
    assert sorted(run.upstream) == [edge.upstream for edge in edges]
    assert isinstance(finish, FinishEvent)
    assert sorted(finish.leaves) == [*(f"b{name}" for name in names), "join"]


def test_any_event_can_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Those of items, of Awaits in other branches, of the end; with what the machine adds to them."""
    monkeypatch.setattr(kept, "LARGEST", 0)
    length = PythonCallable("mod:length")
    tasks = (
        Task(id="source", component=Constant([["a"], ["b", "c"]]), mapped_over=True),
        Task(id="each", component=length, args=(Item("x"),), mapping=Mapping({"x": Output("source")})),
        Task(id="other", component=Shell("exit 1")),
        Task(id="both", component=NoOp(), rule=TriggerRule.ALL_DONE),
        Task(id="last", component=NoOp()),
    )
    pairs = (("source", "each"), ("each", "both"), ("other", "both"), ("other", "last"))
    compiled = made(*tasks, edges=tuple(Edge(*pair) for pair in pairs), structure="rendezvous")
    events = payloads(json.loads(compiled.definition))
    assert {event["op"] for event in events if "rest" in event} == {"run", "expand", "record", "await", "finish"}
    assert write_bundle(compiled, tmp_path / "bundle", Sink())
    ran = run_bundle(tmp_path / "bundle", store=(tmp_path / "store").as_uri(), in_process=True)
    assert ran.results["each"] == [1, 2]
    assert ran.tasks == {
        **dict.fromkeys(("source", "each[0]", "each[1]", "both"), "success"),
        "other": "failed",
        "last": "upstream_failed",
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("changed", "was changed since"),
        ("removed", "neither in the code nor in the store"),
        ("number", "SHA-256 of a file"),
    ],
)
def test_what_is_not_what_was_compiled_is_not_read(
    change: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    compiled = made(Task(id="t", component=Constant(LARGE)))
    (event,) = (event for event in payloads(json.loads(compiled.definition)) if "rest" in event)
    if change == "changed":
        (tmp_path / "events").mkdir()
        (tmp_path / f"events/{event['rest']}.json").write_text("{}")
    monkeypatch.setenv("STEPWEAVE_USER", str(tmp_path))
    monkeypatch.setenv("STEPWEAVE_STORE", (tmp_path / "store").as_uri())
    with pytest.raises(InvalidEvent, match=said):
        parse(event | {"rest": 5} if change == "number" else event)


def test_items_that_no_map_has_room_for_are_refused():
    mapped = Task(id="t", component=NoOp(), mapping=Mapping({"x": Literal([0] * 201), "y": Literal([0] * 200)}))
    assert compile_workflow(Workflow(name="w", tasks=(mapped,)), sink := Sink()) is None
    assert [(found.code, found.subject) for found in sink.diagnostics] == [("SW153", "t")]
    assert len(json.dumps(list(range(MAP_ITEMS)), separators=(",", ":"))) <= PAYLOAD_BYTES

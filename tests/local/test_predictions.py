"""What a run costs is what was predicted for tasks that end like this: transitions and events, in the real history."""

from __future__ import annotations

from pathlib import Path

import pytest
from chaos.mapped import with_items
from judge.fast import compiled_from
from judge.features import supported
from judge.generate import generate
from judge.wire import wire

from core_compiler.bundle import write_bundle
from core_compiler.compiler import Compiled, compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.emit.expected import Cost, Outcome
from core_compiler.ir import Constant, Edge, EdgeKind, Literal, Mapping, NoOp, Output, Shell, Task, Workflow
from handler.keys import task_keys
from handler.records import Done, ErrorInfo, TryFailure, done_to_bytes, failure_to_bytes
from handler.rules import Status
from handler.store import open_store
from transpilers.local import RunResult, run_bundle
from transpilers.local.results import read_results

STRUCTURES = ("auto", "layers", "nested", "rendezvous", "serial")


def ran(seed: int, folder: Path) -> RunResult:
    """The DAG of a seed, with failures, skips, rules and mapped tasks, run to its end by the local engine."""
    spec = with_items(generate(seed, supported(), most=14), seed)
    return run(compiled_from(wire(spec), structure=STRUCTURES[seed % len(STRUCTURES)]).compiled, folder)


def run(compiled: Compiled, folder: Path) -> RunResult:
    assert write_bundle(compiled, folder / "bundle", Sink())
    return run_bundle(folder / "bundle", store=(folder / "store").as_uri(), in_process=True, max_retry_wait=1)


@pytest.mark.parametrize("seed", [6, 9, 11, 13, 18])
def test_what_it_cost_is_what_was_predicted_for_such_ends(seed: int, tmp_path: Path):
    result = ran(seed, tmp_path)
    assert result.expected == Cost(result.transitions, result.events)


def test_items_of_a_distributed_map_are_billed(tmp_path: Path):
    """Each is an execution of its own, whose start is billed beside its states."""
    items = list(range(45))
    tasks = (
        Task(id="source", component=Constant(items), mapped_over=True),
        Task(id="many", component=NoOp(), mapping=Mapping({"x": Output("source")})),
        Task(id="none", component=Shell("false"), mapping=Mapping({"x": Literal([1])})),
    )
    edges = (Edge("source", "many", EdgeKind.DATA),)
    compiled = compile_workflow(Workflow(name="w", tasks=tasks, edges=edges), sink := Sink(), structure_name="serial")
    assert compiled is not None, sink.diagnostics
    result = run(compiled, tmp_path)
    assert result.status == "FAILED"
    # start, source; expand, choice, Map, 45 starts and states, record; Map, none, record; finish and the end.
    assert result.transitions == 2 + 4 + 90 + 3 + 2
    assert result.expected == Cost(result.transitions, result.events)


@pytest.mark.parametrize(
    ("status", "number", "started", "failed", "outcome"),
    [
        ("success", 2, 1.0, 1, Outcome("success", 2)),
        ("failed", 2, 1.0, 2, Outcome("failed", 2)),
        # Decided by its rule; or by a failure elsewhere, at the attempt that was to bring the third try.
        ("upstream_failed", 0, None, 0, Outcome("upstream_failed", 1)),
        ("skipped", 2, None, 2, Outcome("skipped", 3)),
        # Its last try ran out of time, which the attempt after it wrote down; or nobody did, but its settle state.
        ("failed", 2, None, 2, Outcome("failed", 3)),
        ("failed", 2, None, 1, Outcome("failed", 2, settled=True)),
        ("failed", 0, None, 0, Outcome("failed", 1, settled=True)),
    ],
)
def test_records_say_how_often_a_state_was_tried(
    status: Status, number: int, started: float | None, failed: int, outcome: Outcome, tmp_path: Path
):
    store, place = open_store(tmp_path.as_uri()), task_keys("run", "t")
    store.put(place.done, done_to_bytes(Done("t", status, "attempt", number, 2.0, {}, started=started)))
    for one in range(failed):
        store.put(place.failed(one + 1), failure_to_bytes(TryFailure("attempt", 1.0, ErrorInfo("E", "e"))))
    assert read_results(tmp_path.as_uri(), "run", ("t",)).outcomes == {"t": outcome}

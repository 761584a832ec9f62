"""Rendezvous on the local engine: tokens come back from worker processes and from this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, Shell, Task, TriggerRule, Workflow
from transpilers.local import run_bundle

ARROWS = ("a c", "a d", "b d", "b e", "c f", "e f", "d g", "f g", "bad g")


def bundle(folder: Path) -> Path:
    """Tasks with parents in several branches, one of which fails, and one that starts at the first success."""
    ends = [tuple(arrow.split()) for arrow in ARROWS]
    names = list(dict.fromkeys(name for pair in ends for name in pair))
    tasks = tuple(
        Task(
            id=name,
            component=Shell("exit 1" if name == "bad" else "true"),
            rule=TriggerRule.ONE_SUCCESS if name == "g" else TriggerRule.ALL_SUCCESS,
        )
        for name in names
    )
    workflow = Workflow(name="meet", tasks=tasks, edges=tuple(Edge(*pair) for pair in ends))
    sink = Sink()
    compiled = compile_workflow(workflow, sink, structure_name="rendezvous")
    assert compiled is not None
    assert write_bundle(compiled, folder, sink)
    assert ".waitForTaskToken" in (folder / "machine.asl.json").read_text()
    return folder


@pytest.mark.parametrize("in_process", [True, False], ids=["in process", "workers"])
def test_a_rendezvous(tmp_path: Path, in_process: bool):
    store = "s3://store/runs" if in_process else (tmp_path / "store").as_uri()
    found = run_bundle(bundle(tmp_path / "bundle"), store=store, in_process=in_process, timeout=120, concurrency=4)
    assert found.status == "SUCCEEDED"
    assert found.tasks == {**dict.fromkeys("abcdefg", "success"), "bad": "failed"}

"""The static loader against the live one, and alone where it must refuse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from support.airflow_sources import example_files

from core_compiler.diagnostics import Diagnostic, Sink
from transpilers.airflow.call import DagCall, DagFile
from transpilers.airflow.importer import lowered
from transpilers.airflow.live import loader as live
from transpilers.airflow.static import load

FIXTURES = Path(__file__).parents[2] / "fixtures"
#: Its params are made of the time at which it is read.
CLOCK = {"example_params_ui_tutorial"}


def graph(dag: DagCall) -> tuple[object, ...]:
    """What must never differ in silence."""
    return (
        [(call.task_id, call.class_name, call.mapped is not None) for call in dag.calls],
        [(edge.upstream, edge.downstream, edge.label) for edge in dag.edges],
        {(group.id, group.parent, group.tasks, group.mapped is not None) for group in dag.groups},
    )


@pytest.fixture(scope="module")
def truth() -> dict[Path, DagFile]:
    """Every file that ships with Airflow or is a fixture, as Airflow itself has it."""
    paths = [*example_files(), *sorted((FIXTURES / "airflow").rglob("*.py")), *(FIXTURES / "static").glob("*.py")]
    return dict(zip(paths, live.load(paths, time_limit=240), strict=True))


@pytest.mark.airflow
def test_it_gives_airflow_s_own_graph_or_refuses(truth: dict[Path, DagFile]) -> None:
    compared = 0
    for path, expected in truth.items():
        if expected.faults:
            continue
        [found] = load([path])
        if found.faults:
            assert {fault.sort for fault in found.faults} == {"unresolved"}, (path, found.faults)
            continue
        assert [dag.dag_id for dag in found.dags] == [dag.dag_id for dag in expected.dags], path
        for mine, theirs in zip(found.dags, expected.dags, strict=True):
            assert graph(mine) == graph(theirs), (path, mine.dag_id)
        compared += 1
    assert compared >= 80


@pytest.mark.airflow
def test_what_it_reads_becomes_the_same_machine_with_the_same_findings(truth: dict[Path, DagFile]) -> None:
    """Both readings are lowered: workflows to the last byte of code, diagnostics to the last one."""
    compared = 0
    for path, expected in truth.items():
        [found] = load([path])
        if expected.faults or found.faults or path.stem in CLOCK:
            continue
        found = msgspec.structs.replace(found, dialect=expected.dialect)
        mine, theirs = (lowered(file, "python", None, Sink()) for file in (found, expected))
        assert mine.workflows == theirs.workflows, path
        assert _codes(mine.diagnostics) == _codes(theirs.diagnostics), path
        compared += 1
    assert compared >= 80


def _codes(diagnostics: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter((one.code, one.subject) for one in diagnostics)

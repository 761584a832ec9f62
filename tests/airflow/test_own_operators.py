"""The user's own operator classes, as both loaders have them; what they do is verified with the fixture."""

from __future__ import annotations

from pathlib import Path

import pytest

from core_compiler.diagnostics import Diagnostic, Sink
from core_compiler.ir import PythonCallable
from transpilers.airflow.importer import lowered
from transpilers.airflow.live import loader as live
from transpilers.airflow.static.loader import load
from transpilers.importer import Imported

pytestmark = pytest.mark.airflow

FIXTURES = Path(__file__).parents[2] / "fixtures" / "airflow"
FILES = [FIXTURES / "own_operators" / "dag.py", FIXTURES / "refused" / "own_operators" / "dag.py"]


@pytest.fixture(scope="module")
def readings() -> dict[str, list[Imported]]:
    """Both files by each loader; one process of Airflow."""
    found = {"live": live.load(FILES, time_limit=240), "static": load(FILES)}
    return {name: [lowered(file, "python", None, Sink()) for file in files] for name, files in found.items()}


@pytest.mark.parametrize("name", ["live", "static"])
def test_classes_of_the_file_and_of_a_module_ship(readings: dict[str, list[Imported]], name: str):
    [entry] = readings[name][0].workflows
    assert entry.workflow is not None
    made = {task.id: task.component for task in entry.workflow.tasks}
    for task, cls in (("one", "jobs.loads:Load"), ("two", "jobs.loads:LoadAll"), ("found", "dag:Measure")):
        component = made[task]
        assert isinstance(component, PythonCallable)
        assert component.callable.endswith(cls.partition(":")[2])
        assert component.operator is not None
        assert component.operator.renders
    two = made["two"]
    assert isinstance(two, PythonCallable)
    assert two.operator is not None
    assert set(two.operator.later) == {"table", "options"}


def test_both_loaders_refuse_the_same_at_the_same_lines(readings: dict[str, list[Imported]]):
    mine, theirs = (_places(readings[name][1].diagnostics) for name in ("static", "live"))
    assert mine == theirs
    assert {code for code, _, _ in mine} == {"SW475", "SW476"}


def _places(diagnostics: tuple[Diagnostic, ...]) -> set[tuple[str, str | None, int | None]]:
    return {(one.code, one.subject, one.span.line if one.span is not None else None) for one in diagnostics}

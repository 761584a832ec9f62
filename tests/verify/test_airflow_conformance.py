"""Files compiled and run beside Airflow: what Airflow ships, the project's fixtures, the demo. Nothing differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.airflow_sources import example_files
from support.validators import complaints

from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink, to_text
from transpilers.airflow.importer import lowered
from transpilers.airflow.live.loader import load
from transpilers.importer import Imported
from transpilers.verify.report import Report
from transpilers.verify.verify_airflow import Settings, verify_airflow

pytestmark = [pytest.mark.airflow, pytest.mark.slow]

FIXTURES = Path(__file__).parents[2] / "fixtures"
#: Of the shipped files those that show each thing once; `make conformance` runs all.
EXAMPLES = (
    "example_branch_day_of_week_operator",
    "example_branch_labels",
    "example_display_name",
    "example_dynamic_task_mapping",
    "example_external_task_child_deferrable",
    "example_failed_dag",
    "example_latest_only",
    "example_latest_only_with_trigger",
    "example_measurement_correction_decorator",
    "example_nested_branch_dag",
    "example_setup_teardown",
    "example_setup_teardown_taskflow",
    "example_short_circuit_decorator",
    "example_short_circuit_operator",
    "example_simplest_dag",
    "example_task_group",
    "example_task_group_decorator",
    "tutorial_taskflow_api",
)
CASES = {
    **{path.stem: path for path in example_files() if path.stem in EXAMPLES},
    **{path.parent.name: path for path in sorted((FIXTURES / "airflow").glob("*/dag.py"))},
    "demo": FIXTURES / "demo" / "orders.py",
}


@pytest.fixture(scope="module")
def imported() -> dict[str, Imported]:
    """All of them, read by one process: importing Airflow costs far more than a file."""
    files = load(list(CASES.values()), time_limit=240)
    return {case: lowered(file, "python", None, Sink()) for case, file in zip(CASES, files, strict=True)}


@pytest.fixture(scope="module")
def reports(imported: dict[str, Imported]) -> dict[str, Report]:
    """One oracle process for all."""
    pairs = [(CASES[case], one) for case, one in imported.items()]
    return dict(zip(CASES, verify_airflow(pairs, Settings(time_limit=500)), strict=True))


@pytest.mark.timeout(580)
@pytest.mark.parametrize("case", CASES)
def test_the_machine_does_what_airflow_does(reports: dict[str, Report], case: str):
    report = reports[case]
    assert not report.differences
    assert report.equal, to_text(report.diagnostics)
    assert report.tasks


def test_their_machines_pass_every_validator(imported: dict[str, Imported]):
    definitions: dict[str, dict[str, object]] = {}
    for case, one in imported.items():
        for entry in one.workflows:
            assert entry.workflow is not None, to_text(one.diagnostics)
            compiled = compile_workflow(entry.workflow, Sink())
            assert compiled is not None
            definitions[f"{case} {entry.id}"] = json.loads(compiled.definition)
    assert complaints(definitions) == []


def test_at_least_the_files_promised_are_there():
    assert set(EXAMPLES) <= CASES.keys()
    assert len(CASES) >= 19

"""The importer on every example file that Airflow ships, and on the project's fixtures."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from support.airflow_sources import example_files

from core_compiler.diagnostics import Severity, Sink, to_text
from core_compiler.ir import EdgeKind, PythonCallable, Workflow
from transpilers.airflow.call import DagFile, decode, encode
from transpilers.airflow.importer import lowered
from transpilers.airflow.live.loader import load

pytestmark = pytest.mark.airflow

FIXTURES = Path(__file__).parents[2] / "fixtures" / "airflow"
CASES = sorted(path.parent.name for path in FIXTURES.glob("*/dag.py"))
#: Examples without a DAG where the Kubernetes provider is missing.
WITHOUT_DAG = {"example_kubernetes_executor", "example_local_kubernetes_executor"}
TAKEN = {
    "example_bash_decorator",
    "example_bash_operator",
    "example_dag_decorator",
    "example_dynamic_task_mapping_with_no_taskflow_operators",
    "example_skip_dag",
    "example_branch_datetime_operator",
    "example_branch_day_of_week_operator",
    "example_branch_labels",
    "example_complex",
    "example_custom_weight",
    "example_display_name",
    "example_dynamic_task_mapping",
    "example_external_task_child_deferrable",
    "example_failed_dag",
    "example_latest_only",
    "example_latest_only_with_trigger",
    "example_measurement_correction_decorator",
    "example_measurement_correction_operator",
    "example_nested_branch_dag",
    "example_params_trigger_ui",
    "example_passing_params_via_test_command",
    "example_params_ui_tutorial",
    "example_retry_policy",
    "example_setup_teardown",
    "example_setup_teardown_taskflow",
    "example_short_circuit_decorator",
    "example_short_circuit_operator",
    "example_simplest_dag",
    "example_task_group",
    "example_task_group_decorator",
    "example_task_state_store",
    "example_task_state_store_async",
    "example_task_state_store_mapped",
    "example_time_delta_sensor_async",
    "example_trigger_target_dag",
    "example_xcom",
    "example_xcomargs",
    "tutorial",
    "tutorial_dag",
    "tutorial_taskflow_api",
    "tutorial_taskflow_templates",
}


@pytest.fixture(scope="module")
def files() -> dict[str, DagFile]:
    """All of them, loaded by one subprocess."""
    paths = example_files() + [FIXTURES / case / "dag.py" for case in CASES]
    names = [path.stem if path.stem != "dag" else path.parent.name for path in paths]
    return dict(zip(names, load(paths, time_limit=240), strict=True))


def _taken(file: DagFile) -> list[Workflow]:
    entries = lowered(file, "python", None, Sink()).workflows
    return [entry.workflow for entry in entries if entry.workflow is not None]


def test_every_example_gives_its_dags_or_a_reason(files: dict[str, DagFile]) -> None:
    assert len(files) - len(CASES) == 67
    assert {name for name, file in files.items() if file.faults} == WITHOUT_DAG
    for name, file in files.items():
        imported = lowered(file, "python", None, Sink())
        errors = [found for found in imported.diagnostics if found.severity is Severity.ERROR]
        refused = [entry.id for entry in imported.workflows if entry.workflow is None]
        assert (bool(refused) or name in WITHOUT_DAG) == bool(errors), to_text(imported.diagnostics)
        assert all(found.line for found in errors if found.code != "SW307"), name
        assert decode(encode(file)) == file


def test_the_examples_that_are_taken(files: dict[str, DagFile]) -> None:
    assert {name for name, file in files.items() if _taken(file)} == TAKEN | set(CASES)


def test_every_call_site_of_the_examples_is_accounted_for(files: dict[str, DagFile]) -> None:
    """Every task has a place in its file, at something that is called there."""
    for file in files.values():
        calls: dict[int, bool] = {}
        for node in ast.walk(ast.parse(Path(file.path).read_bytes())):
            if isinstance(node, ast.Call):
                calls[node.lineno] = True
            if isinstance(node, ast.FunctionDef):
                calls.update(dict.fromkeys((one.lineno for one in node.decorator_list), True))
        for dag in file.dags:
            for call in dag.calls:
                assert call.span is not None, (file.path, call.task_id)
                assert call.span.path != file.path or call.span.line in calls, (file.path, call.task_id)


@pytest.mark.parametrize("case", CASES)
def test_fixtures_are_whole(files: dict[str, DagFile], case: str) -> None:
    workflows = _taken(files[case])
    assert len(workflows) == len(files[case].dags)
    for workflow, dag in zip(workflows, files[case].dags, strict=True):
        assert [task.id for task in workflow.tasks] == [call.task_id for call in dag.calls]
        assert {(edge.upstream, edge.downstream) for edge in workflow.edges} == {
            (edge.upstream, edge.downstream) for edge in dag.edges
        }
        modules = {file.path.removesuffix(".py").replace("/", ".") for file in workflow.files}
        for task in workflow.tasks:
            if isinstance(task.component, PythonCallable):
                assert task.component.callable.partition(":")[0] in modules | {"builtins"}
        for file in workflow.files:
            words = {part for line in file.text.splitlines() if "import" in line for part in line.split()}
            assert "airflow" not in words
    assert _taken(files[case]) == workflows


def test_the_article_s_graph(files: dict[str, DagFile]) -> None:
    [workflow] = _taken(files["article_xyz"])
    assert {(edge.upstream, edge.downstream) for edge in workflow.edges} == {
        ("x", "2x"),
        ("x", "x_plus_y"),
        ("y", "x_plus_y"),
        ("x_plus_y", "x_plus_y_plus_z"),
        ("z", "x_plus_y_plus_z"),
        ("2x", "sum"),
        ("x_plus_y", "sum"),
        ("x_plus_y_plus_z", "sum"),
    }
    assert {edge.kind for edge in workflow.edges} == {EdgeKind.DATA}


def test_notes_are_said_once_and_only_where_they_matter(files: dict[str, DagFile]) -> None:
    notes = {
        name: [found.code for found in lowered(files[name], "python", None, Sink()).diagnostics]
        for name in ("rules_under_failure", "diamond", "failing_middle", "example_custom_weight")
    }
    assert notes == {
        "rules_under_failure": ["SW414"],
        "diamond": [],
        "failing_middle": ["SW415"],
        "example_custom_weight": ["SW402", "SW415"],
    }

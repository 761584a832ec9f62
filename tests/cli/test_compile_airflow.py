"""`transpile airflow` from the shell: bundles, exit codes, the same bytes twice, nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.cli_runner import transpile

pytestmark = pytest.mark.airflow

TWO_DAGS = """
from airflow.sdk import DAG
from airflow.providers.standard.operators.bash import BashOperator

with DAG("good", schedule=None):
    BashOperator(task_id="a", bash_command="echo 1") >> BashOperator(task_id="b", bash_command="echo 2")
with DAG("bad", schedule=None):
    BashOperator(task_id="a", bash_command="echo 1", pool="narrow")
"""


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory):
    """One file with a DAG that compiles and one that does not, compiled twice."""
    folder = tmp_path_factory.mktemp("two")
    (folder / "flows.py").write_text(TWO_DAGS)
    return folder, [transpile("airflow", "flows.py", "-o", f"out{number}", "--json", cwd=folder) for number in (1, 2)]


def test_a_refused_dag_does_not_stop_the_other(compiled):
    folder, runs = compiled
    assert runs[0].returncode == 1
    result = json.loads(runs[0].stdout)
    (bundle,) = result["bundles"]
    assert bundle == {
        "name": "good",
        "path": "out1/good",
        "tasks": 2,
        "edges": 1,
        "states": 7,
        "bytes": bundle["bytes"],
        "transitions": 4,
    }
    assert {(found["code"], found["subject"]) for found in result["diagnostics"] if found["severity"] == "error"} == {
        ("SW401", "a")
    }
    assert sorted(path.name for path in (folder / "out1").iterdir()) == ["good"]


def test_two_runs_give_the_same_bytes(compiled):
    folder, _ = compiled
    first = content(folder / "out1" / "good")
    assert first
    assert first == content(folder / "out2" / "good")


def test_what_is_no_bundle_is_not_overwritten(tmp_path: Path):
    (tmp_path / "flows.py").write_text(TWO_DAGS.partition('with DAG("bad"')[0])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    done = transpile("airflow", "flows.py", "-o", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "SW151" in done.stderr
    assert content(tmp_path / "mine") == {"thesis.txt": b"years of work"}


@pytest.mark.parametrize(
    ("name", "text"), [("missing.py", None), ("broken.py", "def f(:\n"), ("empty.py", "x = 1\n")], ids=str
)
def test_bad_files_are_one_line_each_and_leave_nothing(tmp_path: Path, name: str, text: str | None):
    if text is not None:
        (tmp_path / name).write_text(text)
    done = transpile("airflow", name, cwd=tmp_path)
    assert done.returncode in {1, 2}
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if not line.startswith("    ")]) == 1
    assert not (tmp_path / "build").exists()

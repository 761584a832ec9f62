"""What is said of values that tasks pull from each other, and of skips among items: read without Airflow."""

from __future__ import annotations

from pathlib import Path

from transpilers.airflow.importer import read

HEAD = """\
from airflow.exceptions import AirflowSkipException
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("pulls", schedule=None):

    @task
    def a():
        return 1

    @task
    def c():
        return 2

"""
PULLS = """\
    @task
    def b(ti=None):
        other = ti.xcom_pull("c", dag_id="other")
        return [ti.xcom_pull(task_ids="a"), ti.xcom_pull(["c", "elsewhere"]), ti.xcom_pull(), other]

    pulls = "echo {{ ti.xcom_pull(task_ids='c') }} {{ ti.xcom_pull('a') }}"
    between = BashOperator(task_id="between", bash_command=pulls)
    pulling = b()
    a() >> BashOperator(task_id="first", bash_command="true") >> pulling
    c() >> between
"""
SKIPS = """\
    @task
    def some(x):
        if x:
            raise AirflowSkipException
        raise ValueError

    @task
    def after(x):
        return x

    after(some.expand(x=[0, 1]))
"""


def _said(folder: Path, body: str) -> list[tuple[str, str, str]]:
    file = folder / "dag.py"
    file.write_text(HEAD + body)
    imported = read(file, loader="static")
    assert [entry.workflow is not None for entry in imported.workflows] == [True], imported.diagnostics
    return [(one.code, one.subject, one.message) for one in imported.diagnostics]


def test_a_task_that_is_pulled_from_has_to_come_before(tmp_path: Path) -> None:
    assert [(code, subject, text.split("'")[1]) for code, subject, text in _said(tmp_path, PULLS)] == [
        ("SW486", "between", "a"),
        ("SW486", "b", "c"),
    ]


def test_items_that_skip_and_fail_are_noted(tmp_path: Path) -> None:
    """Found by the judge of values: one mapped task above is several."""
    assert [(code, text.split("'")[1]) for code, _, text in _said(tmp_path, SKIPS)] == [("SW414", "after")]

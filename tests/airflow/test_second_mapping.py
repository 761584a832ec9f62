"""Files of Airflow 2: what it decides otherwise about mapped tasks, and what it does not know, is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from core_compiler.diagnostics import to_text
from transpilers.airflow.importer import read

FILE = """
from airflow import DAG
from airflow.decorators import task, task_group
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator

with DAG("d", schedule_interval=None):

    @task
    def inc(x):
        return x

    @task_group
    def g(x):
        inc(x) >> EmptyOperator(task_id="one", trigger_rule="{rule}")

    g.expand(x=inc.override(task_id="n").expand(x=[1]))
    branch = BranchPythonOperator(task_id="branch", python_callable=lambda: "there")
    branch >> [inc.override(task_id="there").expand(x={items}), EmptyOperator(task_id="end", trigger_rule="{last}")]
"""


@pytest.mark.parametrize(
    ("rule", "items", "last", "said"),
    [
        ("one_failed", "[[]]", "all_done", "decides the rule one_failed by other items"),
        ("all_done", "[1, 2]", "all_done", "it may skip 'there', whose items are there from the start"),
        ("all_done", "[[]]", "all_done_min_one_success", "trigger_rule is not one of Airflow 2's trigger rules"),
    ],
)
def test_it_is_refused(tmp_path: Path, rule: str, items: str, last: str, said: str) -> None:
    path = tmp_path / "dag.py"
    path.write_text(FILE.format(rule=rule, items=items, last=last))
    found = read(path, loader="static")
    assert [entry.workflow for entry in found.workflows] == [None]
    assert said in to_text(found.diagnostics)

"""Mapped groups are planned under every structure: what waits beside a group waits for the tasks that it looks at."""

from __future__ import annotations

from pathlib import Path

import pytest

from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink, to_text
from core_compiler.plan import STRUCTURES
from transpilers.airflow.importer import read

#: `g.one` is decided apart from the others, by one that is not the first of their step.
FILE = """
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, task, task_group

with DAG("d", schedule=None):

    @task
    def numbers():
        return [1, 2, 3]

    @task
    def inc(x):
        return x

    @task_group
    def g(x):
        a = inc(x)
        a >> EmptyOperator(task_id="first", trigger_rule="none_failed_min_one_success")
        b = EmptyOperator(task_id="second", trigger_rule="none_failed_min_one_success")
        a >> b >> EmptyOperator(task_id="after", trigger_rule="all_done")
        [a, b] >> EmptyOperator(task_id="one", trigger_rule="one_success")

    g.expand(x=numbers())
    start = EmptyOperator(task_id="start")
    start >> inc.override(task_id="b").expand(x=[1]) >> EmptyOperator(task_id="c", trigger_rule="all_done")
    start >> inc.override(task_id="d").expand(x=numbers.override(task_id="n")()) >> EmptyOperator(task_id="e")
"""


@pytest.mark.parametrize("structure", sorted(STRUCTURES))
def test_a_step_of_several_tasks_is_awaited_by_those_looked_at(tmp_path: Path, structure: str) -> None:
    path = tmp_path / "dag.py"
    path.write_text(FILE)
    [entry] = read(path, loader="static").workflows
    sink = Sink()
    assert entry.workflow is not None
    assert compile_workflow(entry.workflow, sink, structure_name=structure) is not None, to_text(sink.diagnostics)

"""Mapped tasks and groups as Airflow 2.11 runs them, and what others read of them: the sequence of all values."""

from airflow import DAG
from airflow.decorators import task, task_group
from airflow.exceptions import AirflowSkipException
from airflow.operators.empty import EmptyOperator

with DAG("second_groups", schedule=None):

    @task
    def numbers(count=3):
        return list(range(1, count + 1))

    @task
    def inc(x):
        if x == 2:
            raise AirflowSkipException
        return x + 1

    @task
    def add(a, b):
        return a + b

    @task(trigger_rule="all_done")
    def read(values):
        return [None if values is None else list(values), str(values)]

    @task(trigger_rule="all_done")
    def whole(values):
        return {"all": values, "type": type(values).__name__}

    @task
    def skips(x):
        raise AirflowSkipException

    @task_group
    def pair(x):
        done = inc(x)
        EmptyOperator(task_id="after", trigger_rule="all_done") << done
        return add(done, x)

    @task(trigger_rule="all_done")
    def itself(values):
        return values

    found = pair.expand(x=numbers())
    read(found)
    whole.override(task_id="whole_group")(found)
    itself(found)
    one = pair.override(group_id="single").expand(x=[5])
    read.override(task_id="read_one")(one)
    add.override(task_id="add_one")(one, 1)
    mapped = inc.override(task_id="mapped").expand(x=numbers.override(task_id="more")(4))
    read.override(task_id="read_mapped")(mapped)
    whole.override(task_id="whole_mapped")(mapped)
    nobody = skips.expand(x=[1, 2])
    read.override(task_id="read_nobody")(nobody)
    none = inc.override(task_id="none").expand(x=numbers.override(task_id="no_numbers")(0))
    read.override(task_id="read_none")(none)

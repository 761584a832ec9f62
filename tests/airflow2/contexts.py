"""A file of Airflow 2.11 that asks for its run: in templates, by parameters, and by the whole context."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.hooks.base import BaseHook
from airflow.models import Variable
from airflow.models.baseoperator import chain
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator, get_current_context

NAMES = (
    "ds",
    "ds_nodash",
    "ts",
    "ts_nodash",
    "ts_nodash_with_tz",
    "next_ds",
    "next_ds_nodash",
    "prev_ds",
    "prev_ds_nodash",
    "tomorrow_ds",
    "tomorrow_ds_nodash",
    "yesterday_ds",
    "yesterday_ds_nodash",
    "run_id",
    "execution_date",
    "logical_date",
    "data_interval_start",
    "data_interval_end",
    "next_execution_date",
    "prev_execution_date",
    "task_instance_key_str",
    "params.size",
    "macros.ds_add(ds, 7)",
    "(execution_date + macros.timedelta(days=1)).isoformat()",
    "dag.dag_id",
    "task.task_id",
    "ti.try_number",
)


def taken(ds, next_ds, tomorrow_ds, execution_date, data_interval_end, params, **context):
    """What parameters are filled with, and what is in the rest."""
    later = str(context["next_execution_date"]), str(context["prev_execution_date"])
    # What 2.11 calls deprecated is a stand-in that is no string to JSON.
    return [
        ds,
        str(next_ds),
        str(tomorrow_ds),
        execution_date.isoformat(),
        data_interval_end.isoformat(),
        params["size"],
        *later,
    ]


def current():
    """The context of the task that runs."""
    context = get_current_context()
    return [context["ds"], context["ti"].task_id, context["dag_run"].run_id, str(context["dag_run"].execution_date)]


def pushes(ti):
    """A value under a key of its own, with a tuple in it."""
    ti.xcom_push(key="own", value={"pair": (1, 2)})
    return ti.task_id


def pulls(ti):
    """What another task pushed."""
    return [ti.xcom_pull(task_ids="pushes"), ti.xcom_pull(task_ids="pushes", key="own")]


def told(ti, dag_run, next_ds, prev_ds, execution_date):
    """What only 2.11 tells of the task and its run."""
    told_by_run = [type(dag_run.execution_date).__name__, str(dag_run.execution_date), dag_run.external_trigger]
    told_by_task = [str(ti.execution_date), ti.dag_run.run_id, ti.get_dagrun().conf, ti.operator, ti.pool, ti.queue]
    return [*told_by_run, *told_by_task, next_ds.__class__.__name__, str(prev_ds), execution_date.to_date_string()]


def several(ti):
    """Pulls of several tasks, which 2.11 gives as a sequence of its own."""
    found, nothing = ti.xcom_pull(task_ids=["pushes", "told"]), ti.xcom_pull(task_ids=["missing"])
    default = ti.xcom_pull(task_ids="missing", default=3)
    return [str(found), len(found), found[0], found == list(found), str(nothing), bool(nothing), default]


def absent():
    """What is raised where there is no such variable or connection."""
    raised = []
    for ask in (
        lambda: Variable.get("nope"),
        lambda: Variable.get("nope", None),
        lambda: BaseHook.get_connection("no"),
    ):
        try:
            raised.append(ask())
        except Exception as error:
            raised.append(type(error).__name__)
    return raised


for name, schedule in (("daily", "@daily"), ("hourly", "15 * * * *"), ("third", timedelta(days=3)), ("never", None)):
    with DAG(f"asks_{name}", schedule=schedule, start_date=datetime(2024, 1, 1), catchup=False, params={"size": 3}):
        for number, asked in enumerate(NAMES):
            BashOperator(task_id=f"bash_{number}", bash_command="echo '{{ " + asked + " }}'")
        PythonOperator(task_id="taken", python_callable=taken)
        PythonOperator(task_id="current", python_callable=current)
        steps = [PythonOperator(task_id=step.__name__, python_callable=step) for step in (pushes, pulls, told, several)]
        chain(*steps)
        PythonOperator(task_id="absent", python_callable=absent)

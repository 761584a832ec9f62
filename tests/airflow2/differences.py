"""A file of Airflow 2.11: whatever a run of it does otherwise than one of Airflow 3."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.decorators import task
from airflow.exceptions import AirflowSkipException
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.latest_only import LatestOnlyOperator
from airflow.operators.python import BranchPythonOperator, PythonOperator, ShortCircuitOperator
from airflow.utils.task_group import TaskGroup
from airflow.utils.trigger_rule import TriggerRule


def give(value):
    return value


def fail():
    raise ValueError("no")


def skip():
    raise AirflowSkipException("not today")


with DAG("values", start_date=datetime(2024, 1, 1), default_args={"retries": 1, "retry_delay": timedelta(0)}):
    # Tuples inside other values come back as lists, and keys as JSON writes them.
    tuples = PythonOperator(
        task_id="tuples", python_callable=give, op_args=[{"a": (1, (2, 3)), "b": [(4,)], 5: {"c"}, True: None}]
    )
    whole = PythonOperator(task_id="whole", python_callable=give, op_args=[(1, (2, [3]))])
    read = PythonOperator(task_id="read", python_callable=give, op_args=[tuples.output])

    @task(multiple_outputs=True)
    def several() -> dict:
        """A tuple under a key of its own is one."""
        return {"first": (1, 2), "second": {"third": (3, 4)}}

    several()
    PythonOperator(task_id="bad_key", python_callable=lambda: {(1, 2): 3})
    BashOperator(task_id="bash", bash_command="echo hello")
    BashOperator(task_id="old_code", bash_command="exit 7", skip_exit_code=7)


with DAG("skips", schedule_interval="@daily", start_date=datetime(2024, 1, 1), concurrency=4):
    # A branch and a short circuit that skip something leave their values.
    branch = BranchPythonOperator(task_id="branch", python_callable=give, op_args=["kept"])
    with TaskGroup("kept"):
        EmptyOperator(task_id="first") >> EmptyOperator(task_id="second")
    branch >> [EmptyOperator(task_id="dropped"), *branch.dag.task_group.children["kept"].roots]
    short = ShortCircuitOperator(task_id="short", python_callable=give, op_args=[0])
    short >> EmptyOperator(task_id="after", trigger_rule="all_done")
    last = ShortCircuitOperator(task_id="last", python_callable=give, op_args=[[]])
    BranchPythonOperator(task_id="nowhere", python_callable=give, op_args=[None]) >> last
    # What a schedule of the past skips, a manual run does not.
    LatestOnlyOperator(task_id="latest") >> EmptyOperator(task_id="behind")
    # Names of rules that Airflow 3 has no more.
    skipped = PythonOperator(task_id="skipped", python_callable=skip)
    skipped >> EmptyOperator(task_id="old_rule", trigger_rule=TriggerRule.NONE_FAILED_OR_SKIPPED)
    skipped >> EmptyOperator(task_id="dummy", trigger_rule="dummy")


with DAG("scopes", schedule=None, fail_stop=True):
    # A teardown waits for what is right above it alone, and a failure stops the rest.
    setup = BashOperator(task_id="setup", bash_command="true").as_setup()
    broken = PythonOperator(task_id="broken", python_callable=fail)
    late = EmptyOperator(task_id="late")
    teardown = BashOperator(task_id="teardown", bash_command="true").as_teardown(setups=setup)
    setup >> broken >> late >> teardown

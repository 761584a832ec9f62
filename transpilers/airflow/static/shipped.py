"""Arguments that are what Airflow ships with: the wire leaves them out, and keeps them apart."""

from __future__ import annotations

from datetime import timedelta

from transpilers.airflow.static.values import Value

Arguments = dict[str, Value]
TASK: Arguments = {
    "depends_on_past": False,
    "do_xcom_push": True,
    "email": None,
    "email_on_failure": True,
    "email_on_retry": True,
    "execution_timeout": None,
    "ignore_first_depends_on_past": False,
    "max_retry_delay": None,
    "multiple_outputs": False,
    "owner": "airflow",
    "pool": "default_pool",
    "pool_slots": 1,
    "priority_weight": 1,
    "queue": "default",
    "retries": 0,
    "retry_delay": timedelta(seconds=300),
    "retry_exponential_backoff": 0,
    "run_as_user": None,
    "sla": None,
    "trigger_rule": "all_success",
    "wait_for_downstream": False,
    "weight_rule": "downstream",
}
#: Of both majors: what they differ in (`catchup`, a schedule that is not given) is not here.
DAG: Arguments = {
    "description": None,
    "doc_md": None,
    "end_date": None,
    "max_active_runs": 16,
    "max_active_tasks": 16,
    "on_failure_callback": None,
    "on_success_callback": None,
    "render_template_as_native_obj": False,
    "start_date": None,
}
THIRD: Arguments = {"catchup": False, "schedule": None, "fail_fast": False}


def parted(kwargs: Arguments, shipped: Arguments) -> tuple[Arguments, Arguments]:
    """Those that say something, and those that are the default."""
    same = {name for name, value in kwargs.items() if name in shipped and _same(value, shipped[name])}
    kept = {name: value for name, value in kwargs.items() if name not in same}
    return kept, {name: kwargs[name] for name in same}


def _same(value: Value, default: Value) -> bool:
    plain = isinstance(value, (bool, int, str, timedelta)) or value is None
    return plain and type(value) is type(default) and value == default

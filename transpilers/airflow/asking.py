"""What a task's templates and code may ask of the context: the names and attributes that the machine has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

AIRFLOW_2, AIRFLOW_3 = "airflow-2", "airflow-3"

#: Names that the handler answers (`handler/context/airflow3.py` and `airflow2.py`); a test holds both equal.
COMMON = frozenset(
    {
        "conn",
        "dag",
        "dag_run",
        "data_interval_end",
        "data_interval_start",
        "ds",
        "ds_nodash",
        "inlets",
        "logical_date",
        "macros",
        "map_index_template",
        "outlets",
        "params",
        "run_id",
        "task",
        "task_instance",
        "task_instance_key_str",
        "templates_dict",
        "ti",
        "ts",
        "ts_nodash",
        "ts_nodash_with_tz",
        "var",
    }
)
ONLY = {
    AIRFLOW_3: frozenset({"partition_date", "partition_key", "task_reschedule_count", "task_state_store"}),
    AIRFLOW_2: frozenset(
        {
            "execution_date",
            "expanded_ti_count",
            "next_ds",
            "next_ds_nodash",
            "next_execution_date",
            "prev_ds",
            "prev_ds_nodash",
            "prev_execution_date",
            "test_mode",
            "tomorrow_ds",
            "tomorrow_ds_nodash",
            "yesterday_ds",
            "yesterday_ds_nodash",
        }
    ),
}
#: Of either version, what the machine has not: asking for it is refused.
REFUSED = frozenset(
    {
        "asset_state_store",
        "conf",
        "exception",
        "inlet_events",
        "outlet_events",
        "prev_data_interval_end_success",
        "prev_data_interval_start_success",
        "prev_end_date_success",
        "prev_execution_date_success",
        "prev_start_date_success",
        "reason",
        "triggering_asset_events",
        "triggering_dataset_events",
    }
)
INSTANCE = frozenset(
    {
        "dag_id",
        "end_date",
        "hostname",
        "map_index",
        "max_tries",
        "run_id",
        "start_date",
        "state",
        "task",
        "task_id",
        "try_number",
        "xcom_pull",
        "xcom_push",
    }
)
#: What Airflow 2 has besides.
INSTANCE_2 = frozenset(
    {
        "dag_run",
        "execution_date",
        "get_dagrun",
        "logical_date",
        "operator",
        "operator_name",
        "pool",
        "queue",
        "task_display_name",
    }
)
RUN = frozenset(
    {
        "clear_number",
        "conf",
        "dag_id",
        "data_interval_end",
        "data_interval_start",
        "end_date",
        "logical_date",
        "note",
        "run_id",
        "run_type",
        "start_date",
        "state",
    }
)
RUN_2 = frozenset({"execution_date", "external_trigger", "is_backfill"})
RUN_3 = frozenset({"partition_date", "partition_key", "run_after"})
MACROS = frozenset(
    {
        "datetime",
        "datetime_diff_for_humans",
        "dateutil",
        "ds_add",
        "ds_format",
        "ds_format_locale",
        "json",
        "random",
        "time",
        "timedelta",
        "uuid",
        "yaml",
    }
)
ATTRIBUTES = {
    AIRFLOW_3: {"ti": INSTANCE, "task_instance": INSTANCE, "dag_run": RUN | RUN_3, "macros": MACROS},
    AIRFLOW_2: {
        "ti": INSTANCE | INSTANCE_2,
        "task_instance": INSTANCE | INSTANCE_2,
        "dag_run": RUN | RUN_2,
        "macros": MACROS,
    },
}
#: Where the libraries that the handler imports for a name come from: import name.
PENDULUM = frozenset(
    {
        "data_interval_end",
        "data_interval_start",
        "execution_date",
        "logical_date",
        "next_execution_date",
        "prev_execution_date",
    }
)


#: Objects whose text holds what no machine knows, as ids and times of Airflow's own.
WITHOUT_TEXT = frozenset({"dag_run", "task_instance", "ti"})
#: Arguments of a DAG that templates may show.
FACTS = frozenset(
    {
        "dag_display_name",
        "description",
        "doc_md",
        "max_active_runs",
        "max_active_tasks",
        "render_template_as_native_obj",
    }
)
#: What the handler's own objects answer for every DAG and task; what the file says of them comes besides.
DAG = frozenset(
    {
        "dag_id",
        "get_task",
        "get_template_env",
        "has_task",
        "params",
        "render_template_as_native_obj",
        "task_ids",
    }
)
TASK = frozenset(
    {
        "dag",
        "dag_id",
        "downstream_task_ids",
        "get_template_env",
        "operator_name",
        "owner",
        "params",
        "pool",
        "priority_weight",
        "queue",
        "render_template",
        "retries",
        "retry_delay",
        "task_id",
        "task_type",
        "template_ext",
        "trigger_rule",
        "upstream_task_ids",
    }
)


class Missing(NamedTuple):
    """Something that is asked for and not there."""

    what: str


def lacks(dialect: str, chain: tuple[str, ...], said: Mapping[str, frozenset[str]]) -> Missing | None:
    """What of `dag_run.conf.get` and its like the machine does not have; None where it has it, or cannot tell.

    `said`: by name (`dag`, `task`), the attributes that the file tells.
    """
    root = chain[0]
    if root in REFUSED or (root in ONLY[_other(dialect)] and root not in ONLY[dialect]):
        return Missing(root)
    known = said.get(root) or ATTRIBUTES[dialect].get(root)
    if known is not None and len(chain) > 1 and chain[1] not in known:
        return Missing(f"{root}.{chain[1]}")
    return None


def _other(dialect: str) -> str:
    return AIRFLOW_2 if dialect == AIRFLOW_3 else AIRFLOW_3

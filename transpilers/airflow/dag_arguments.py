"""What becomes of each argument of a DAG and a task group (`sdk/definitions/dag.py`, `taskgroup.py`, Airflow 3.3; for
2.11 `models/dag.py`, `utils/task_group.py`)."""

from __future__ import annotations

from transpilers.airflow.uses import Use, changes, no_effect, refused

#: Read by `lower`, `rendering` and `run_context`.
DAG_KEPT = frozenset(
    {
        "dagrun_timeout",
        "fail_fast",
        "fail_stop",
        "jinja_environment_kwargs",
        "params",
        "render_template_as_native_obj",
        "schedule",
        "schedule_interval",
        "template_searchpath",
        "template_undefined",
        "timetable",
        "user_defined_filters",
        "user_defined_macros",
    }
)
GROUP_KEPT = frozenset({"group_display_name"})

CREATED = "decides which runs are created, not what a run does"
PEOPLE = "shown to people only"
CALLBACK = "the function is called by Airflow's scheduler, which the machine does not have"

DAG_ARGUMENTS: dict[str, Use] = {
    **no_effect(PEOPLE, "dag_display_name", "description", "doc_md", "owner_links", "tags"),
    **no_effect(CREATED, "start_date", "end_date", "catchup", "is_paused_upon_creation", "allowed_run_types"),
    **no_effect("says who may see and start the DAG in Airflow", "access_control"),
    **no_effect("how Airflow finds the DAG in its file", "auto_register"),
    **no_effect("which version of the file Airflow runs", "disable_bundle_versioning", "rerun_with_latest_version"),
    **changes("any number of runs may be active at once", "max_active_runs"),
    **changes("any number of a run's tasks may run at once", "max_active_tasks"),
    **changes("failed runs do not pause the machine", "max_consecutive_failed_dag_runs", harmless=(0,)),
    **refused(CALLBACK, "on_failure_callback", "on_success_callback", "deadline"),
    **no_effect("removed in Airflow 3, which ignores it too", "sla_miss_callback"),
}

#: The same for Airflow 2.
DAG_ARGUMENTS_2: dict[str, Use] = {
    **DAG_ARGUMENTS,
    **no_effect(PEOPLE, "default_view", "orientation"),
    **no_effect("where the file lies, which Airflow finds out itself", "full_filepath"),
    **changes("any number of a run's tasks may run at once", "concurrency"),
    **refused(CALLBACK, "sla_miss_callback"),
}

GROUP_ARGUMENTS: dict[str, Use] = {
    **no_effect(PEOPLE, "doc_md", "tooltip", "ui_color", "ui_fgcolor"),
    **no_effect("already part of the ids of its tasks", "add_suffix_on_collision", "prefix_group_id"),
}

"""What becomes of each argument that every operator takes (`sdk/bases/operator.py` of Airflow 3.3,
`models/baseoperator.py` of 2.11)."""

from __future__ import annotations

from transpilers.airflow.uses import Use, changes, no_effect, refused

#: Read by `policies`, `scopes`, `decisions`, `mapping` and the operators.
KEPT = frozenset(
    {
        "execution_timeout",
        "do_xcom_push",
        "is_setup",
        "is_teardown",
        "max_active_tis_per_dag",
        "max_active_tis_per_dagrun",
        "max_retry_delay",
        "on_failure_fail_dagrun",
        "params",
        "retries",
        "retry_delay",
        "retry_exponential_backoff",
        "retry_policy",
        "trigger_rule",
    }
)

PAST = "the task waits until it has ended well in the run before, and runs of a machine do not know of each other"
CALLBACK = "the function is called by Airflow's workers, which the machine does not have"
WORKERS = "tasks run in the machine's function, not on workers chosen by this"

TASK_ARGUMENTS: dict[str, Use] = {
    **no_effect("shown to people only", "doc", "doc_json", "doc_md", "doc_rst", "doc_yaml", "owner"),
    **no_effect("shown to people only", "map_index_template", "task_display_name"),
    **no_effect("names a logger; all output of a task is kept", "logger_name"),
    **no_effect("orders tasks that wait for a free worker; the machine's tasks wait for none", "priority_weight"),
    **no_effect("orders tasks that wait for a free worker; the machine's tasks wait for none", "weight_rule"),
    **no_effect(
        "concerns operators made inside a task, which the code that ships cannot make", "allow_nested_operators"
    ),
    **no_effect("removed in Airflow 3, which ignores it too", "sla"),
    **no_effect("says when mails are sent to `email`", "email_on_failure", "email_on_retry"),
    **no_effect("only with depends_on_past, which is refused", "ignore_first_depends_on_past"),
    **no_effect("only with depends_on_past, which is refused", "wait_for_past_depends_before_skipping"),
    **no_effect("marks the task whose value is shown as the run's result", "returns_dag_result"),
    **no_effect("only with a deferred start, which is refused", "start_trigger_args"),
    **changes("no e-mail is sent when the task fails or is retried", "email"),
    **changes("the machine runs the task in every run, whatever its date", "start_date", "end_date"),
    **changes(WORKERS, "queue", "executor", "executor_config", "resources"),
    **refused(CALLBACK, "on_execute_callback", "on_failure_callback", "on_retry_callback", "on_skipped_callback"),
    **refused(CALLBACK, "on_success_callback", "pre_execute", "post_execute"),
    **refused(PAST, "depends_on_past", "wait_for_downstream"),
    **refused("the pool bounds how many tasks run at once", "pool", harmless=("default_pool",)),
    **refused("it bounds how many tasks run at once", "pool_slots", harmless=(1,)),
    **refused("the task reads or makes assets, which start other DAGs", "inlets", "outlets"),
    **refused("the task runs as another user", "run_as_user"),
    **refused("plain strings would be read as Python values", "render_template_as_native_obj"),
    **refused("the task starts in Airflow's triggerer", "start_from_trigger"),
}

#: The same for Airflow 2.
TASK_ARGUMENTS_2: dict[str, Use] = {
    **TASK_ARGUMENTS,
    **changes("nobody is told that the task ended late", "sla"),
    **refused("it bounds how many tasks run at once", "task_concurrency"),
}

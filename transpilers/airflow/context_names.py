"""Names of Airflow that a task's code may import, and what answers to them in the handler."""

from __future__ import annotations

CURRENT = "handler.context.current"
STATE = "handler.context.state"
VARIABLES = "handler.context.variables"

_HOMES = {
    f"{CURRENT}:get_current_context": (
        "airflow.sdk.get_current_context",
        "airflow.sdk.definitions.context.get_current_context",
        "airflow.operators.python.get_current_context",
        "airflow.providers.standard.operators.python.get_current_context",
    ),
    f"{VARIABLES}:Variable": (
        "airflow.sdk.Variable",
        "airflow.models.Variable",
        "airflow.models.variable.Variable",
        "airflow.sdk.definitions.variable.Variable",
    ),
    f"{VARIABLES}:BaseHook": (
        "airflow.sdk.BaseHook",
        "airflow.sdk.bases.hook.BaseHook",
        "airflow.hooks.base.BaseHook",
        "airflow.hooks.base_hook.BaseHook",
    ),
    "handler.context.weekday:WeekDay": (
        "airflow.providers.standard.utils.weekday.WeekDay",
        "airflow.utils.weekday.WeekDay",
    ),
    f"{STATE}:NEVER_EXPIRE": ("airflow.sdk.execution_time.context.NEVER_EXPIRE",),
    "handler.operators.base:BaseOperator": (
        "airflow.sdk.BaseOperator",
        "airflow.sdk.bases.operator.BaseOperator",
        "airflow.models.BaseOperator",
        "airflow.models.baseoperator.BaseOperator",
    ),
    "handler.operators.base:apply_defaults": ("airflow.utils.decorators.apply_defaults",),
    "handler.context.connection:Connection": (
        "airflow.sdk.Connection",
        "airflow.models.Connection",
        "airflow.models.connection.Connection",
        "airflow.sdk.definitions.connection.Connection",
    ),
}
CONTEXT_REPLACEMENTS = {home: target for target, homes in _HOMES.items() for home in homes}

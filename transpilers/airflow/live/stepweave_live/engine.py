"""Airflow's own classes and what it ships with, which version 2 keeps elsewhere than version 3."""

from __future__ import annotations

import functools
from datetime import timedelta
from types import ModuleType
from typing import Any, NamedTuple

#: What Airflow ships with, where its signature shows what the configuration says instead.
SHIPPED: dict[str, Any] = {
    "owner": "airflow",
    "queue": "default",
    "pool": "default_pool",
    "weight_rule": "downstream",
    "retries": 0,
    "retry_delay": timedelta(seconds=300),
    "execution_timeout": None,
    "email_on_failure": True,
    "email_on_retry": True,
    # A DAG without one takes that of its default_args.
    "start_date": None,
    "catchup": False,
    "max_active_tasks": 16,
    "max_active_runs": 16,
    "max_consecutive_failed_dag_runs": 0,
    "disable_bundle_versioning": False,
}
SHIPPED_2: dict[str, Any] = {**SHIPPED, "catchup": True, "default_view": "grid", "orientation": "LR"}


class Engine(NamedTuple):
    """`major`: 2 or 3; `xcom_arg`: the module of the references to outputs."""

    major: int
    dag: type[Any]
    operator: type[Any]
    mapped: type[Any]
    dag_param: type[Any]
    xcom_arg: ModuleType
    dag_context: Any
    group_context: Any
    shipped: dict[str, Any]


@functools.cache
def engine() -> Engine:
    """The Airflow of this interpreter."""
    import airflow

    return _second() if airflow.__version__.startswith("2.") else _third()


def clear_contexts(module: str) -> None:
    """Forget the DAGs and groups that a file left open; DAGs made from now on register as those of `module`."""
    found = engine()
    found.dag_context.autoregistered_dags.clear()
    found.dag_context.current_autoregister_module_name = module
    if found.major == 3:
        for stack in (found.dag_context, found.group_context):
            stack._context.clear()
        return
    found.dag_context._context_managed_dags.clear()
    found.group_context._context_managed_task_group = None
    found.group_context._previous_context_managed_task_groups.clear()


def _third() -> Engine:
    from airflow.sdk import DAG, BaseOperator
    from airflow.sdk.definitions import xcom_arg
    from airflow.sdk.definitions._internal.contextmanager import DagContext, TaskGroupContext
    from airflow.sdk.definitions.mappedoperator import MappedOperator
    from airflow.sdk.definitions.param import DagParam

    return Engine(3, DAG, BaseOperator, MappedOperator, DagParam, xcom_arg, DagContext, TaskGroupContext, SHIPPED)


def _second() -> Engine:
    import importlib

    where = {
        name: importlib.import_module(f"airflow.{name}")
        for name in (
            "models.baseoperator",
            "models.dag",
            "models.mappedoperator",
            "models.param",
            "models.xcom_arg",
            "utils.task_group",
        )
    }
    return Engine(
        2,
        where["models.dag"].DAG,
        where["models.baseoperator"].BaseOperator,
        where["models.mappedoperator"].MappedOperator,
        where["models.param"].DagParam,
        where["models.xcom_arg"],
        where["models.dag"].DagContext,
        where["utils.task_group"].TaskGroupContext,
        SHIPPED_2,
    )

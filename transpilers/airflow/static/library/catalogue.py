"""Names of libraries to what they stand for."""

from __future__ import annotations

from datetime import UTC
from functools import lru_cache

from transpilers.airflow.classes import operator_class
from transpilers.airflow.static.graph.nodes import Decorator, Operator
from transpilers.airflow.static.values import Ref, Value, Zone

SDK = "airflow.sdk"
#: What Airflow's names are called since Airflow 3, by the names they have had.
AIRFLOW: dict[str, str] = {
    **dict.fromkeys(("airflow.DAG", "airflow.models.DAG", "airflow.models.dag.DAG"), f"{SDK}.DAG"),
    **dict.fromkeys(("airflow.sdk.definitions.dag.DAG", "airflow.models.dag.dag.DAG"), f"{SDK}.DAG"),
    **dict.fromkeys(("airflow.utils.task_group.TaskGroup", "airflow.sdk.TaskGroup"), f"{SDK}.TaskGroup"),
    "airflow.sdk.definitions.taskgroup.TaskGroup": f"{SDK}.TaskGroup",
    **dict.fromkeys(("airflow.utils.edgemodifier.Label", "airflow.sdk.definitions.edges.Label"), f"{SDK}.Label"),
    **dict.fromkeys(("airflow.utils.edgemodifier.EdgeModifier", "airflow.sdk.EdgeModifier"), f"{SDK}.Label"),
    **dict.fromkeys(("airflow.models.xcom_arg.XComArg", "airflow.models.XComArg"), f"{SDK}.XComArg"),
    **dict.fromkeys(("airflow.models.param.Param", "airflow.models.Param"), f"{SDK}.Param"),
    **dict.fromkeys(("airflow.models.Variable", "airflow.models.variable.Variable"), f"{SDK}.Variable"),
    **dict.fromkeys(("airflow.datasets.Dataset", "airflow.Dataset", "airflow.assets.Asset"), f"{SDK}.Asset"),
    "airflow.sdk.definitions.asset.Asset": f"{SDK}.Asset",
    "airflow.hooks.base_hook.BaseHook": f"{SDK}.BaseHook",
    "airflow.hooks.base.BaseHook": f"{SDK}.BaseHook",
    "airflow.models.dag.dag": f"{SDK}.dag",
}
for _name in ("chain", "chain_linear", "cross_downstream"):
    for _home in (
        "airflow.models.baseoperator",
        "airflow.utils.helpers",
        "airflow.sdk.bases.operator",
        "airflow.models",
    ):
        AIRFLOW[f"{_home}.{_name}"] = f"{SDK}.{_name}"
for _name in ("task", "dag", "task_group", "setup", "teardown", "result"):
    for _home in ("airflow.decorators", "airflow.sdk.definitions.decorators", "airflow.decorators.task_group"):
        AIRFLOW[f"{_home}.{_name}"] = f"{SDK}.{_name}"
AIRFLOW["airflow.decorators.python.python_task"] = f"{SDK}.task"

DECORATORS = frozenset(f"{SDK}.{name}" for name in ("task", "dag", "task_group", "setup", "teardown"))
#: Enumerations of strings, each named by its own name in capitals.
ENUMERATIONS = frozenset(
    f"{home}.{name}"
    for name, module in (("TriggerRule", "trigger_rule"), ("WeightRule", "weight_rule"))
    for home in (f"airflow.utils.{module}", f"airflow.task.{module}", "airflow.sdk", "airflow.sdk.api")
)
CONSTANTS: dict[str, Value] = {
    "datetime.timezone.utc": UTC,
    "datetime.UTC": UTC,
    "pendulum.UTC": Zone("UTC", foreign=True),
    "pendulum.timezone.UTC": Zone("UTC", foreign=True),
    "pytz.utc": Zone("UTC", foreign=True),
    "pytz.UTC": Zone("UTC", foreign=True),
    "airflow.utils.timezone.utc": Zone("UTC", foreign=True),
    "os.sep": "/",
    "os.linesep": "\n",
    "math.pi": 3.141592653589793,
    "string.ascii_lowercase": "abcdefghijklmnopqrstuvwxyz",
    "string.digits": "0123456789",
}


@lru_cache(maxsize=8192)
def library_value(name: str) -> Value:
    """What a full name stands for: a constant, a decorator, a class of operators, or just the name."""
    name = AIRFLOW.get(name, name)
    if name in CONSTANTS:
        return CONSTANTS[name]
    if name in DECORATORS:
        return Decorator(name.rpartition(".")[2])
    home, _, last = name.rpartition(".")
    if home in ENUMERATIONS:
        return last.lower() if last.isupper() else Ref(name)
    if name.startswith("airflow."):
        found = operator_class(name)
        if found is not None:
            return Operator(found.name, found.fields, found.parameters)
    return Ref(name)

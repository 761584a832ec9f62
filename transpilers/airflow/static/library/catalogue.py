"""Names of libraries to what they stand for."""

from __future__ import annotations

from datetime import UTC
from functools import lru_cache

from transpilers.airflow.classes import operator_class
from transpilers.airflow.static.graph.nodes import Decorator, Operator
from transpilers.airflow.static.values import Ref, Value, Zone

SDK = "airflow.sdk"
#: Names with a meaning for the graph, in whatever module of Airflow they have been or are handed on by.
CLASSES = frozenset({"Asset", "AssetAlias", "BaseHook", "Connection", "DAG", "Label", "Param", "TaskGroup", "Variable"})
FUNCTIONS = frozenset({"chain", "chain_linear", "cross_downstream", "task", "dag", "task_group", "setup", "teardown"})
#: Modules whose functions of those names are the ones.
HOMES = (
    "airflow.sdk",
    "airflow.sdk.api",
    "airflow.sdk.bases.operator",
    "airflow.sdk.definitions.dag",
    "airflow.sdk.definitions.decorators",
    "airflow.sdk.definitions.decorators.task_group",
    "airflow.decorators",
    "airflow.decorators.task_group",
    "airflow.models",
    "airflow.models.baseoperator",
    "airflow.models.dag",
    "airflow.operators.python",
    "airflow.utils.helpers",
    "airflow.providers.common.compat.sdk",
)
RENAMED = {"Dataset": "Asset", "DatasetAlias": "AssetAlias", "EdgeModifier": "Label"}
#: Modules rather than functions, though their names are the same.
MODULES = frozenset({"airflow.models.dag", "airflow.sdk.definitions.dag"})
OTHERS = {"airflow.decorators.python.python_task": f"{SDK}.task"}


def current_name(name: str) -> str:
    """What Airflow 3 calls a name that matters to the graph."""
    home, _, last = name.rpartition(".")
    if not home.startswith("airflow"):
        return name
    last = RENAMED.get(last, last)
    if (
        last in CLASSES
        or last in ("TriggerRule", "WeightRule", "XComArg")
        or (last in FUNCTIONS and home in HOMES and name not in MODULES)
    ):
        return f"{SDK}.{last}"
    return OTHERS.get(name, name)


DECORATORS = frozenset(f"{SDK}.{name}" for name in ("task", "dag", "task_group", "setup", "teardown"))
#: Enumerations of strings, each named by its own name in capitals.
ENUMERATIONS = frozenset({f"{SDK}.TriggerRule", f"{SDK}.WeightRule"})
#: The live loader gives an Airflow enum as its value.
RETRY_ACTIONS = frozenset({f"{SDK}.RetryAction", f"{SDK}.definitions.retry_policy.RetryAction"})
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
#: In the order in which Airflow 3 has them.
TRIGGER_RULES = (
    "all_success",
    "all_failed",
    "all_done",
    "all_done_min_one_success",
    "all_done_setup_success",
    "one_success",
    "one_failed",
    "one_done",
    "none_failed",
    "none_skipped",
    "always",
    "none_failed_min_one_success",
    "all_skipped",
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
    name = current_name(name)
    if name in CONSTANTS:
        return CONSTANTS[name]
    if name in DECORATORS:
        return Decorator(name.rpartition(".")[2])
    home, _, last = name.rpartition(".")
    if home.endswith("utils.weekday.WeekDay") and last in DAYS:
        return DAYS.index(last) + 1
    if home in RETRY_ACTIONS:
        return last.lower() if last.isupper() else Ref(name)
    if home in ENUMERATIONS:
        return last.lower() if last.isupper() else Ref(name)
    if "." in name:
        found = operator_class(name) or (operator_class(f"{SDK}.{last}") if name.startswith("airflow.") else None)
        if found is not None:
            return Operator(found.name, found.fields, found.parameters)
    return Ref(name)

"""Which operators are supported, and the true reasons for the others."""

from __future__ import annotations

from transpilers.airflow.operators.bash import BASH
from transpilers.airflow.operators.bash_decorated import BASH_DECORATED
from transpilers.airflow.operators.dates import BRANCH_DATETIME, BRANCH_DAY_OF_WEEK
from transpilers.airflow.operators.empty import EMPTY
from transpilers.airflow.operators.latest_only import LATEST_ONLY
from transpilers.airflow.operators.lowered import Family
from transpilers.airflow.operators.python import BRANCH, PYTHON, SHORT_CIRCUIT
from transpilers.airflow.operators.time_delta import TIME_DELTA

STANDARD = "airflow.providers.standard"

#: Class names of Airflow 3, then those of older versions.
OPERATORS: dict[str, Family] = {
    f"{STANDARD}.operators.bash.BashOperator": BASH,
    f"{STANDARD}.decorators.bash._BashDecoratedOperator": BASH_DECORATED,
    f"{STANDARD}.operators.empty.EmptyOperator": EMPTY,
    f"{STANDARD}.operators.python.PythonOperator": PYTHON,
    f"{STANDARD}.decorators.python._PythonDecoratedOperator": PYTHON,
    f"{STANDARD}.operators.python.BranchPythonOperator": BRANCH,
    f"{STANDARD}.decorators.branch_python._BranchPythonDecoratedOperator": BRANCH,
    f"{STANDARD}.operators.python.ShortCircuitOperator": SHORT_CIRCUIT,
    f"{STANDARD}.decorators.short_circuit._ShortCircuitDecoratedOperator": SHORT_CIRCUIT,
    f"{STANDARD}.operators.datetime.BranchDateTimeOperator": BRANCH_DATETIME,
    f"{STANDARD}.operators.weekday.BranchDayOfWeekOperator": BRANCH_DAY_OF_WEEK,
    "airflow.operators.datetime.BranchDateTimeOperator": BRANCH_DATETIME,
    "airflow.operators.weekday.BranchDayOfWeekOperator": BRANCH_DAY_OF_WEEK,
    f"{STANDARD}.operators.latest_only.LatestOnlyOperator": LATEST_ONLY,
    f"{STANDARD}.sensors.time_delta.TimeDeltaSensor": TIME_DELTA,
    f"{STANDARD}.sensors.time_delta.TimeDeltaSensorAsync": TIME_DELTA,
    "airflow.operators.latest_only.LatestOnlyOperator": LATEST_ONLY,
    "airflow.operators.bash.BashOperator": BASH,
    "airflow.decorators.bash._BashDecoratedOperator": BASH_DECORATED,
    "airflow.operators.empty.EmptyOperator": EMPTY,
    "airflow.operators.python.PythonOperator": PYTHON,
    "airflow.operators.python.BranchPythonOperator": BRANCH,
    "airflow.decorators.branch_python._BranchPythonDecoratedOperator": BRANCH,
    "airflow.operators.python.ShortCircuitOperator": SHORT_CIRCUIT,
    "airflow.decorators.short_circuit._ShortCircuitDecoratedOperator": SHORT_CIRCUIT,
    "airflow.decorators.python._PythonDecoratedOperator": PYTHON,
}

#: By a part of the class's name, the first that fits.
REASONS = (
    ("Virtualenv", "it runs in a Python environment that is made for it"),
    ("ExternalPython", "it runs with an interpreter of the worker"),
    ("PythonExternal", "it runs with an interpreter of the worker"),
    ("BaseBranch", "it is a base class, and what its choose_branch() does is not known"),
    ("TimeSensor", "it waits until a time"),
    ("TimeDelta", "it waits until a time"),
    ("DayOfWeekSensor", "it waits until a time"),
    ("Sensor", "it waits for something outside"),
    ("TriggerDagRun", "it starts another DAG"),
    ("ExternalTask", "it belongs to another DAG"),
    ("HITL", "it waits for a person"),
    ("Approval", "it waits for a person"),
    ("Asset", "it makes assets, which start other DAGs"),
    ("Docker", "it runs a container"),
    ("Kubernetes", "it runs a container"),
)


#: Decorators by the class that they make, without `_` and `DecoratedOperator`.
DECORATORS = {
    "Bash": "@task.bash",
    "BranchExternalPython": "@task.branch_external_python",
    "BranchPython": "@task.branch",
    "BranchPythonVirtualenv": "@task.branch_virtualenv",
    "PythonExternal": "@task.external_python",
    "PythonVirtualenv": "@task.virtualenv",
    "ShortCircuit": "@task.short_circuit",
}


def reason(class_name: str) -> str:
    """Why there is no lowering for a class."""
    if not class_name.startswith("airflow."):
        return "it is a class of your own, and what its execute() does is not known"
    short = class_name.rpartition(".")[2]
    found = next((text for part, text in REASONS if part in short), None)
    return found or "there is no counterpart for it yet"


def title(class_name: str) -> str:
    """How people call it: decorated operators go by their decorator."""
    short = class_name.rpartition(".")[2]
    return DECORATORS.get(short.removeprefix("_").removesuffix("DecoratedOperator"), short)

"""Airflow's context: what it passes to callables that ask for it by the names of their parameters."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from transpilers.airflow.asking import REFUSED
from transpilers.airflow.call import CodeRef, Parameter
from transpilers.airflow.dialect import NEWEST
from transpilers.code import unused_parameters

#: `KNOWN_CONTEXT_KEYS` of `sdk/definitions/context.py`, Airflow 3.3; a test holds it to that.
CONTEXT_KEYS = frozenset(
    {
        "asset_state_store",
        "conn",
        "dag",
        "dag_run",
        "data_interval_end",
        "data_interval_start",
        "ds",
        "ds_nodash",
        "exception",
        "expanded_ti_count",
        "inlet_events",
        "inlets",
        "logical_date",
        "macros",
        "map_index_template",
        "outlet_events",
        "outlets",
        "params",
        "partition_date",
        "partition_key",
        "prev_data_interval_end_success",
        "prev_data_interval_start_success",
        "prev_end_date_success",
        "prev_start_date_success",
        "reason",
        "run_id",
        "task",
        "task_instance",
        "task_instance_key_str",
        "task_reschedule_count",
        "task_state_store",
        "templates_dict",
        "test_mode",
        "ti",
        "triggering_asset_events",
        "try_number",
        "ts",
        "ts_nodash",
        "ts_nodash_with_tz",
        "var",
    }
)


#: The same of `utils/context.py`, Airflow 2.11.
CONTEXT_KEYS_2 = CONTEXT_KEYS - {
    "asset_state_store",
    "partition_date",
    "partition_key",
    "task_reschedule_count",
    "task_state_store",
    "triggering_asset_events",
} | {
    "conf",
    "execution_date",
    "next_ds",
    "next_ds_nodash",
    "next_execution_date",
    "prev_ds",
    "prev_ds_nodash",
    "prev_execution_date",
    "prev_execution_date_success",
    "tomorrow_ds",
    "tomorrow_ds_nodash",
    "triggering_dataset_events",
    "yesterday_ds",
    "yesterday_ds_nodash",
}


#: Stands for all of the context.
WHOLE = "*"


class Asking(NamedTuple):
    """`names` of the context that a callable asks for, `*` for all; `faults`: what it cannot have, and why."""

    names: frozenset[str]
    faults: tuple[tuple[str, str], ...]


def asks_for_context(
    ref: CodeRef, parameters: tuple[Parameter, ...], positional: int, named: frozenset[str], major: int = NEWEST
) -> Asking:
    """What Airflow would fill from its context.

    `positional`: how many arguments are given by position; `named`: the names of the others. How Airflow binds them:
    `KeywordParameters.determine` in `sdk/bases/decorator.py`.
    """
    names: set[str] = set()
    faults: list[tuple[str, str]] = []
    keys = CONTEXT_KEYS if major == NEWEST else CONTEXT_KEYS_2
    for number, parameter in enumerate(parameters):
        if major == 2 and number < positional and parameter.sort == "keyword" and parameter.name in named | keys:
            # `*values` takes any number of arguments: 2.11 counts them against the parameters behind it.
            faults.append(
                (parameter.name, "stands where Airflow 2 counts an argument by position: the task fails there")
            )
        elif parameter.sort == "kwargs":
            if parameter.name not in _unused(ref):
                names.add(WHOLE)
        elif parameter.name in keys and parameter.name not in named and parameter.sort != "args":
            if number < positional and parameter.sort != "keyword":
                faults.append((parameter.name, "is reserved by Airflow's context"))
            elif parameter.name in REFUSED:
                faults.append((parameter.name, "is a part of Airflow's context that the machine does not have"))
            else:
                names.add(parameter.name)
    if names and any(parameter.sort == "kwargs" for parameter in parameters):
        # Called with a part of the context, it gets the rest as well, read or not.
        names.add(WHOLE)
    return Asking(frozenset(names), tuple(faults))


def _unused(ref: CodeRef) -> frozenset[str]:
    """Nothing is known to be unused where there is no source to look at."""
    if ref.span is None:
        return frozenset()
    try:
        return unused_parameters(Path(ref.span.path), ref.span.line)
    except (OSError, SyntaxError, ValueError):
        return frozenset()

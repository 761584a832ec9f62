"""Airflow's context: what it passes to callables that ask for it by the names of their parameters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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


def asks_for_context(
    ref: CodeRef, parameters: tuple[Parameter, ...], positional: int, named: frozenset[str], major: int = NEWEST
) -> Iterator[tuple[str, str]]:
    """Parameters that Airflow would fill from its context, each with what is said about it.

    `positional`: how many arguments are given by position; `named`: the names of the others. How Airflow binds them:
    `KeywordParameters.determine` in `sdk/bases/decorator.py`.
    """
    keys = CONTEXT_KEYS if major == NEWEST else CONTEXT_KEYS_2
    for number, parameter in enumerate(parameters):
        if parameter.sort == "kwargs":
            if parameter.name not in _unused(ref):
                yield parameter.name, "takes Airflow's whole context"
        elif parameter.name in keys and parameter.name not in named and parameter.sort != "args":
            by_position = number < positional and parameter.sort != "keyword"
            yield parameter.name, "is reserved by Airflow's context" if by_position else "is filled from its context"


def _unused(ref: CodeRef) -> frozenset[str]:
    """Nothing is known to be unused where there is no source to look at."""
    if ref.span is None:
        return frozenset()
    try:
        return unused_parameters(Path(ref.span.path), ref.span.line)
    except (OSError, SyntaxError, ValueError):
        return frozenset()

"""One operator call to a task whose code is still to be taken out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

from core_compiler.diagnostics import Sink
from core_compiler.ir import RETURN_VALUE, Output, Task
from transpilers.airflow import rules
from transpilers.airflow.asking import AIRFLOW_3
from transpilers.airflow.call import DagCall, Literal, OperatorCall, OutputRef, Value
from transpilers.airflow.decisions import decision
from transpilers.airflow.dialect import NEWEST
from transpilers.airflow.operators.lowered import Surroundings, check_templates, flag
from transpilers.airflow.policies import policies
from transpilers.airflow.rendering import Rendering
from transpilers.airflow.scopes import gates
from transpilers.airflow.shape import Shape
from transpilers.airflow.table import OPERATORS, reason, title
from transpilers.airflow.task_arguments import KEPT, TASK_ARGUMENTS, TASK_ARGUMENTS_2
from transpilers.airflow.uses import Site, account
from transpilers.code import CodeRequest


class Draft(NamedTuple):
    """A task, the callable that it lacks, and what that asks for of the run's context."""

    task: Task
    code: CodeRequest | None
    asks: frozenset[str]


def draft(
    call: OperatorCall, dag: DagCall, shape: Shape, sink: Sink, rendering: Rendering | None = None
) -> Draft | None:
    """The task of a call, or None after an error; every fault of the call is reported, not just the first."""
    site = Site(call.task_id, call.span or dag.span, sink)
    family = OPERATORS.get(call.class_name)
    if family is None:
        site.report(rules.OPERATOR_REFUSED, operator=title(call.class_name), reason=reason(call.class_name))
        return None
    kwargs = {name: value for name, value in call.kwargs.items() if not _as_dag(name, value, dag)}
    account(
        kwargs,
        KEPT | family.kept,
        {**(TASK_ARGUMENTS if shape.major == NEWEST else TASK_ARGUMENTS_2), **family.uses},
        site,
        family.title,
    )
    if call.mapped is not None:
        site.report(rules.MAPPED, what="the task")
        return None
    rendering = rendering or Rendering(dag, Path(), AIRFLOW_3)
    sound = check_templates(family, call, site, rendering)
    start = dag.kwargs.get("start_date", Literal(None))
    lowered = family.lower(call, site, Surroundings(partial(_output, dag), shape, start, rendering))
    decided = policies(call, site)
    if lowered is None or not sound:
        return None
    task = Task(
        id=call.task_id,
        component=lowered.component,
        args=lowered.args,
        kwargs=lowered.kwargs,
        rule=decided.rule,
        gates=gates(call.task_id, decided.rule, shape),
        cleanup=call.task_id in shape.teardowns,
        decision=decision(call, family.decides, shape),
        retry=decided.retry,
        timeout=decided.timeout,
        span=call.span,
    )
    return Draft(task, lowered.code, lowered.asks)


def _output(dag: DagCall, ref: OutputRef) -> Output:
    """A key that a task with multiple_outputs did not return reads as None (`PlainXComArg.resolve`)."""
    if ref.key == RETURN_VALUE:
        return Output(ref.task)
    source = next((call for call in dag.calls if call.task_id == ref.task), None)
    several = source is not None and flag(source.kwargs.get("multiple_outputs"), default=False)
    return Output(ref.task, ref.key, several)


def _as_dag(name: str, value: Value, dag: DagCall) -> bool:
    """Dates that a task has from its DAG decide which runs there are; only others decide about the task."""
    return name in ("start_date", "end_date") and value == dag.kwargs.get(name, Literal(None))

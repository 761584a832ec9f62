"""One operator call to a task whose code is still to be taken out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from core_compiler.diagnostics import Sink
from core_compiler.ir import RETURN_VALUE, Output, PythonCallable, Task, Wait
from transpilers.airflow import mapping_rules, rules
from transpilers.airflow.asking import AIRFLOW_3
from transpilers.airflow.call import CodeRef, DagCall, Literal, OperatorCall, OutputRef, Value
from transpilers.airflow.counting import miscounted
from transpilers.airflow.decisions import decision
from transpilers.airflow.dialect import NEWEST
from transpilers.airflow.mapping import mapped_group, unfolded
from transpilers.airflow.operators.lowered import Surroundings, check_templates, flag, suffixes_of
from transpilers.airflow.operators.own import own_family, settled
from transpilers.airflow.operators.python import locate
from transpilers.airflow.policies import policies
from transpilers.airflow.rendering import Rendering
from transpilers.airflow.scopes import gates
from transpilers.airflow.shape import Shape
from transpilers.airflow.table import OPERATORS, reason, title
from transpilers.airflow.task_arguments import KEPT, TASK_ARGUMENTS, TASK_ARGUMENTS_2
from transpilers.airflow.uses import Site, account
from transpilers.airflow.values import References
from transpilers.code import CodeRequest


class Draft(NamedTuple):
    """A task, the callable that it lacks, what that asks for of the run's context, and what its arguments apply.

    `functions` are callables that are applied to outputs, by what they are called so far.
    """

    task: Task
    code: CodeRequest | None
    asks: frozenset[str]
    functions: dict[str, CodeRequest]


def draft(
    call: OperatorCall, dag: DagCall, shape: Shape, sink: Sink, rendering: Rendering | None = None
) -> Draft | None:
    """The task of a call, or None after an error; every fault of the call is reported, not just the first."""
    site = Site(call.task_id, call.span or dag.span, sink)
    family = OPERATORS.get(call.class_name) or own_family(call)
    if family is None:
        why = reason(call.class_name)
        site.report(rules.OPERATOR_REFUSED, operator=title(call.class_name), reason=why)
        return None
    kwargs = {name: value for name, value in call.kwargs.items() if not _as_dag(name, value, dag)}
    of_all = TASK_ARGUMENTS if shape.major == NEWEST else {**TASK_ARGUMENTS_2, **family.second}
    account(kwargs, KEPT | family.kept, {**of_all, **family.uses}, site, family.title)
    rendering = rendering or Rendering(dag, Path(), AIRFLOW_3)
    functions = Functions(call.task_id, site, shape.major)
    references = References(partial(_output, dag, call.task_id), functions.name)
    around = Surroundings(references, shape, dag.kwargs.get("start_date", Literal(None)), rendering)
    decided = policies(call, site, rendering.path)
    suffixes = suffixes_of(family, call)
    item = unfolded(
        call, dag, family, references, site, None if family.raw else lambda words: rendering.text(words, suffixes)
    )
    if item is None:
        return None
    if item.mapping is not None and shape.major == NEWEST:
        wrong = miscounted(item.mapping)
        for name in wrong:
            site.report(mapping_rules.MISCOUNTED, argument=name)
        if wrong:
            return None
    sound = [check_templates(family, shown, site, rendering) for shown in item.shown]
    lowered = [family.lower(shown, site, around) for shown in item.shown if item.settings]
    lowered.append(family.lower(item.call, site, around))
    if None in lowered or not all(sound):
        return None
    [*_, made] = lowered
    assert made is not None
    component = made.component
    if isinstance(component, PythonCallable) and item.more_kwargs is not None and ".decorators." not in call.class_name:
        component = msgspec.structs.replace(component, known_only=True)
    if isinstance(component, PythonCallable) and component.operator is not None and item.mapping is not None:
        component = settled(component, item.mapping, tuple(item.settings), site)
        if component is None:
            return None
    if isinstance(component, Wait) and item.mapping is not None:
        why = "in a mapped group each item would wait by itself"
        site.report(rules.OPERATOR_REFUSED, operator=title(call.class_name), reason=why)
        return None
    task = Task(
        id=call.task_id,
        component=component,
        args=made.args,
        kwargs={**made.kwargs, **item.settings},
        more_args=item.more_args,
        more_kwargs=item.more_kwargs,
        mapping=item.mapping,
        rule=decided.rule,
        gates=gates(call.task_id, decided.rule, shape),
        cleanup=call.task_id in shape.teardowns,
        decision=decision(call, family.decides, shape),
        retry=decided.retry,
        timeout=decided.timeout,
        span=call.span,
    )
    return Draft(task, made.code, made.asks, functions.requests)


class Functions:
    """Names for the functions that a task's arguments apply, and what is to be taken out for them."""

    def __init__(self, task: str, site: Site, major: int) -> None:
        self._task = task
        self._major = major
        self._site = site
        self.requests: dict[str, CodeRequest] = {}

    def name(self, ref: CodeRef) -> str:
        """What it is called until its code is taken out; a fault is reported."""
        located = locate(ref, self._task, self._site, self._major)
        if located is None or located[1] is None:
            return located[0] if located else ""
        name = f"#{len(self.requests)}"
        self.requests[name] = located[1]
        return name


def _output(dag: DagCall, reader: str, ref: OutputRef) -> Output:
    """A key that a task with multiple_outputs did not return reads as None (`PlainXComArg.resolve`)."""
    group = mapped_group(ref.task, dag)
    listed = group is not None and mapped_group(reader, dag) != group
    if ref.key == RETURN_VALUE:
        return Output(ref.task, listed=listed)
    source = next((call for call in dag.calls if call.task_id == ref.task), None)
    several = source is not None and flag(source.kwargs.get("multiple_outputs"), default=False)
    return Output(ref.task, ref.key, several, listed)


def _as_dag(name: str, value: Value, dag: DagCall) -> bool:
    """Dates that a task has from its DAG decide which runs there are; only others decide about the task."""
    return name in ("start_date", "end_date") and value == dag.kwargs.get(name, Literal(None))

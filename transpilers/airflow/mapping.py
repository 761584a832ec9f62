"""What a task or group is expanded over, as a mapping of the IR (`sdk/definitions/_internal/expandinput.py`).

A mapped task of the wire says what `partial` was given, and apart from it what it is expanded over. A decorated task's
items are arguments of its function, any other's are arguments of its operator.
"""

from __future__ import annotations

from collections.abc import Mapping as Names
from typing import NamedTuple

import msgspec

from core_compiler import ir
from core_compiler.ir import Argument
from transpilers.airflow import mapping_rules as rules
from transpilers.airflow.call import (
    DagCall,
    Dict,
    GroupCall,
    ItemRef,
    List,
    Literal,
    Mapped,
    OperatorCall,
    OutputRef,
    Value,
    XComConcat,
    XComMap,
    XComZip,
)
from transpilers.airflow.dialect import NEWEST
from transpilers.airflow.jinja import BadTemplate
from transpilers.airflow.operators.lowered import Family
from transpilers.airflow.rendering import NoFile
from transpilers.airflow.uses import Site
from transpilers.airflow.values import NotCarriedError, References, Text, argument, named

LIMITS = ("max_active_tis_per_dag", "max_active_tis_per_dagrun")
#: Sequences that only a run has.
OF_A_RUN = (OutputRef, XComMap, XComZip, XComConcat)
#: Fields of a task that items may fill, besides settings of its component.
ARGS, KWARGS = "args", "kwargs"


class Unfolded(NamedTuple):
    """A mapped call as one of its items would be called.

    `call`: with what items hold in the place of values. `shown`: with all values that are rendered, for checks.
    """

    call: OperatorCall
    shown: tuple[OperatorCall, ...]
    mapping: ir.Mapping | None = None
    more_args: Argument | None = None
    more_kwargs: Argument | None = None
    settings: Names[str, Argument] = {}


def unfolded(
    call: OperatorCall, dag: DagCall, family: Family, references: References, site: Site, text: Text | None
) -> Unfolded | None:
    """The call as it is for one item; None after an error. A call that is not mapped comes back as it is."""
    group = mapped_group(call.task_id, dag)
    limit = _limit(call)
    if call.mapped is None:
        if group is None:
            if limit is not None and LIMITS[0] in call.kwargs:
                site.report(rules.LIMIT_ACROSS_RUNS)
            return Unfolded(call, (call,))
        assert group.mapped is not None
        mapping = _mapping(group.mapped, references, site, None)
        if family.decides is not None:
            site.report(rules.DECIDES, what="in a mapped group")
            return None
        if mapping is None or _reads_group(mapping, dag, site):
            return None
        return Unfolded(call, (call,), msgspec.structs.replace(mapping, group=group.id, limit=limit))
    if group is not None or family.decides is not None:
        site.report(rules.DECIDES, what="mapped itself")
        return None
    mapping = _mapping(call.mapped, references, site, text)
    if mapping is None or _reads_group(mapping, dag, site):
        return None
    # The user's own class renders its fields when it has been made.
    mapping = msgspec.structs.replace(mapping, limit=limit, rendered=_is_rendered(mapping) and not family.raw)
    if ".decorators." in call.class_name:
        return _decorated(call, call.mapped, mapping)
    return _operator(call, call.mapped, mapping, family, site)


def _reads_group(mapping: ir.Mapping, dag: DagCall, site: Site) -> bool:
    inside = [(task, group) for task in mapping.reads() if (group := mapped_group(task, dag)) is not None]
    for task, group in inside:
        site.report(rules.MAPPED_GROUP_OUTPUT, task=task, group=group.id)
    return bool(inside)


def mapped_group(task: str, dag: DagCall) -> GroupCall | None:
    """The mapped group that a task is in, at whatever depth."""
    groups = {group.id: group for group in dag.groups}
    around = next((group for group in dag.groups if task in group.tasks), None)
    while around is not None and around.mapped is None:
        around = groups.get(around.parent or "")
    return around


def _limit(call: OperatorCall) -> int | None:
    given = [call.kwargs.get(name) for name in LIMITS]
    numbers = [value.value for value in given if isinstance(value, Literal) and isinstance(value.value, int)]
    return min(numbers, default=None)


def _is_rendered(mapping: ir.Mapping) -> bool:
    """Airflow renders what dicts of a run hold, which it does in no other case (`ListOfDictsExpandInput.resolve`)."""
    return mapping.dicts and any(mapping.sources())


def _mapping(mapped: Mapped, references: References, site: Site, text: Text | None) -> ir.Mapping | None:
    listed = mapped.values.items if mapped.sort == "dicts" and isinstance(mapped.values, List) else ()
    unread = [name for item in listed for name, value in (named(item) or {}).items() if isinstance(value, OF_A_RUN)]
    for name in unread:
        site.report(rules.REFERENCE, argument=name)
    if unread:
        return None
    if any(isinstance(item, OF_A_RUN) for item in listed):
        # All of its items are rendered when they run.
        text = None
    values = {"": mapped.values} if mapped.sort == "dicts" else named(mapped.values)
    assert values is not None
    over: dict[str, Argument] = {}
    for name, value in values.items():
        try:
            over[name] = argument(value, references, text)
        except (BadTemplate, NoFile):
            # Said by `check_templates`, which looks at all that is mapped over.
            over[name] = ir.Literal([])
        except NotCarriedError as error:
            site.report(rules.OVER, name=name or "the list of dicts", reason=error)
    return ir.Mapping(over, dicts=mapped.sort == "dicts") if len(over) == len(values) else None


def _decorated(call: OperatorCall, mapped: Mapped, mapping: ir.Mapping) -> Unfolded:
    partial = call.kwargs.get("op_kwargs", Literal(None))
    known = partial.items if isinstance(partial, Dict) else ()
    if mapping.dicts:
        names = tuple(named(partial) or ()) if mapped.strict else ()
        shown = _with(call, op_args=List((mapped.values,)))
        mapping = msgspec.structs.replace(mapping, taken=names)
        return Unfolded(call, (call, shown), mapping, more_kwargs=ir.Item())
    values = mapped.values.items if isinstance(mapped.values, Dict) else ()
    items = tuple((name, ItemRef(str(name.value))) for name, _ in values if isinstance(name, Literal))
    shown = _with(call, op_kwargs=Dict((*known, *values)))
    return Unfolded(_with(call, op_kwargs=Dict((*known, *items))), (shown,), mapping)


def _operator(call: OperatorCall, mapped: Mapped, mapping: ir.Mapping, family: Family, site: Site) -> Unfolded | None:
    if mapping.dicts and not mapped.strict:
        site.report(rules.NOT_STRICT)
        return None
    variants = _variants(mapped)
    names = dict.fromkeys(name for variant in variants for name in variant) if mapping.dicts else mapping.over
    if mapping.dicts and not variants:
        names = dict.fromkeys(family.items)
    unfit = [name for name in names if name not in family.items]
    for name in unfit:
        site.report(rules.ARGUMENT, argument=name, operator=family.title)
    if unfit:
        return None
    fields = {family.items[name]: ir.Item(name) for name in names}
    mapping = msgspec.structs.replace(
        mapping, names=tuple(names) if mapping.dicts else None, taken=tuple(call.kwargs) if mapping.dicts else ()
    )
    return Unfolded(
        call,
        (call, *(_with(call, **variant) for variant in variants)),
        mapping,
        more_args=fields.pop(ARGS, None),
        more_kwargs=fields.pop(KWARGS, None),
        settings=fields,
    )


def _variants(mapped: Mapped) -> list[dict[str, Value]]:
    """Values that items are known to hold: each value of each argument once, or each dict."""
    if mapped.sort == "dicts":
        items = mapped.values.items if isinstance(mapped.values, List) else ()
        return [named(item) or {} for item in items if isinstance(item, Dict)]
    found: list[dict[str, Value]] = []
    for name, value in (named(mapped.values) or {}).items():
        known = value.items if isinstance(value, List) else ()
        found += [{name: item} for item in known]
    return found


def _with(call: OperatorCall, **kwargs: Value) -> OperatorCall:
    return msgspec.structs.replace(call, kwargs={**call.kwargs, **kwargs})


def renamed(value: Argument, names: Names[str, str]) -> Argument:
    """The argument with the callables that it applies by their true names."""
    match value:
        case ir.Apply(source, callables):
            return ir.Apply(renamed(source, names), tuple(names.get(one, one) for one in callables))
        case ir.Zip(sources, fill):
            return ir.Zip(tuple(renamed(one, names) for one in sources), fill)
        case ir.Concat(sources):
            return ir.Concat(tuple(renamed(one, names) for one in sources))
        case ir.ListOf(items):
            return ir.ListOf(tuple(renamed(one, names) for one in items))
        case ir.TupleOf(items):
            return ir.TupleOf(tuple(renamed(one, names) for one in items))
        case ir.DictOf(items):
            return ir.DictOf({key: renamed(one, names) for key, one in items.items()})
        case _:
            return value


def with_functions(task: ir.Task, names: Names[str, str]) -> ir.Task:
    """The task with the callables that its arguments and its shell apply by their true names."""
    if not names:
        return task
    mapping = task.mapping
    if mapping is not None:
        over = {name: renamed(one, names) for name, one in mapping.over.items()}
        mapping = msgspec.structs.replace(mapping, over=over)
    return msgspec.structs.replace(
        task,
        component=_with_processor(task.component, names),
        args=tuple(renamed(one, names) for one in task.args),
        kwargs={name: renamed(one, names) for name, one in task.kwargs.items()},
        mapping=mapping,
    )


def _with_processor(component: ir.Component, names: Names[str, str]) -> ir.Component:
    match component:
        case ir.Shell(processor=name):
            return msgspec.structs.replace(component, processor=names.get(name, name))
        case ir.PythonCallable(shell=ir.Shell(processor=name) as shell):
            shell = msgspec.structs.replace(shell, processor=names.get(name, name))
            return msgspec.structs.replace(component, shell=shell)
        case _:
            return component


def mapped_over(tasks: tuple[ir.Task, ...], major: int) -> tuple[ir.Task, ...]:
    """Mark the tasks whose values others are mapped over; the items of a mapped task need not be mappable.

    Airflow 2 takes those for such, too, whose values are parts of an item.
    """
    mappings = [task.mapping for task in tasks if task.mapping is not None]
    read = {name for one in mappings for name in (one.sources() if major == NEWEST else one.reads())}
    return tuple(
        msgspec.structs.replace(task, mapped_over=True) if task.id in read and task.mapping is None else task
        for task in tasks
    )

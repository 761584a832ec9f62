"""Live DAGs, groups and operators to `call.DagCall`.

A serialised DAG loses callables and callbacks, so the live objects are read. An argument is given where it was passed,
or where the attribute it became differs from the default that Airflow ships with: that also shows what the
configuration, `default_args` or a later assignment has changed.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from . import owning
from .callables import class_name
from .engine import engine
from .frames import MODULE, Frames
from .scalars import class_of
from .values import Values

#: Given by the structure of the DAG, or merged into each task.
STRUCTURE = frozenset(
    {
        "dag",
        "dag_id",
        "default_args",
        "expand_input",
        "group_id",
        "kwargs",
        "kwargs_to_upstream",
        "parent_group",
        "prefix_group_id",
        "self",
        "task_group",
        "task_id",
    }
)
#: Arguments that are kept under another name.
ATTRIBUTES = {"pre_execute": "_pre_execute_hook", "post_execute": "_post_execute_hook", "logger_name": "_logger_name"}
ATTRIBUTES["task_display_name"] = "_task_display_name"
#: What version 2 keeps under yet another name.
TASK_ATTRIBUTES_2 = {**ATTRIBUTES, "task_display_name": "_task_display_property_value", "weight_rule": ""}
#: The same for what version 2 has no attrs class for: its DAGs and groups. "": not kept at all.
ATTRIBUTES_2 = {
    "access_control": "_access_control",
    "add_suffix_on_collision": "",
    "concurrency": "",
    "dag_display_name": "_dag_display_property_value",
    "default_view": "_default_view",
    "description": "_description",
    "full_filepath": "",
    "schedule": "schedule_interval",
    "schedule_interval": "",
    "timetable": "",
}
FLAGS = ("is_setup", "is_teardown", "on_failure_fail_dagrun", "returns_dag_result", "start_from_trigger")
#: What a mapped task keeps beside what partial() was given.
OF_MAPPED = ("python_callable", "multiple_outputs", "start_date", "end_date")
PLAIN_TIMETABLES = (
    "ContinuousTimetable",
    "CronDataIntervalTimetable",
    "DeltaDataIntervalTimetable",
    "NullTimetable",
    "OnceTimetable",
)
MISSING = object()


def dag_call(dag: Any, frames: Frames) -> dict[str, Any]:
    """One DAG with everything in it."""
    values = Values(frames)
    groups: list[dict[str, Any]] = []
    _walk(dag.task_group, None, values, groups)
    return {
        "dag_id": dag.dag_id,
        **_arguments(dag, values),
        "calls": [_operator_call(task, values, frames) for task in dag.task_dict.values()],
        "edges": _edges(dag),
        "groups": groups,
        "timetable": _timetable(dag.timetable),
        "span": frames.span(dag),
    }


def _timetable(made: Any) -> dict[str, Any]:
    """What Airflow made of the schedule, in either version's names."""
    found: dict[str, Any] = {"class_name": class_name(class_of(made))}
    cron = getattr(made, "expression", None) or getattr(made, "_expression", None)
    zone = getattr(made, "timezone", None) or getattr(made, "_timezone", None)
    delta = getattr(made, "delta", None) or getattr(made, "_delta", None)
    width = getattr(made, "interval", None) or getattr(made, "_interval", None)
    if isinstance(cron, str):
        found["cron"] = cron
        found["zone"] = str(getattr(zone, "name", zone))
    if isinstance(delta, timedelta):
        found["seconds"] = delta.total_seconds()
    if isinstance(width, timedelta):
        found["width"] = width.total_seconds()
    return found


def _edges(dag: Any) -> list[dict[str, Any]]:
    order = {task_id: number for number, task_id in enumerate(dag.task_dict)}
    edges: list[dict[str, Any]] = []
    for task_id, task in dag.task_dict.items():
        for upstream in sorted(task.upstream_task_ids, key=lambda one: order.get(one, len(order))):
            info: dict[str, Any] = dag.edge_info.get(upstream, {}).get(task_id) or {}
            edges.append({"upstream": upstream, "downstream": task_id, "label": info.get("label") or ""})
    return edges


def _walk(group: Any, parent: str | None, values: Values, groups: list[dict[str, Any]]) -> None:
    tasks = [child.task_id for child in group.children.values() if hasattr(child, "task_id")]
    if group.group_id:
        found = {"id": group.group_id, "parent": parent, "tasks": tasks, **_arguments(group, values)}
        expand = getattr(group, "_expand_input", None)
        if expand is not None:
            found["mapped"] = _mapped(expand, values)
        groups.append(found)
    for child in group.children.values():
        if not hasattr(child, "task_id"):
            _walk(child, group.group_id, values, groups)


def _arguments(made: Any, values: Values) -> dict[str, Any]:
    """Arguments of a DAG or a group: those that differ from the defaults of its class, and those that do not."""
    sides: dict[str, dict[str, Any]] = {"kwargs": {}, "defaults": {}}
    for name, value, default in _of_attrs(made) if engine().major == 3 else _of_signature(made):
        side = "defaults" if _same(value, default) else "kwargs"
        sides[side][name] = value
    return {side: values.mapping(found) for side, found in sides.items()}


def _of_attrs(made: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, value and default of each."""
    import attr

    for field in attr.fields(class_of(made)):
        name = field.alias or field.name
        if not field.init or name in STRUCTURE:
            continue
        default: Any = engine().shipped.get(name, field.default)
        if isinstance(default, attr.Factory):  # pyright: ignore[reportArgumentType]
            default = default.factory(made) if default.takes_self else default.factory()
        yield name, getattr(made, field.name), default


def _of_signature(made: Any) -> Iterator[tuple[str, Any, Any]]:
    for name, parameter in inspect.signature(class_of(made).__init__).parameters.items():
        attribute = ATTRIBUTES_2.get(name, name)
        if name in STRUCTURE or not attribute or parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        value = getattr(made, attribute, MISSING)
        if value is not MISSING:
            yield name, value, engine().shipped.get(name, parameter.default)
    # A schedule that is no cron, preset or interval is only to be had as what it became.
    timetable = getattr(made, "timetable", None)
    if timetable is not None and type(timetable).__name__ not in PLAIN_TIMETABLES:
        yield "schedule", timetable, MISSING


def _operator_call(task: Any, values: Values, frames: Frames) -> dict[str, Any]:
    mapped = isinstance(task, engine().mapped)
    cls: type[Any] = task.operator_class if mapped else class_of(task)
    kwargs = _partial(task, cls) if mapped else _passed(task)
    given: dict[str, Any] = task.partial_kwargs if mapped else getattr(task, "_BaseOperator__init_kwargs", {})
    told = set(given) if mapped else frames.passed(task) | _default_arguments(task)
    derived = sorted(set(kwargs) - told)
    kwargs.update({flag: True for flag in FLAGS if getattr(task, flag, False)})
    call: dict[str, Any] = {
        "class_name": class_name(cls),
        "task_id": task.task_id,
        "kwargs": values.mapping(kwargs),
        "span": frames.span(task),
        "derived": derived,
        "defaults": values.mapping({name: given[name] for name in sorted(set(given) - set(kwargs) - STRUCTURE)}),
    }
    if (
        own := owning.own_class(
            task,
            cls,
            kwargs if mapped else given,
            set(kwargs) if mapped else frames.passed(task),
            _default_arguments(task) | frames.defaults(task),
            values,
            frames,
        )
    ) is not None:
        call["own"] = own
    if mapped:
        strict = getattr(task, "_disallow_kwargs_override", True)
        expand = getattr(task, "op_kwargs_expand_input", None) or task.expand_input
        call["mapped"] = _mapped(expand, values, strict=strict)
    return call


def _default_arguments(task: Any) -> set[str]:
    """Names in the `default_args` of the DAG and the groups around a task."""
    names: set[str] = set(getattr(task.dag, "default_args", None) or ())
    group = getattr(task, "task_group", None)
    while group is not None:
        names.update(getattr(group, "default_args", None) or ())
        group = getattr(group, "parent_group", None)
    return names


def _passed(task: Any) -> dict[str, Any]:
    passed: dict[str, Any] = getattr(task, "_BaseOperator__init_kwargs", {})
    attributes = ATTRIBUTES if engine().major == 3 else TASK_ATTRIBUTES_2
    base = set(_parameters(engine().operator))
    found: dict[str, Any] = {}
    for name, default in _parameters(class_of(task)).items():
        default = engine().shipped.get(name, default)
        live = getattr(task, attributes.get(name, name), MISSING)
        # A class of the file may have changed what it was given before it handed it on.
        kept = name in base or not _of_library(task)
        value = live if kept and live is not MISSING else passed.get(name, live)
        if value is not MISSING and not _same(value, default):
            found[name] = value
    # A class may take what its signature does not name.
    found.update({name: value for name, value in passed.items() if name not in found and name not in STRUCTURE | base})
    return found


def _of_library(task: Any) -> bool:
    return class_of(task).__module__ != MODULE


def _partial(task: Any, cls: type[Any]) -> dict[str, Any]:
    defaults = {**_parameters(cls), **engine().shipped}
    passed = {name: value for name, value in task.partial_kwargs.items() if name not in STRUCTURE}
    own = {name: getattr(task, name) for name in OF_MAPPED if hasattr(task, name)}
    passed = {**own, **passed}
    found = {name: value for name, value in passed.items() if not _same(value, defaults.get(name, MISSING))}
    # `@task(...).partial()` adds these itself.
    return {name: value for name, value in found.items() if value or name not in (*FLAGS, "op_args", "op_kwargs")}


def _mapped(expand: Any, values: Values, *, strict: bool = True) -> dict[str, Any]:
    sort = "dicts" if type(expand).__name__ == "ListOfDictsExpandInput" else "kwargs"
    return {"kind": "mapped", "sort": sort, "values": values.encode(expand.value), "strict": strict}


def _parameters(cls: type) -> dict[str, Any]:
    """Parameters of all constructors of a class, by name, with their defaults."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        init = vars(base).get("__init__")
        if init is None or base is object or not issubclass(base, engine().operator):
            continue
        for name, parameter in inspect.signature(init).parameters.items():
            if name not in STRUCTURE and parameter.kind is not inspect.Parameter.VAR_KEYWORD:
                found[name] = MISSING if parameter.default is inspect.Parameter.empty else parameter.default
    return found


def _same(value: Any, default: Any) -> bool:
    """Whether a value is the default, or what a constructor makes of it (an empty or a one-item container)."""
    if value is default:
        return True
    try:
        if default is None or default == ():
            return (isinstance(value, (list, tuple, dict, set)) and not value) or _no_params(value)
        return bool(value == default or value == [default])
    except Exception:
        # Some libraries' values refuse to be compared: those are no defaults.
        return False


def _no_params(value: Any) -> bool:
    return type(value).__name__ == "ParamsDict" and not value

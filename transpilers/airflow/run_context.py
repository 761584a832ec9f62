"""What a DAG's runs know of themselves: `ir.RunContext` from the wire."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

import msgspec

from core_compiler.emit.begin import uses_context
from core_compiler.ir import Param, RunContext, Task, TaskFacts, Templates, UserObject
from handler.operators.names import ARGUMENTS
from transpilers.airflow import rules
from transpilers.airflow.asking import FACTS
from transpilers.airflow.call import CodeRef, DagCall, Delta, Literal, ObjectCall, OperatorCall, Tuple, Value
from transpilers.airflow.operators.lowered import suffixes_of
from transpilers.airflow.operators.python import request
from transpilers.airflow.rendering import Rendering
from transpilers.airflow.shape import Shape
from transpilers.airflow.table import OPERATORS, title
from transpilers.airflow.timetables import timetable
from transpilers.airflow.uses import Site
from transpilers.airflow.values import NotCarriedError, codec, named
from transpilers.code import CodeRequest

UNDEFINED = frozenset({"ChainableUndefined", "DebugUndefined", "StrictUndefined", "Undefined"})
OPTIONS = frozenset({"autoescape", "extensions", "keep_trailing_newline", "lstrip_blocks", "trim_blocks"})
#: What Airflow gives a task that does not say otherwise, as far as templates show it.
TASK_DEFAULTS: dict[str, object] = {
    "owner": "airflow",
    "pool": "default_pool",
    "priority_weight": 1,
    "queue": "default",
    "retries": 0,
    "retry_delay": {"$type": "timedelta", "$value": 300.0},
    "trigger_rule": "all_success",
}
#: A number of seconds becomes a timedelta there.
DELAYS = frozenset({"max_retry_delay", "retry_delay"})
#: What a sensor's constructor makes of the durations that it is given, or is not.
OF_SENSORS = frozenset({"max_wait", "poke_interval", "timeout"})
#: Names that the handler's own objects answer by themselves.
TAKEN = frozenset({"dag", "dag_id", "params", "task_id", "task_type", "upstream_task_ids", "downstream_task_ids"})


def run_context(
    dag: DagCall, tasks: Iterable[Task], shape: Shape, rendering: Rendering, site: Site, code: Mapping[str, str]
) -> RunContext:
    """The context, with the facts of those tasks that use it.

    `code`: where the user's functions went that templates call, by name.
    """
    using = [task.id for task in tasks if uses_context(task)]
    calls = {call.task_id: call for call in dag.calls}
    own = params(dag.kwargs.get("params"), "params", site)
    return RunContext(
        name=dag.dag_id,
        dialect=rendering.dialect,
        timetable=timetable(dag, rendering.dialect),
        params=own,
        templates=Templates(
            undefined=_undefined(dag.kwargs.get("template_undefined"), site),
            search=rendering.search,
            macros=_objects("user_defined_macros", dag, site, code, rendering.folders[0]),
            filters=_objects("user_defined_filters", dag, site, code, rendering.folders[0]),
            options=_options(dag.kwargs.get("jinja_environment_kwargs"), site),
        ),
        facts={
            name: found
            for name in sorted(FACTS)
            if name in dag.kwargs and (found := _known(dag.kwargs[name])) is not msgspec.UNSET
        },
        order=tuple(calls) if using else (),
        tasks={task: _facts(calls[task], shape, own, site._replace(subject=task)) for task in using},
    )


def functions_of_templates(dag: DagCall) -> dict[str, CodeRequest]:
    """The functions of the user's that templates may call, by `argument.name`."""
    found: dict[str, CodeRequest] = {}
    for argument in ("user_defined_macros", "user_defined_filters"):
        items = named(dag.kwargs.get(argument, Literal(None))) or {}
        for name, item in items.items():
            if isinstance(item, CodeRef) and item.span is not None:
                found[f"{argument}.{name}"] = request(item, dag.dag_id)
    return found


def params(value: Value | None, argument: str, site: Site) -> dict[str, Param]:
    """Params by name, each with its default and schema."""
    items = named(value) if value is not None else {}
    if items is None:
        site.report(rules.VALUE, argument=argument, reason="is not a dict whose keys are strings")
        return {}
    found: dict[str, Param] = {}
    for name, item in items.items():
        try:
            found[name] = _param(item)
        except NotCarriedError as error:
            site.report(rules.VALUE, argument=f"{argument}[{name!r}]", reason=error)
    return found


def _param(value: Value) -> Param:
    if not isinstance(value, ObjectCall) or value.class_name.rpartition(".")[2] != "Param":
        return Param(codec(value))
    kwargs = dict(value.kwargs)
    default = kwargs.pop("default", None)
    kwargs.pop("description", None)
    kwargs.pop("source", None)
    given = kwargs.pop("schema", None)
    schema = named(given) if given is not None else kwargs
    if schema is None:
        raise NotCarriedError("has a schema that is no dict")
    held = {name: codec(item) for name, item in schema.items()}
    return Param(msgspec.UNSET if default is None else codec(default), held)


def _facts(call: OperatorCall, shape: Shape, own: dict[str, Param], site: Site) -> TaskFacts:
    family = OPERATORS.get(call.class_name)
    unseen = (
        TAKEN
        | set(family.rendered if family is not None else ())
        | {"python_callable", "params", "templates_exts"}
        | OF_SENSORS
    )
    # Arguments of the user's own classes are what their constructors make of them, which is known when the task runs.
    of_all = ARGUMENTS if call.own is not None else call.kwargs.keys()
    known = {
        name: _known(_duration(value) if name in DELAYS else value)
        for name, value in call.kwargs.items()
        if name in of_all and name not in unseen
    }
    attributes = TASK_DEFAULTS | {name: value for name, value in known.items() if value is not msgspec.UNSET}
    suffixes = suffixes_of(family, call) if family is not None else ()
    if suffixes:
        attributes["template_ext"] = codec(Tuple(tuple(map(Literal, suffixes))))
    all_params = params(call.kwargs.get("params"), "params", site)
    operator = call.class_name.rpartition(".")[2]
    shown = title(call.class_name)
    template = call.kwargs.get("map_index_template")
    return TaskFacts(
        operator=operator,
        name=shown if shown != operator else "",
        upstream=shape.upstream[call.task_id],
        downstream=shape.downstream[call.task_id],
        attributes=attributes,
        params={name: param for name, param in all_params.items() if own.get(name) != param},
        map_index_template=str(template.value) if isinstance(template, Literal) and template.value else None,
    )


def _duration(value: Value) -> Value:
    match value:
        case Literal(int() | float() as seconds) if not isinstance(seconds, bool):
            return Delta(float(seconds))
        case _:
            return value


def _known(value: Value) -> object:
    try:
        return codec(value)
    except NotCarriedError:
        return msgspec.UNSET


def _undefined(value: Value | None, site: Site) -> str:
    match value:
        case None:
            return "StrictUndefined"
        case CodeRef(module=module, qualname=name) if module.startswith("jinja2") and name in UNDEFINED:
            return name
        case _:
            site.report(rules.VALUE, argument="template_undefined", reason="is not one of Jinja's own classes")
            return "StrictUndefined"


def _options(value: Value | None, site: Site) -> dict[str, object]:
    items = named(value) if value is not None else {}
    if items is None or not items.keys() <= OPTIONS:
        allowed = ", ".join(sorted(OPTIONS))
        site.report(rules.VALUE, argument="jinja_environment_kwargs", reason=f"holds other options than {allowed}")
        return {}
    try:
        options = {name: codec(item) for name, item in items.items()}
        if not all(str(one).startswith("jinja2.ext.") for one in cast("list[object]", options.get("extensions", []))):
            raise NotCarriedError("holds extensions that are not Jinja's own")
        return options
    except NotCarriedError as error:
        site.report(rules.VALUE, argument="jinja_environment_kwargs", reason=error)
        return {}


def _objects(argument: str, dag: DagCall, site: Site, code: Mapping[str, str], folder: Path) -> dict[str, UserObject]:
    value = dag.kwargs.get(argument, Literal(None))
    items = {} if value == Literal(None) else named(value)
    if items is None:
        site.report(rules.VALUE, argument=argument, reason="is not a dict whose keys are strings")
        return {}
    found: dict[str, UserObject] = {}
    for name, item in items.items():
        match item:
            case CodeRef(module=module, qualname=qualname) if module.partition(".")[0] in sys.stdlib_module_names:
                found[name] = UserObject(callable=f"{module}:{qualname}")
            case CodeRef(module="", qualname=qualname, span=None) if hasattr(builtins, qualname.partition(".")[0]):
                found[name] = UserObject(callable=f"builtins:{qualname}")
            case CodeRef(span=None):
                site.report(
                    rules.VALUE, argument=f"{argument}[{name!r}]", reason="is no function whose source is known"
                )
            case CodeRef():
                # Where its code could not be taken out, that was said.
                found[name] = UserObject(callable=code.get(f"{argument}.{name}", ""))
            case ObjectCall("module", {"name": Literal(str() as module)}):
                root = folder / module.partition(".")[0]
                if root.is_dir() or root.with_suffix(".py").is_file():
                    reason = f"is the module {module} beside the file, which does not ship whole: name its functions"
                    site.report(rules.VALUE, argument=f"{argument}[{name!r}]", reason=reason)
                found[name] = UserObject(module=module)
            case _:
                try:
                    found[name] = UserObject(value=codec(item))
                except NotCarriedError as error:
                    site.report(rules.VALUE, argument=f"{argument}[{name!r}]", reason=error)
    return found

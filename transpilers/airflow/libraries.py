"""Which libraries the handler itself needs for a DAG's context, so that nobody's function carries more."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from core_compiler.emit.begin import uses_context
from core_compiler.ir import Param, PythonCallable, RunContext, SourceFile, Task, rendered
from transpilers.airflow.asking import AIRFLOW_2, AIRFLOW_3, PENDULUM
from transpilers.airflow.context import WHOLE
from transpilers.airflow.rendering import Rendering

#: By import name; what else of `macros` needs no library.
MACROS = {"datetime_diff_for_humans": "pendulum", "dateutil": "dateutil", "ds_format_locale": "babel", "yaml": "yaml"}


#: What checks a format of JSON Schema where Airflow 3 or 2 runs; without it nothing would be checked.
FORMATS = {
    AIRFLOW_3: {"date-time": "rfc3339_validator", "duration": "isoduration"},
    AIRFLOW_2: {"date-time": "rfc3339_validator"},
}

#: What code renders templates with, or asks for the environment that does.
RENDERS = ("render_template", "get_template_env")


def libraries(
    context: RunContext,
    rendering: Rendering,
    tasks: Sequence[Task],
    asks: frozenset[str],
    files: Iterable[SourceFile] = (),
) -> frozenset[str]:
    """By import name. `asks`: what callables ask for; what templates do is in `rendering`; `files`: the user's code."""
    templated = any(rendered(value) for task in tasks for value in (*task.args, *task.kwargs.values()))
    templated = templated or any(_renders(task) or _items(task) for task in tasks)
    templated = templated or any(word in file.text for file in files for word in RENDERS)
    used = templated or bool(asks) or any(map(uses_context, tasks))
    found = {"jinja2"} if templated else set[str]()
    found |= {"pendulum"} if asks & (PENDULUM | {WHOLE}) else set()
    found |= {"jsonschema"} if any(param.schema for param in _params(context)) else set()
    formats = {one for param in _params(context) for one in _formats(param.schema)}
    found |= {library for one, library in FORMATS[context.dialect].items() if one in formats}
    found |= {"pendulum"} if "date-time" in formats and context.dialect == AIRFLOW_2 else set()
    found |= {root for root in _modules(context) if root not in sys.stdlib_module_names}
    found |= {"croniter"} if used and context.timetable.kind == "interval" and context.timetable.cron else set()
    for asked in rendering.asked.values():
        found |= {"pendulum"} if asked.names & PENDULUM else set()
        found |= {
            MACROS[chain[1]] for chain in asked.chains if chain[0] == "macros" and chain[1:2] and chain[1] in MACROS
        }
    return frozenset(found)


def _renders(task: Task) -> bool:
    """Whether it renders what is none of its arguments: the fields of an operator, or a command that it makes."""
    match task.component:
        case PythonCallable(shell=shell, operator=operator):
            return shell is not None or (operator is not None and operator.renders)
        case _:
            return False


def _items(task: Task) -> bool:
    return task.mapping is not None and task.mapping.rendered


def _modules(context: RunContext) -> Iterator[str]:
    """Modules that templates are given under a name."""
    for one in (*context.templates.macros.values(), *context.templates.filters.values()):
        if one.module:
            yield one.module.partition(".")[0]


def _formats(schema: object) -> Iterator[str]:
    """The formats that a schema names, at any depth."""
    match schema:
        case dict():
            for name, value in cast("dict[str, object]", schema).items():
                if name == "format" and isinstance(value, str):
                    yield value
                yield from _formats(value)
        case list() | tuple():
            for item in cast("Sequence[object]", schema):
                yield from _formats(item)
        case _:
            return


def _params(context: RunContext) -> Iterator[Param]:
    yield from context.params.values()
    for task in context.tasks.values():
        yield from task.params.values()

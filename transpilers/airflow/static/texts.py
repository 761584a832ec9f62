"""Strings: f-strings, `%` and `str.format`, and what `str()` makes of a value."""

from __future__ import annotations

import ast
import re
from datetime import date, time, timedelta
from pathlib import PurePosixPath

from transpilers.airflow.static.containers import described, subscript
from transpilers.airflow.static.graph.nodes import Dag, Task, XCom
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import Defaulting, Object, Raised, Scope, Unknown, Value, View, Zone

#: A width or precision that could make a string of any size.
WIDE = re.compile(r"\d{4,}")
#: A name or number, and what of it is taken: `.attribute` and `[item]`.
FIELD_NAME = re.compile(r"(\w*)((?:\.\w+|\[[^\]]+\])*)")
INSIDE = re.compile(r"\.(\w+)|\[([^\]]+)\]")


def joined_string(m: Machine, node: ast.JoinedStr, scope: Scope) -> Value:
    """An f-string."""
    parts: list[str] = []
    unknown: Unknown | None = None
    for each in node.values:
        if isinstance(each, ast.Constant):
            parts.append(str(each.value))
            continue
        if not isinstance(each, ast.FormattedValue):
            continue
        value = m.evaluate(each.value, scope)
        spec = joined_string(m, each.format_spec, scope) if isinstance(each.format_spec, ast.JoinedStr) else ""
        text = formatted(m, value, spec, each.conversion, each)
        if isinstance(text, Unknown):
            unknown = unknown or text
        else:
            parts.append(text)
    if unknown is not None:
        return unknown
    m.sized(sum(map(len, parts)))
    return "".join(parts)


def formatted(m: Machine, value: Value, spec: Value, conversion: int, node: ast.AST) -> str | Unknown:
    """One replacement field: `{value!r:spec}`."""
    if isinstance(spec, Unknown):
        return spec
    if not isinstance(spec, str) or WIDE.search(spec):
        return m.unknown("a format that is not followed", node)
    if conversion not in (-1, ord("s"), ord("r")):
        return m.unknown("a conversion that is not followed", node)
    if conversion == ord("r"):
        shown = representation(m, value, node)
    elif isinstance(value, (bool, int, float, date, time)) and conversion == -1 and spec:
        shown = value
    else:
        shown = text_of(m, value, node)
    if isinstance(shown, Unknown):
        return shown
    try:
        return format(shown, spec)
    except (ValueError, TypeError) as error:
        raise Raised(type(error).__name__, str(error)) from error


def text_of(m: Machine, value: Value, node: ast.AST) -> str | Unknown:
    """`str(value)`."""
    match value:
        case str():
            return value
        case Unknown():
            return value
        case bool() | int() | float() | None | PurePosixPath() | timedelta():
            if isinstance(value, int):
                m.sized(value.bit_length())
            return str(value)
        case date() | time():
            return str(value) if not isinstance(getattr(value, "tzinfo", None), Zone) else m.unknown("a time", node)
        case XCom(task, key):
            # `PlainXComArg.__str__`: a template that pulls it, which makes no edge.
            dag = task.dag.dag_id if task.dag is not None else "_in_memory_dag_"
            pull = f"task_ids='{task.task_id}', dag_id='{dag}', key='{key}'"
            return f"{{{{ task_instance.xcom_pull({pull}) }}}}"
        case Dag():
            return f"<DAG: {value.dag_id}>"
        case Task():
            short = value.operator.class_name.rpartition(".")[2]
            return m.unknown(f"the text of a task of {short}", node)
        case _:
            return representation(m, value, node)


def representation(m: Machine, value: Value, node: ast.AST) -> str | Unknown:
    """`repr(value)` of plain data."""
    if (why := m.blurred(value)) is not None:
        return why
    match value:
        case Unknown():
            return value
        case str() | bytes() | bool() | int() | float() | None | timedelta():
            return repr(value)
        case list() | tuple():
            inside = [representation(m, item, node) for item in value]
            known = [text for text in inside if isinstance(text, str)]
            if len(known) < len(inside):
                return next(text for text in inside if isinstance(text, Unknown))
            m.sized(sum(map(len, known)))
            ends = "[]" if isinstance(value, list) else "()"
            comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
            return f"{ends[0]}{', '.join(known)}{comma}{ends[1]}"
        case dict() if not isinstance(value, Defaulting):
            keys = representation(m, list(value), node)
            pairs = [(representation(m, key, node), representation(m, item, node)) for key, item in value.items()]
            bad = next((part for pair in pairs for part in pair if isinstance(part, Unknown)), None)
            if isinstance(keys, Unknown) or bad is not None:
                return bad or m.unknown("a dict", node)
            return "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
        case View(sort=sort):
            shown = representation(m, value.seen(), node)
            return shown if isinstance(shown, Unknown) else f"dict_{sort}({shown})"
        case Object():
            return m.unknown(f"the text of {described(value)}", node)
        case _:
            return m.unknown(f"the text of {described(value)}", node)


def percent(m: Machine, template: str, value: Value, node: ast.AST) -> Value:
    """`template % value` over plain data."""
    if WIDE.search(template) or "*" in template:
        return m.unknown("a format that is not followed", node)
    if isinstance(value, dict):
        shown = {key: _printable(m, item, node) for key, item in value.items()}
        bad = next((item for item in shown.values() if isinstance(item, Unknown)), None)
        return bad if bad is not None else _percent(template, shown)
    items = [_printable(m, item, node) for item in (value if isinstance(value, tuple) else (value,))]
    bad = next((item for item in items if isinstance(item, Unknown)), None)
    return bad if bad is not None else _percent(template, tuple(items))


def _percent(template: str, value: object) -> str:
    try:
        return template % value
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise Raised(type(error).__name__, str(error)) from error


def _printable(m: Machine, value: Value, node: ast.AST) -> object:
    return value if isinstance(value, (str, int, float, Unknown)) else text_of(m, value, node)


def format_method(m: Machine, template: str, args: list[Value], kwargs: dict[str, Value], node: ast.AST) -> Value:
    """`template.format(...)`."""
    parts: list[str] = []
    number, at = 0, 0
    while at < len(template):
        if template[at : at + 2] in ("{{", "}}"):
            parts.append(template[at])
            at += 2
            continue
        if template[at] != "{":
            parts.append(template[at])
            at += 1
            continue
        end = template.find("}", at)
        if end < 0:
            raise Raised("ValueError", "expected '}' before end of string")
        name, _, spec = template[at + 1 : end].partition(":")
        name, _, conversion = name.partition("!")
        field = FIELD_NAME.fullmatch(name)
        if field is None or "{" in spec:
            return m.unknown("a format that is not followed", node)
        name = field[1]
        if not name:
            name, number = str(number), number + 1
        found: Value
        if name.isdigit():
            if int(name) >= len(args):
                raise Raised("IndexError", "Replacement index out of range")
            found = args[int(name)]
        elif name in kwargs:
            found = kwargs[name]
        else:
            raise Raised("KeyError", repr(name))
        for part in INSIDE.finditer(field[2]):
            if part[1]:
                found = m.attribute(found, part[1], node)
            else:
                found = subscript(m, found, int(part[2]) if part[2].isdecimal() else part[2], node, index=True)
        text = formatted(m, found, spec, ord(conversion) if len(conversion) == 1 else -1, node)
        if isinstance(text, Unknown):
            return text
        parts.append(text)
        at = end + 1
    m.sized(sum(map(len, parts)))
    return "".join(parts)

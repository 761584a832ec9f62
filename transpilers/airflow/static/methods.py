"""Methods of plain data, and of what is unknown."""

from __future__ import annotations

import re
from datetime import date, time, timedelta, timezone
from pathlib import PurePosixPath

from transpilers.airflow.static.collections import dict_method, list_method, set_method
from transpilers.airflow.static.containers import described, iterate
from transpilers.airflow.static.library.files import path_method
from transpilers.airflow.static.library.packages import makes_nothing
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.native import native
from transpilers.airflow.static.opaque import opaque
from transpilers.airflow.static.texts import format_method
from transpilers.airflow.static.values import (
    SCALARS,
    Globals,
    Instance,
    Object,
    Raised,
    Unknown,
    Value,
    Zone,
)

TEXT = frozenset(
    [
        "capitalize",
        "casefold",
        "count",
        "endswith",
        "find",
        "index",
        "isalnum",
        "isalpha",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isspace",
        "istitle",
        "isupper",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rindex",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
        "encode",
        "decode",
        "hex",
    ]
)
MOMENTS = frozenset(["isoformat", "date", "time", "weekday", "isoweekday", "total_seconds", "toordinal", "strftime"])
#: What methods of unknown objects do by their names: they give a value and make no task.
READERS = frozenset(
    [
        "get",
        "items",
        "keys",
        "values",
        "copy",
        "format",
        "split",
        "strip",
        "lower",
        "upper",
        "replace",
        "join",
        "startswith",
        "endswith",
        "append",
        "extend",
        "pop",
        "update",
        "add",
        "setdefault",
        "isoformat",
        "strftime",
        "date",
        "time",
        "weekday",
        "total_seconds",
        "replace",
        "subtract",
        "exists",
        "is_file",
        "is_dir",
        "read",
        "read_text",
        "open",
        "close",
        "glob",
        "rglob",
        "iterdir",
        "resolve",
        "absolute",
        "joinpath",
        "with_suffix",
        "mkdir",
        "info",
        "debug",
        "warning",
        "error",
        "exception",
        "critical",
        "log",
        "load",
        "loads",
        "dump",
        "dumps",
        "get_connection",
        "get_uri",
        "get_variable",
        "getLogger",
        "setLevel",
        "json",
        "text",
        "get_extra",
        "extra_dejson",
        "as_posix",
        "relative_to",
        "group",
        "groups",
        "match",
        "search",
        "set_index",
        "sort",
        "insert",
        "remove",
        "start_of",
        "end_of",
        "in_timezone",
        "in_tz",
        "astimezone",
        "to_dict",
        "to_json",
        "as_dict",
        "dict",
        "model_dump",
        "int_timestamp",
    ]
)


def call_method(m: Machine, receiver: Value, name: str, arguments: Arguments) -> Value:
    """`receiver.name(...)` for what is no node of a graph."""
    if isinstance(receiver, Unknown):
        return _of_unknown(m, receiver, name, arguments)
    if isinstance(receiver, Object):
        harmless = makes_nothing(receiver.class_name)
        return opaque(m, f"{receiver.class_name}.{name}", arguments, suspect=not harmless, reads=harmless)
    if isinstance(receiver, (Instance, Globals)):
        return _of_names(m, receiver, name, arguments)
    if (why := m.blurred(receiver)) is not None and name not in ("append", "extend", "update", "add", "clear"):
        return m.unknown(why.reason, arguments.node)
    match receiver:
        case str() | bytes():
            return _of_text(m, receiver, name, arguments)
        case list():
            return list_method(m, receiver, name, arguments)
        case dict():
            return dict_method(m, receiver, name, arguments)
        case set() | frozenset():
            return set_method(m, receiver, name, arguments)
        case tuple() if name in ("index", "count"):
            return native(m, receiver, name, arguments)
        case PurePosixPath():
            return path_method(m, receiver, name, arguments)
        case date() | time() | timedelta():
            return _of_moment(m, receiver, name, arguments)
        case _:
            return opaque(m, f"{described(receiver)}.{name}", arguments, suspect=True)


def _of_unknown(m: Machine, receiver: Unknown, name: str, arguments: Arguments) -> Unknown:
    suspect = not receiver.harmless and name not in READERS
    found = opaque(m, f"{receiver.reason}.{name}", arguments, suspect=suspect, reads=receiver.harmless)
    carries = found.carries or receiver.carries
    return m.unknown(found.reason, arguments.node, carries=carries, harmless=receiver.harmless)


def _of_names(m: Machine, receiver: Instance | Globals, name: str, arguments: Arguments) -> Value:
    if isinstance(receiver, Instance):
        return opaque(m, f"{described(receiver)}.{name}", arguments, suspect=True)
    names = receiver.scope.names
    first = arguments.args[0] if arguments.args else None
    match name:
        case "get" if isinstance(first, str):
            return names.get(first, arguments.args[1] if len(arguments.args) > 1 else None)
        case "update":
            m.touch(names)
            if isinstance(first, dict) and not m.blurred(first):
                names.update(first)
            elif first is not None:
                m.doubt("the names of the file", arguments.node)
            names.update(arguments.kwargs)
            return None
        case "items":
            return [(key, value) for key, value in names.items()]
        case "keys" | "values":
            return list(names if name == "keys" else names.values())
        case "setdefault" | "__setitem__" if isinstance(first, str):
            m.touch(names)
            names[first] = arguments.args[1]
            return names[first]
        case _:
            return opaque(m, f"globals().{name}", arguments, suspect=True)


def _of_text(m: Machine, receiver: str | bytes, name: str, arguments: Arguments) -> Value:
    if name == "format" and isinstance(receiver, str):
        if arguments.rest is not None:
            return arguments.rest
        return format_method(m, receiver, arguments.args, arguments.kwargs, arguments.node)
    if name == "join" and isinstance(receiver, str) and arguments.args:
        items = iterate(m, arguments.args[0], arguments.node)
        if isinstance(items, Unknown):
            return items
        unknown = next((item for item in items if not isinstance(item, str)), None)
        if unknown is not None:
            return unknown if isinstance(unknown, Unknown) else m.unknown("what is joined", arguments.node)
        parts = [item for item in items if isinstance(item, str)]
        m.sized(sum(len(part) + len(receiver) for part in parts))
        return receiver.join(parts)
    if name in ("ljust", "rjust", "zfill", "center") and isinstance(receiver, str):
        width = arguments.args[0] if arguments.args else None
        if isinstance(width, int):
            m.sized(width)
            return native(m, receiver, name, arguments)
    if name == "replace":
        lengths = [len(each) for each in arguments.args if isinstance(each, (str, bytes))]
        m.sized(len(receiver) * max([1, *lengths]))
    if name in TEXT:
        return native(m, receiver, name, arguments)
    if name == "translate" and isinstance(receiver, str) and len(arguments.args) == 1:
        table = arguments.args[0]
        if isinstance(table, dict) and not m.blurred(table) and all(isinstance(v, SCALARS) for v in table.values()):
            m.sized(len(receiver) * max([1, *(len(each) for each in table.values() if isinstance(each, str))]))
            return receiver.translate(table)  # pyright: ignore[reportArgumentType]
    return opaque(m, f"str.{name}", arguments, reads=True)


def _of_moment(m: Machine, receiver: date | time | timedelta, name: str, arguments: Arguments) -> Value:
    if isinstance(getattr(receiver, "tzinfo", None), Zone) and name not in ("replace", "date", "weekday"):
        return opaque(m, f"a time.{name}", arguments, reads=True)
    if name == "replace" and not isinstance(receiver, timedelta):
        zones = arguments.kwargs.get("tzinfo")
        if zones is None or isinstance(zones, (Zone, timezone)):
            allowed = all(isinstance(each, (int, type(None), Zone, timezone)) for each in arguments.kwargs.values())
            if allowed and not arguments.args:
                try:
                    return receiver.replace(**arguments.kwargs)  # pyright: ignore[reportArgumentType]
                except (TypeError, ValueError) as error:
                    raise Raised(type(error).__name__, str(error)) from error
    if name == "strftime":
        pattern = arguments.args[0] if arguments.args else None
        if not isinstance(pattern, str) or re.search(r"\d", pattern):
            return m.unknown("a format of a time", arguments.node)
    return native(m, receiver, name, arguments) if name in MOMENTS else opaque(m, f"a time.{name}", arguments)

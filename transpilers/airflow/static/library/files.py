"""Paths, and configuration read from files below the root."""

from __future__ import annotations

import fnmatch
import json
import os
import posixpath
from pathlib import PurePosixPath

from transpilers.airflow.static.library.convert import lift
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.opaque import opaque
from transpilers.airflow.static.sources import NotReadableError, below, bytes_of
from transpilers.airflow.static.values import NO_ROOM, Object, Raised, Unknown, Value

CONFIGURATION = (".json", ".yaml", ".yml", ".toml", ".sql", ".txt", ".md", ".csv")
YAML_BYTES = 200_000


class OpenFile:
    """`open(path)`: an object of this name holds the path."""

    NAME = "io.TextIOWrapper"


def call_files(m: Machine, name: str, arguments: Arguments) -> Value:
    """A call about files; NO_ROOM for any other name."""
    args = arguments.args
    if any(isinstance(each, Unknown) for each in args):
        unknown = next(each for each in args if isinstance(each, Unknown))
        known = name.startswith(("os.path.", "pathlib.", "json.load", "yaml.", "tomllib.")) or name == "builtins.open"
        return m.unknown(unknown.reason, arguments.node) if known else NO_ROOM
    match name, args:
        case "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath", _:
            parts = [_text(each) for each in args]
            texts = [part for part in parts if part is not None]
            return PurePosixPath(*texts) if len(texts) == len(parts) else m.unknown("a path", arguments.node)
        case "os.path.join", [first, *rest]:
            texts = [text for each in (first, *rest) if (text := _text(each)) is not None]
            return posixpath.join(*texts) if len(texts) == len(args) else m.unknown("a path", arguments.node)
        case (
            ("os.path.dirname" | "os.path.basename" | "os.path.normpath" | "os.path.splitext" | "os.path.split"),
            [one],
        ):
            text = _text(one)
            how = getattr(posixpath, name.rpartition(".")[2])
            return how(text) if text is not None else m.unknown("a path", arguments.node)
        case "os.path.abspath" | "os.path.realpath", [one]:
            text = _text(one)
            known = text is not None and text.startswith("/")
            return posixpath.normpath(text) if known and text else m.unknown("the working folder", arguments.node)
        case "os.listdir", [folder]:
            names = _listed(m, folder, arguments)
            return names if isinstance(names, Unknown) else [*names]
        case "glob.glob" | "glob.iglob", [str() as pattern] if not arguments.kwargs:
            return _globbed(m, pattern, arguments)
        case "builtins.open", [path, *_]:
            mode = args[1] if len(args) > 1 else arguments.kwargs.get("mode", "r")
            if isinstance(mode, str) and mode.startswith("r"):
                return Object(OpenFile.NAME, (path,))
            return m.unknown("a file that is written", arguments.node)
        case (("json.load" | "yaml.safe_load" | "yaml.load" | "yaml.full_load" | "tomllib.load"), [source, *_]):
            return load(m, name.partition(".")[0], source, arguments)
        case "json.loads" | "tomllib.loads", [str() as text]:
            return parse(m, name.partition(".")[0], text, arguments)
        case _:
            return NO_ROOM


def path_method(m: Machine, receiver: PurePosixPath, name: str, arguments: Arguments) -> Value:
    """A method of a `pathlib.Path`."""
    match name, arguments.args:
        case "joinpath" | "with_suffix" | "with_name" | "with_stem", args if all(
            isinstance(each, (str, PurePosixPath)) for each in args
        ):
            found: PurePosixPath = getattr(receiver, name)(*args)
            return found
        case "resolve" | "absolute" | "expanduser", [] if receiver.is_absolute():
            return PurePosixPath(posixpath.normpath(str(receiver)))
        case "as_posix" | "__str__" | "__fspath__", []:
            return str(receiver)
        case "read_text", _:
            return read(m, receiver, arguments)
        case "open", _:
            return Object(OpenFile.NAME, (receiver,))
        case "glob", [str() as pattern]:
            names = _matching(m, receiver, pattern, arguments)
            return names if isinstance(names, Unknown) else [receiver / name for name in names]
        case "iterdir", []:
            names = _listed(m, receiver, arguments)
            return names if isinstance(names, Unknown) else [receiver / name for name in names]
        case "exists" | "is_file" | "is_dir", []:
            return exists(m, receiver, arguments)
        case _:
            return opaque(m, f"Path.{name}", arguments, reads=True)


def _listed(m: Machine, folder: Value, arguments: Arguments) -> list[str] | Unknown:
    """The names in a folder below the root."""
    text = _text(folder)
    inside = below(str(m.root), text) if text is not None and text.startswith("/") else None
    if inside is None or not inside.is_dir():
        return m.unknown("what is in a folder", arguments.node)
    names: list[Value] = []
    with os.scandir(inside) as entries:
        for entry in entries:
            names.append(entry.name)
            m.step()
    found = m.in_some_order(names)
    if found is None:
        return m.unknown("the order of the files in a folder", arguments.node)
    return [name for name in found if isinstance(name, str)]


def _matching(m: Machine, folder: Value, pattern: str, arguments: Arguments) -> list[str] | Unknown:
    """The names in a folder that fit a pattern of one part; hidden ones only where it begins with a dot."""
    if "/" in pattern or "**" in pattern:
        return m.unknown("what is in folders", arguments.node)
    names = _listed(m, folder, arguments)
    if isinstance(names, Unknown):
        return names
    return [name for name in names if fnmatch.fnmatchcase(name, pattern)]


def _globbed(m: Machine, pattern: str, arguments: Arguments) -> Value:
    """`glob.glob(pattern)`."""
    folder, last = posixpath.split(pattern)
    if any(mark in folder for mark in "*?["):
        return m.unknown("what is in folders", arguments.node)
    names = _matching(m, folder, last, arguments)
    if isinstance(names, Unknown):
        return names
    return [posixpath.join(folder, name) for name in names if last.startswith(".") or not name.startswith(".")]


def exists(m: Machine, path: Value, arguments: Arguments) -> Value:
    """Whether there is such a file, told of files below the root alone."""
    text = _text(path)
    inside = below(str(m.root), text) if text is not None and text.startswith("/") else None
    if inside is not None and inside.exists():
        return True
    return m.unknown("whether there is a file", arguments.node)


def open_method(m: Machine, file: Object, name: str, arguments: Arguments) -> Value:
    """A method of an open file."""
    if name == "read" and not arguments.args:
        return read(m, file.args[0], arguments)
    if name in ("readlines", "__iter__"):
        text = read(m, file.args[0], arguments)
        return list(text.splitlines(keepends=True)) if isinstance(text, str) else text
    return m.unknown(f"file.{name}()", arguments.node)


def read(m: Machine, path: Value, arguments: Arguments) -> str | Unknown:
    """The text of a file below the root."""
    text = _text(path)
    inside = below(str(m.root), text) if text is not None and text.startswith("/") else None
    if inside is None or not inside.name.endswith(CONFIGURATION):
        shown = posixpath.basename(text) if text is not None else "..."
        return m.unknown(f"the file {shown!r}", arguments.node)
    try:
        return bytes_of(inside).decode()
    except NotReadableError as error:
        raise Raised("FileNotFoundError", f"{inside.name}: {error}") from error
    except UnicodeDecodeError:
        return m.unknown(f"the file {inside.name!r}", arguments.node)


def load(m: Machine, library: str, source: Value, arguments: Arguments) -> Value:
    """`json.load(file)` and its kin."""
    if isinstance(source, Object) and source.class_name == OpenFile.NAME:
        text = read(m, source.args[0], arguments)
    else:
        text = source
    if isinstance(text, str):
        return parse(m, library, text, arguments)
    return text if isinstance(text, Unknown) else m.unknown(f"what {library} loads", arguments.node)


def parse(m: Machine, library: str, text: str, arguments: Arguments) -> Value:
    """JSON, YAML or TOML as plain data."""
    try:
        if library == "json":
            return lift(m, json.loads(text), arguments.node)
        if library == "tomllib":
            import tomllib

            return lift(m, tomllib.loads(text), arguments.node)
        return _yaml(m, text, arguments)
    except RecursionError:
        return m.unknown(f"{library} that is nested too deeply", arguments.node)
    except ValueError as error:
        raise Raised("ValueError", str(error)[:100]) from error


def _yaml(m: Machine, text: str, arguments: Arguments) -> Value:
    # A part of libcst's requirements, so it is there; its loader in Python is slow, and what is large is left.
    import yaml

    loader = getattr(yaml, "CSafeLoader", None)
    if loader is None or len(text) > YAML_BYTES:
        return m.unknown("a large YAML file", arguments.node)
    try:
        return lift(m, yaml.load(text, Loader=loader), arguments.node)  # noqa: S506 - the loader is a safe one
    except yaml.YAMLError as error:
        raise Raised("YAMLError", str(error)[:100]) from error


def _text(value: Value) -> str | None:
    if isinstance(value, (str, PurePosixPath)):
        return str(value)
    return None

"""Templates in real DAG files, and what their runs have to hold so that the templates come to a text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

import jinja2
from jinja2 import nodes

#: Longer ones are whole programs; their expressions are taken one by one.
LONGEST = 400
#: What differs from itself, from one second or one machine to the next.
UNSTABLE = re.compile(r"now\(\)|uuid|random|hostname|start_date|end_date|time\.time|folder|fileloc")
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
#: A folder of the author's machine, which a template only passes on: another serves.
SCRATCH = re.compile(r"^/(?:tmp)/")
SUFFIXES = (".py", ".sql", ".sh", ".yaml", ".yml", ".txt", ".html", ".hql")
KEY = "return_value"
Path_ = tuple[str | int, ...]


class Collected(NamedTuple):
    """`expressions`, sorted; `files` with one or more of them, by package; `unstable`: how many were left out."""

    expressions: list[str]
    files: dict[str, int]
    unstable: int


def collected(sources: Mapping[str, Iterable[Path]]) -> Collected:
    """Templates in the strings of DAG files and in the text files beside them, by the package that they are from."""
    found: set[str] = set()
    files: dict[str, int] = {}
    for package, paths in sources.items():
        for path in paths:
            written = {one for text in _texts(path) for one in _templates(text)}
            found |= written
            files[package] = files.get(package, 0) + bool(written)
    stable = sorted(one for one in found if not UNSTABLE.search(one))
    return Collected(stable, {name: count for name, count in files.items() if count}, len(found) - len(stable))


def beside(paths: Iterable[Path]) -> list[Path]:
    """DAG files, and the files of templates below their folders."""
    given = sorted(set(paths))
    folders = sorted({path.parent for path in given})
    others = {
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in SUFFIXES[1:] and path.is_file() and path.stat().st_size < 100_000
    }
    return [*given, *sorted(others)]


def _texts(path: Path) -> Iterator[str]:
    if path.suffix != ".py":
        yield path.read_text(encoding="utf-8", errors="replace")
        return
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    said |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in said:
            continue
        if isinstance(node, ast.JoinedStr):
            # What the file puts into a template is the name of something: another name serves.
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "filled_in" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _templates(text: str) -> Iterator[str]:
    if "{{" not in text and "{%" not in text:
        return
    if len(text) <= LONGEST:
        yield SCRATCH.sub("/data/", text)
    yield from EXPRESSION.findall(text)


def held(expressions: Iterable[str]) -> dict[str, Any]:
    """What a run has to hold: PARAMS, VARIABLES, CONF, CONNECTIONS, and VALUES of tasks by task and key."""
    whole = "\n".join(expressions)

    def names(pattern: str) -> list[str]:
        return sorted(set(re.findall(pattern, whole)))

    variables = {name: f"the variable {name}" for name in names(r"var\.value\.(\w+)") if name != "get"}
    variables |= dict.fromkeys(
        [name for name in names(r"var\.json\.(\w+)") if name != "get"], '{"key": [1, {"a": "b"}]}'
    )
    return {
        "PARAMS": {name: f"the param {name}" for name in names(r"params\.(\w+)") if name not in ("get", "items")},
        "VARIABLES": variables,
        "CONF": {name: f"the conf {name}" for name in names(r"dag_run\.conf(?:\.get\(|\[)['\"](\w+)['\"]")},
        "CONNECTIONS": {
            name: f"http://user:pass@{name}.example:80/path?key=value"
            for name in names(r"\bconn\.(\w+)")
            if name != "get"
        },
        "VALUES": values(expressions),
    }


def values(expressions: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Values of tasks, by task and key, in which `xcom_pull(...)[...]` of the expressions finds something."""
    asked: dict[tuple[str, str], set[Path_]] = {}
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    for expression in expressions:
        try:
            tree = environment.parse(expression)
        except jinja2.TemplateSyntaxError:
            continue
        for node in tree.find_all((nodes.Call, nodes.Getitem)):
            for task, key, path in _pulled(node):
                asked.setdefault((task, key), set()).add(path)
    found: dict[str, dict[str, Any]] = {}
    for (task, key), paths in sorted(asked.items()):
        value: Any = None
        for path in sorted(paths, key=lambda path: (len(path), str(path))):
            value = _with(value, path, f"of/{task}/{'.'.join(map(str, path)) or 'all'}")
        found.setdefault(task, {})[key] = value
    return found


def _pulled(node: nodes.Node) -> Iterator[tuple[str, str, Path_]]:
    match node:
        case nodes.Getitem(node=inner, arg=nodes.Const(value=str() | int() as part)):
            for task, key, path in _pulled(inner):
                yield task, key, (*path, part)
        case nodes.Call(node=nodes.Getattr(attr="xcom_pull")):
            given = {word.key: word.value for word in node.kwargs}
            one = node.args[0] if node.args else given.get("task_ids")
            key = given.get("key", nodes.Const(KEY))
            for item in one.items if isinstance(one, nodes.List | nodes.Tuple) else [one]:
                if isinstance(item, nodes.Const) and isinstance(item.value, str) and isinstance(key, nodes.Const):
                    yield item.value, key.value, ()
        case _:
            return


def _with(value: Any, path: Path_, leaf: str) -> Any:
    """A value that has something at `path` too."""
    if not path:
        return leaf if value is None else value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        items = cast("list[Any]", value) if isinstance(value, list) else []
        place = first if first >= 0 else 0
        items += ["filler"] * (place + 1 - len(items))
        items[place] = _with(items[place] if isinstance(items[place], list | dict) else None, rest, leaf)
        return items
    named = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    named[first] = _with(named.get(first), rest, leaf)
    return named

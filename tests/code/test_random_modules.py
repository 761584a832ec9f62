"""Random modules: what is sliced compiles, is clean, and does what the module does; what is refused had to be.

The oracle is the module itself, executed, and the reachability of what cannot ship in the graph it was made from.
"""

import sys
import tempfile
import types
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.slices import flaws

from core_compiler.diagnostics import Sink
from transpilers.code import CodeRequest, take_out_all

ENGINE = "absent_engine"


@dataclass(frozen=True)
class Entry:
    """One statement of a module: its text, and which earlier or later entries it looks up."""

    name: str
    kind: str
    reads: tuple[str, ...]


KINDS = ("constant", "list", "function", "task", "class", "import", "default", "nested", "loop", "changed")


@st.composite
def modules(draw: st.DrawFn) -> list[Entry]:
    size = draw(st.integers(2, 12))
    names = [f"n{at}" for at in range(size)]
    kinds = [draw(st.sampled_from(KINDS)) for _ in names]
    kinds[draw(st.integers(0, size - 1))] = "task"
    entries: list[Entry] = []
    for at, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        # What runs at import can look up only what stands above it; a function, everything.
        late = kind in ("function", "task", "nested")
        known = [other for other in names if other != name] if late else names[:at]
        # Values made at import are taken from values only: calling a function then could look up what comes later.
        usable = known if late else [other for other in known if kinds[names.index(other)] in ("constant", "list")]
        reads = draw(st.lists(st.sampled_from(usable), max_size=3, unique=True)) if usable else []
        entries.append(Entry(name, kind, tuple(reads)))
    return entries


def text_of(entries: list[Entry]) -> str:
    kinds = {entry.name: entry.kind for entry in entries}
    lines = [f"import {ENGINE}", f"from {ENGINE} import task", ""]
    for entry in entries:
        lines.extend(_lines(entry, kinds))
    return "\n".join(lines) + "\n"


def _seen(name: str, kinds: dict[str, str]) -> str:
    """An expression for what a name is worth inside a function: functions are called, to a depth."""
    match kinds[name]:
        case "function" | "task" | "nested" | "default":
            return f"({name}(depth - 1) if depth > 0 else None)"
        case "class":
            return f"{name}.value"
        case "import":
            return f"{name}.sqrt(4)"
        case _:
            return name


def _lines(entry: Entry, kinds: dict[str, str]) -> list[str]:
    name, plain = entry.name, ", ".join(entry.reads)
    seen = ", ".join(_seen(each, kinds) for each in entry.reads)
    match entry.kind:
        case "constant":
            return [f"{name} = ({name!r}, {plain})"]
        case "list":
            return [f"{name} = [{name!r}, {plain}]  # a list"]
        case "function":
            return [f"def {name}(depth=2):", f"    return [{name!r}, {seen}]", ""]
        case "task":
            return ["@task", f"def {name}(depth=2):", f"    return [{name!r}, {seen}]", ""]
        case "class":
            return [f"class {name}:", f"    value = [{name!r}, {plain}]", ""]
        case "import":
            return [f"import math as {name}"]
        case "default":
            return [f"def {name}(depth=2, given=({plain})):", f"    return [{name!r}, given]", ""]
        case "nested":
            inner = [f"    local = {name!r}", "    def inner():", f"        return [local, {seen}]"]
            return [f"def {name}(depth=2):", *inner, "    return inner()", ""]
        case "loop":
            return [f"{name} = 0", f"for {name}_i in range(3):", f"    {name} += {name}_i + len([{plain}])"]
        case _:
            return [f"{name} = {{}}", f"{name}['more'] = [{plain}]", f"{name}.update(last=1)"]


def needs_a_task(entries: list[Entry], start: str) -> bool:
    by_name = {entry.name: entry for entry in entries}
    seen: set[str] = set()
    stack = list(by_name[start].reads)
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack.extend(by_name[name].reads)
    return any(by_name[name].kind == "task" for name in seen)


def run(text: str, name: str) -> object:
    engine = types.ModuleType(ENGINE)
    engine.task = lambda function: function  # pyright: ignore[reportAttributeAccessIssue]
    sys.modules[ENGINE] = engine
    try:
        names: dict[str, object] = {"__name__": "sample"}
        exec(compile(text, "sample.py", "exec"), names)
        return names[name](2)  # pyright: ignore[reportCallIssue]
    finally:
        del sys.modules[ENGINE]


@settings(max_examples=60)
@given(modules())
def test_slices_do_what_modules_do(entries: list[Entry]) -> None:
    text = text_of(entries)
    tasks = [entry.name for entry in entries if entry.kind == "task"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sample.py")
        path.write_text(text, encoding="utf-8")
        sink = Sink()
        requests = [
            CodeRequest(path=path, qualname=name, refused_prefixes=(ENGINE,), drop_decorators=(ENGINE,), subject=name)
            for name in tasks
        ]
        found = take_out_all(requests, sink)
        again = take_out_all(requests, Sink())
    assert found == again
    for name, taken in zip(tasks, found, strict=True):
        assert (taken is None) == needs_a_task(entries, name), (name, text)
        if taken is None:
            assert any(each.subject == name and each.code == "SW502" for each in sink.diagnostics)
            continue
        [file] = taken.files
        assert flaws({file.path: file.text}) == ""
        assert ENGINE not in file.text
        assert taken.callable == f"sample:{name}"
        assert run(file.text, name) == run(text, name)

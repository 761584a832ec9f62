"""Loads one task tree and writes one JSON object (`wire.Tree`) to OUT.

    main(OUT, MODULE, TASK, [ARGUMENT ...])        as `luigi --module MODULE TASK ARGUMENT ...`
    main(OUT, MODULE:FACTORY)                      what FACTORY returns: a task, or several

Raises nothing: what goes wrong is a fault in the answer. The working folder is the user's, as for `luigi`.
"""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

from .faults import fault, one_line


def main(argv: list[str]) -> None:
    """Answer, then end the process, whatever threads the user's code has started."""
    out, *rest = argv
    answer = _load(rest)
    with open(out, "w", encoding="utf-8") as target:
        json.dump(answer, target)
    os._exit(0)


def _load(argv: list[str]) -> dict[str, Any]:
    answer: dict[str, Any] = {"faults": []}
    try:
        import luigi
    except BaseException as error:
        answer["faults"].append(fault("no_luigi", one_line(error)))
        return answer
    from .configured import configured
    from .modules import collect, distributions
    from .settings import settings
    from .walk import walk

    answer["version"] = getattr(luigi, "__version__", "")
    before = set(sys.modules)
    sys.path.insert(0, os.getcwd())
    try:
        with _roots(argv, answer["faults"]) as roots:
            if roots is None:
                return answer
            answer["settings"] = settings()
            answer |= walk(roots, answer["faults"])
            answer["modules"], answer["libraries"], odd = collect(before)
            answer["faults"] += [fault("data", path) for path in odd]
            found = configured()
            answer["settings"]["path"], answer["config"] = ", ".join(found.paths), found.text
            answer["settings"]["config_name"] = found.name
            answer["faults"] += [fault("secret", name) for name in found.left_out]
            if found.name.endswith(".toml"):
                answer["libraries"] = sorted({*answer["libraries"], *distributions({"toml"})})
    except BaseException as error:
        answer["faults"].append(fault("task", error))
    return answer


@contextlib.contextmanager
def _roots(argv: list[str], faults: list[dict[str, Any]]) -> Iterator[list[Any] | None]:
    from luigi.cmdline_parser import CmdlineParser

    module, _, factory = argv[0].partition(":")
    try:
        loaded = importlib.import_module(module)
    except BaseException as error:
        faults.append(fault("import", error, module))
        yield None
        return
    if factory:
        yield _made(loaded, factory, faults)
        return
    arguments = [*argv[1:], "--module", module]
    said = io.StringIO()
    with contextlib.ExitStack() as stack:
        try:
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
                parser = stack.enter_context(CmdlineParser.global_instance(arguments))
                roots = [parser.get_task_obj()]
        except BaseException as error:
            lines = [line for line in said.getvalue().splitlines() if line.strip()]
            text = lines[-1].strip() if isinstance(error, SystemExit) and lines else one_line(error)
            faults.append(fault("task", text, argv[1]))
            roots = None
        yield roots


def _made(module: Any, factory: str, faults: list[dict[str, Any]]) -> list[Any] | None:
    from luigi.task import Task, flatten

    try:
        made: Any = module
        for name in factory.split("."):
            made = getattr(made, name)
        roots = flatten(made()) if not isinstance(made, Task) else [made]
    except BaseException as error:
        faults.append(fault("factory", error, factory))
        return None
    odd = [one for one in roots if not isinstance(one, Task)]
    if odd or not roots:
        what = f"{type(odd[0]).__name__}" if odd else "nothing"
        faults.append(fault("factory", f"it returns {what}, not tasks", factory))
        return None
    return roots

"""Templates rendered by the handler alone, in the context that a compiled DAG's runs have."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from core_compiler.diagnostics import Sink
from core_compiler.ir.context import encode_context
from handler.context import open_context
from handler.events import parse
from handler.invocation import Invocation
from handler.store.file import FileStore
from handler.tries import Try
from transpilers.airflow.importer import lowered
from transpilers.airflow.live.loader import load

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "fixtures" / "templates"
Rendered = tuple[str, Any]


def expressions() -> Any:
    """The module with the expressions."""
    spec = importlib.util.spec_from_file_location("template_expressions", FOLDER / "template_expressions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@functools.cache
def settings(dialect: str) -> bytes:
    """`context.json` of the DAG as this Airflow reads it; of Airflow 2 by its dialect and timetable alone."""
    [file] = load([FOLDER / "dag.py"], time_limit=120)
    [entry] = lowered(file, "python", None, Sink()).workflows
    assert entry.workflow is not None
    assert entry.workflow.context is not None
    made = json.loads(encode_context(entry.workflow.context))
    if dialect == "airflow-2":
        made["dialect"] = dialect
        made["timetable"]["kind"] = "interval"
    return json.dumps(made).encode()


def ours(dialect: str, date: str, wanted: Sequence[str]) -> list[Rendered]:
    """The handler's renderings of all expressions on one date."""
    variables = {f"AIRFLOW_VAR_{name.upper()}": value for name, value in expressions().VARIABLES.items()}
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        Path(scratch, "context.json").write_bytes(settings(dialect))
        patch.setenv("STEPWEAVE_USER", scratch)
        for name, value in variables.items():
            patch.setenv(name, value)
        given = {"started": date, "input": {"logical_date": date, "run_after": date}}
        event: Any = parse(
            {
                "v": 1,
                "op": "run",
                "run": "m/e/t",
                "task": "render",
                "component_name": "noop",
                "context": given,
                "retries": 2,
            }
        )
        invocation = Invocation(FileStore(os.path.join(scratch, "store")), "a", lambda: 0.0, lambda: 900.0)
        context = open_context(event, invocation, Try(1, 0.0, 900.0), {})
        return [_one(context, expression) for expression in wanted]


def _one(context: Any, expression: str) -> Rendered:
    try:
        return "text", context.render(expression)
    except Exception as error:
        return "error", type(error).__name__


def verdict(pairs: Iterable[tuple[Rendered, Rendered]]) -> str:
    """One word over all dates: the worst that happened."""
    found = {_verdict(theirs, mine) for theirs, mine in pairs}
    return next(word for word in ("different", "refused", "equal error", "equal") if word in found)


def _verdict(theirs: Rendered, mine: Rendered) -> str:
    if tuple(theirs) == tuple(mine):
        return "equal" if mine[0] == "text" else "equal error"
    if mine[1] == "ContextMissing" and mine[0] == "error":
        return "refused"
    return "different"

"""Templates rendered by the handler alone, in the context that a compiled DAG's runs have."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from core_compiler.diagnostics import Sink
from core_compiler.ir.context import encode_context
from handler.codec import dumps, from_bytes
from handler.context import open_context
from handler.context.params import resolve
from handler.events import parse
from handler.invocation import Invocation
from handler.json_types import JsonObject
from handler.records import Done
from handler.store.file import FileStore
from handler.tries import Try
from handler.values import encode_outputs
from transpilers.airflow.importer import lowered
from transpilers.airflow.live.loader import load

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "fixtures" / "templates"
#: Templates become texts, or values.
KINDS = ("templates", "native")
#: The type of what came out (`text`, `int`, ...) and its text; `error` and its class.
Rendered = tuple[str, str]


def module(name: str) -> Any:
    """A module beside the DAG."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def every() -> list[str]:
    """All expressions, those of real DAGs first."""
    return [*module("template_expressions").EXPRESSIONS, *module("template_written").WRITTEN]


@functools.cache
def settings(dialect: str) -> bytes:
    """`context.json` of the DAG as this Airflow reads it; of Airflow 2 by its dialect and timetable alone."""
    [file] = load([FOLDER / "dag.py"], time_limit=120)
    [entry] = lowered(file, "python", None, Sink()).workflows
    assert entry.workflow is not None
    assert entry.workflow.context is not None
    made = json.loads(encode_context(entry.workflow.context))
    # The functions that templates call are not taken out here.
    made["templates"]["macros"]["doubled"] = made["templates"]["filters"]["doubled"] = {"callable": "dag:doubled"}
    if dialect == "airflow-2":
        made["dialect"] = dialect
        made["timetable"]["kind"] = "interval"
    return json.dumps(made).encode()


def ours(dialect: str, date: str, wanted: Sequence[str]) -> dict[str, list[Rendered]]:
    """The handler's renderings of all expressions on one date, into texts and natively."""
    held = module("template_expressions")
    environment = {f"AIRFLOW_VAR_{name.upper()}": value for name, value in held.VARIABLES.items()}
    environment |= {f"AIRFLOW_CONN_{name.upper()}": value for name, value in held.CONNECTIONS.items()}
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        Path(scratch, "context.json").write_bytes(settings(dialect))
        Path(scratch, "dag.py").write_text("def doubled(value):\n    return value * 2\n")
        patch.setenv("STEPWEAVE_USER", scratch)
        patch.delitem(sys.modules, "dag", raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        given = {"started": date, "input": {"logical_date": date, "run_after": date, "conf": held.CONF}}
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
        done = {task: _left(task, values) for task, values in held.VALUES.items()}
        context = open_context(event, invocation, Try(1, 0.0, 900.0), done)
        context["templates_dict"] = None
        rendered: dict[str, list[Rendered]] = {}
        for kind in KINDS:
            native = context["dag"].render_template_as_native_obj = kind == "native"
            rendered[kind] = [_one(context, expression, native=native) for expression in wanted]
    sys.modules.pop("dag", None)
    return rendered


def params(dialect: str) -> list[str]:
    """What the handler makes of each pair of `template_params.py`: the value, or the class of an error."""
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STEPWEAVE_USER", scratch)
        Path(scratch, "context.json").write_text(json.dumps({"dialect": dialect}))
        return [_judged(schema, value) for schema, value in module("template_params").CASES]


def _judged(schema: object, value: object) -> str:
    given: JsonObject = {"params": {"p": {"value": from_bytes(dumps(value)), "schema": from_bytes(dumps(schema))}}}
    try:
        return repr(resolve(given, {}, {})["p"])
    except Exception as error:
        return type(error).__name__


def _left(task: str, values: dict[str, Any]) -> Done:
    outputs: dict[str, Any] = {}
    for key, value in values.items():
        if value is not None:
            [data] = encode_outputs(value, multiple_outputs=False, through_json=True).values()
            outputs[key] = {"inline": from_bytes(data)}
    return Done(task, "success", "a", 1, 0.0, outputs)


def _one(context: Any, expression: str, *, native: bool) -> Rendered:
    try:
        found = context.render(expression, native=native)
        return _sort(found), str(found)
    except Exception as error:
        return "error", type(error).__name__


def _sort(found: object) -> str:
    kind = type(found)
    if isinstance(found, str):
        return "text"
    plain = kind.__module__ in ("builtins", "datetime", "dateutil.relativedelta", "uuid", "pendulum.datetime")
    return kind.__name__ if plain else "object"


def verdict(pairs: Iterable[tuple[Rendered, Rendered]]) -> str:
    """One word over all dates: the worst that happened."""
    found = {_verdict(theirs, mine) for theirs, mine in pairs}
    return next(word for word in ("different", "refused", "equal error", "equal") if word in found)


def _verdict(theirs: Rendered, mine: Rendered) -> str:
    if tuple(theirs) == tuple(mine):
        return "equal error" if mine[0] == "error" else "equal"
    if mine == ("error", "ContextMissing"):
        return "refused"
    return "different"

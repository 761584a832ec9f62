"""@task.bash: a Python callable whose value is a command line (`providers/standard/decorators/bash.py`)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from core_compiler.ir import PythonCallable, Shell
from transpilers.airflow import rules
from transpilers.airflow.call import CodeRef, OperatorCall
from transpilers.airflow.context import WHOLE
from transpilers.airflow.jinja import BadTemplate
from transpilers.airflow.operators.bash import SETTINGS, SUFFIXES, shell
from transpilers.airflow.operators.lowered import Family, Lowered, Surroundings
from transpilers.airflow.operators.python import called
from transpilers.airflow.rendering import NoFile
from transpilers.airflow.uses import Site


def lower(call: OperatorCall, site: Site, around: Surroundings) -> Lowered | None:
    """A Python component with the shell that runs what it returns; None after an error."""
    ref = call.kwargs.get("python_callable")
    if isinstance(ref, CodeRef) and ref.sort == "async":
        reason = "is a coroutine, which @task.bash does not await: the task fails there"
        site.report(rules.CALLABLE, callable=ref.qualname, reason=reason)
        return None
    if isinstance(ref, CodeRef) and ref.span is not None:
        for name in _scripts(Path(ref.span.path), ref.span.line):
            # What is no file is only a text that ends like one, and is told so when the task runs.
            with suppress(BadTemplate, NoFile):
                around.rendering.text(name, SUFFIXES)
    made, run = called(call, site, around, SUFFIXES), shell(call, site, around)
    if made is None or run is None:
        return None
    assert isinstance(made.component, PythonCallable)
    assert isinstance(run.component, Shell)
    second = around.shape.major == 2
    component = msgspec.structs.replace(
        made.component,
        # Airflow 2 says that it ignores it.
        multiple_outputs=made.component.multiple_outputs and not second,
        context=True,
        shell=msgspec.structs.replace(run.component, multiple_outputs=False, through_json=False, plain_json=False),
    )
    kwargs = {**made.kwargs, **{f"shell.{name}": value for name, value in run.kwargs.items()}}
    # What the command asks of the context is known only when it is made.
    return Lowered(component, made.args, kwargs, made.code, made.asks | {WHOLE})


def _scripts(path: Path, line: int) -> Iterator[str]:
    """Strings of a function that name template files where it returns them."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.lineno == line)
    for node in (inner for function in functions for inner in ast.walk(function)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(SUFFIXES):
            yield node.value


BASH_DECORATED = Family(
    title="BashOperator",
    kept=SETTINGS | {"bash_command", "cwd", "env", "multiple_outputs", "op_args", "op_kwargs", "python_callable"},
    rendered=("op_args", "op_kwargs", "bash_command", "env", "cwd"),
    lower=lower,
    suffixes=SUFFIXES,
    items={"op_args": "args", "op_kwargs": "kwargs"},
)

"""BashOperator: a command line (`providers/standard/operators/bash.py`)."""

from __future__ import annotations

from core_compiler.ir import Shell
from transpilers.airflow import rules
from transpilers.airflow.call import List, Literal, OperatorCall, Set, Tuple, Value
from transpilers.airflow.operators.lowered import Family, Lowered, Surroundings, flag
from transpilers.airflow.uses import Site, refused
from transpilers.airflow.values import NotCarriedError, codec, named, render
from transpilers.airflow.variables import variable_in_text

SKIP_ON = 99
NO_TEXT = Literal("")


def lower(call: OperatorCall, site: Site, _around: Surroundings) -> Lowered | None:
    """A shell component, or None after an error."""
    kwargs = call.kwargs
    try:
        command = _text("bash_command", kwargs.get("bash_command", NO_TEXT))
        env = _environment(kwargs.get("env", Literal(None)))
        given = kwargs.get("cwd", Literal(None))
        cwd = None if given == Literal(None) else _text("cwd", given)
        skips = _exit_codes(_skips_on(kwargs))
        encoding = _text("output_encoding", kwargs.get("output_encoding", Literal("utf-8")))
    except NotCarriedError as error:
        site.report(rules.VALUE, argument=error.args[0], reason=error.args[1])
        return None
    _variables(command, env, site)
    if cwd is not None:
        site.report(
            rules.ARGUMENT_CHANGED, argument="cwd", reason=f"{cwd} must exist where the machine's function runs"
        )
    component = Shell(
        command=command,
        env=env,
        append_env=flag(kwargs.get("append_env"), default=False),
        cwd=cwd,
        skip_exit_codes=skips,
        encoding=encoding,
        store=flag(kwargs.get("do_xcom_push"), default=True),
    )
    return Lowered(component)


def _text(name: str, value: Value) -> str:
    try:
        text = codec(value)
    except NotCarriedError as error:
        raise NotCarriedError(name, str(error)) from error
    if not isinstance(text, str):
        raise NotCarriedError(name, "is not a string")
    return render(text)


def _environment(value: Value) -> dict[str, str] | None:
    if value == Literal(None):
        return None
    items = named(value)
    if items is None:
        raise NotCarriedError("env", "is not a dict of strings")
    return {name: _text(f"env[{name!r}]", item) for name, item in items.items()}


def _skips_on(kwargs: dict[str, Value]) -> Value:
    """`skip_exit_code` is what Airflow 2 called it before."""
    old = kwargs.get("skip_exit_code", Literal(None))
    return old if old != Literal(None) else kwargs.get("skip_on_exit_code", Literal(SKIP_ON))


def _exit_codes(value: Value) -> tuple[int, ...]:
    match value:
        case Literal(None):
            return ()
        case Literal(int() as code):
            return (code,)
        case List(items) | Tuple(items) | Set(items):
            codes = [item.value for item in items if isinstance(item, Literal) and isinstance(item.value, int)]
            if len(codes) == len(items):
                return tuple(codes)
        case _:
            pass
    raise NotCarriedError("skip_on_exit_code", "is not an exit code, or a list of them")


def _variables(command: str, env: dict[str, str] | None, site: Site) -> None:
    places = [("bash_command", command), *((f"env[{name!r}]", text) for name, text in (env or {}).items())]
    for where, text in places:
        if name := variable_in_text(text):
            site.report(rules.AIRFLOW_VARIABLE, where=where, name=name)


BASH = Family(
    title="BashOperator",
    kept=frozenset(
        {"append_env", "bash_command", "cwd", "env", "output_encoding", "skip_exit_code", "skip_on_exit_code"}
    ),
    rendered=("bash_command", "env", "cwd"),
    lower=lower,
    uses={
        **refused("a Python function works on the output", "output_processor"),
        **refused("the output of a command is text, which has no keys", "multiple_outputs"),
    },
    suffixes=(".sh", ".bash"),
)

"""BashOperator: a command line (`providers/standard/operators/bash.py`)."""

from __future__ import annotations

from typing import Any

from core_compiler import ir
from core_compiler.ir import Shell
from transpilers.airflow import rules
from transpilers.airflow.call import CodeRef, List, Literal, OperatorCall, Set, Template, Tuple, Value
from transpilers.airflow.jinja import BadTemplate
from transpilers.airflow.operators.lowered import Family, Lowered, Surroundings, flag
from transpilers.airflow.rendering import NoFile, is_text
from transpilers.airflow.uses import Site
from transpilers.airflow.values import NotCarriedError, argument, codec, named, render, texts
from transpilers.airflow.variables import check_text

SKIP_ON = 99
NO_TEXT = Literal("")
#: What is not rendered, and read by `shell`.
SETTINGS = frozenset({"append_env", "output_encoding", "output_processor", "skip_exit_code", "skip_on_exit_code"})
SUFFIXES = (".sh", ".bash")


def lower(call: OperatorCall, site: Site, around: Surroundings) -> Lowered | None:
    """A shell component, or None after an error. What only a run knows is among the arguments, by the field's name."""
    if "bash_command" not in call.kwargs and call.mapped is None:
        # Airflow would not load the file.
        site.report(rules.VALUE, argument="bash_command", reason="is missing")
        return None
    return shell(call, site, around, ("command", call.kwargs.get("bash_command", NO_TEXT)))


def shell(call: OperatorCall, site: Site, around: Surroundings, *commands: tuple[str, Value]) -> Lowered | None:
    """How the command is run, `commands` the one that the file holds; None after an error."""
    kwargs = call.kwargs
    try:
        fields = {
            **{name: _field("bash_command", value, around) for name, value in commands},
            "env": _field("env", kwargs.get("env", Literal(None)), around, dict),
            "cwd": _field("cwd", kwargs.get("cwd", Literal(None)), around),
        }
        skips = _exit_codes(_skips_on(kwargs))
        encoding = _text("output_encoding", kwargs.get("output_encoding", Literal("utf-8")))
        processor = _processor(kwargs.get("output_processor", Literal(None)), around)
    except (BadTemplate, NoFile):
        # Said already, by `check_templates`.
        return None
    except NotCarriedError as error:
        site.report(rules.VALUE, argument=error.args[0], reason=error.args[1])
        return None
    if processor is None:
        return None
    _variables(kwargs, site)
    if fields["cwd"] != ir.Literal(None):
        where = fields["cwd"].value if isinstance(fields["cwd"], ir.Literal) else "the folder"
        site.report(
            rules.ARGUMENT_CHANGED, argument="cwd", reason=f"{where} must exist where the machine's function runs"
        )
    known: dict[str, Any] = {name: item.value for name, item in fields.items() if isinstance(item, ir.Literal)}
    component = Shell(
        command=known.get("command", ""),
        env=known.get("env"),
        append_env=flag(kwargs.get("append_env"), default=False),
        cwd=known.get("cwd"),
        skip_exit_codes=skips,
        encoding=encoding,
        multiple_outputs=flag(kwargs.get("multiple_outputs"), default=False),
        through_json=bool(processor),
        plain_json=bool(processor) and around.shape.major == 2,
        store=flag(kwargs.get("do_xcom_push"), default=True),
        processor=processor,
    )
    return Lowered(component, kwargs={name: item for name, item in fields.items() if name not in known})


def _field(name: str, value: Value, around: Surroundings, kind: type = str) -> ir.Argument:
    """A rendered field: a literal of the right kind, or what is known only to a run."""
    try:
        found = argument(value, around.references, lambda words: around.rendering.text(words, SUFFIXES))
    except NotCarriedError as error:
        raise NotCarriedError(name, str(error)) from error
    if not isinstance(found, ir.Literal) or (found.value is None and name != "bash_command"):
        return found
    if kind is str and not isinstance(found.value, str):
        raise NotCarriedError(name, "is not a string")
    if kind is dict:
        _check_environment(value)
    return found


def _check_environment(value: Value) -> None:
    items = named(value)
    if items is None:
        raise NotCarriedError("env", "is not a dict of strings")
    for key, item in items.items():
        if not is_text(item):
            raise NotCarriedError(f"env[{key!r}]", "is not a string")


def _processor(value: Value, around: Surroundings) -> str | None:
    """What the function is called that works on the output, "" for none; None after an error."""
    match value:
        case Literal(None):
            return ""
        case CodeRef(module="builtins", qualname=name) if "." not in name:
            return f"builtins:{name}"
        case CodeRef():
            return around.references.function(value) or None
        case _:
            raise NotCarriedError("output_processor", "is not a function")


def _text(name: str, value: Value) -> str:
    try:
        text = codec(value)
    except NotCarriedError as error:
        raise NotCarriedError(name, str(error)) from error
    if not isinstance(text, str):
        raise NotCarriedError(name, "is not a string")
    return render(text)


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


def _variables(kwargs: dict[str, Value], site: Site) -> None:
    places = [("bash_command", kwargs.get("bash_command", NO_TEXT))]
    places += [(f"env[{name!r}]", item) for name, item in (named(kwargs.get("env", Literal(None))) or {}).items()]
    for where, value in places:
        for found in texts(value):
            check_text(found.text if isinstance(found, Template) else str(found.value), where, site)


BASH = Family(
    title="BashOperator",
    kept=SETTINGS | {"bash_command", "cwd", "env", "multiple_outputs"},
    rendered=("bash_command", "env", "cwd"),
    lower=lower,
    suffixes=SUFFIXES,
    items={"bash_command": "command", "env": "env", "cwd": "cwd"},
)

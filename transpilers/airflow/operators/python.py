"""PythonOperator and @task: a Python callable (`providers/standard/operators/python.py`, `decorators/python.py`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from core_compiler.ir import Argument, PythonCallable
from transpilers.airflow import rules
from transpilers.airflow.call import CodeRef, List, Literal, OperatorCall, Parameter, Tuple, Value
from transpilers.airflow.context import WHOLE, asks_for_context
from transpilers.airflow.context_names import CONTEXT_REPLACEMENTS
from transpilers.airflow.defaults import captured, variables
from transpilers.airflow.jinja import BadTemplate
from transpilers.airflow.operators.lowered import Decides, Family, Lowered, Surroundings, flag, suffixes_of
from transpilers.airflow.rendering import NoFile
from transpilers.airflow.uses import Site, no_effect
from transpilers.airflow.values import NotCarriedError, argument, codec, named
from transpilers.code import CodeRequest

#: Rendered, and reaches the callable through the context alone.
TEMPLATES = "templates_dict"
HOMES = ("airflow.exceptions", "airflow.sdk.exceptions", "airflow.sdk")
ERRORS = {
    "AirflowTaskTimeout": "handler.errors:TimedOut",
    **{
        name: f"handler.errors_airflow:{name}"
        for name in (
            "AirflowException",
            "AirflowFailException",
            "AirflowNotFoundException",
            "AirflowRuntimeError",
            "AirflowSensorTimeout",
            "AirflowSkipException",
            "ParamValidationError",
        )
    },
}
#: Airflow's exceptions that have the same meaning to the handler.
REPLACEMENTS = {f"{home}.{name}": target for home in HOMES for name, target in ERRORS.items()} | CONTEXT_REPLACEMENTS

UNFIT = {
    "class": "is a class",
    "generator": "is a generator, whose items Airflow reads as events of assets",
    "method": "is a method, whose object cannot ship",
    "object": "is an object, which cannot ship",
    "partial": "is a partial: pass its arguments through op_args and op_kwargs",
}


def lower(call: OperatorCall, site: Site, around: Surroundings) -> Lowered | None:
    """A Python component, its code still to be taken out where it is the user's; None after an error."""
    return called(call, site, around, suffixes_of(PYTHON, call))


def called(call: OperatorCall, site: Site, around: Surroundings, suffixes: tuple[str, ...]) -> Lowered | None:
    """The same, where strings that end in `suffixes` are names of template files."""
    ref = call.kwargs.get("python_callable")
    if not isinstance(ref, CodeRef):
        site.report(rules.VALUE, argument="python_callable", reason="is not a function")
        return None
    located = locate(ref, call.task_id, site, around.shape.major)
    given = _given(call, site)
    if located is None or given is None or ref.parameters is None:
        return None
    bound = _bind(ref, ref.parameters, given, _Way(site, around, suffixes))
    if bound is None:
        return None
    where, code = located
    component = PythonCallable(
        callable=where,
        multiple_outputs=flag(call.kwargs.get("multiple_outputs"), default=False),
        # What one task gives another goes through JSON, which makes the keys of dicts strings (`sdk/serde`).
        through_json=True,
        plain_json=around.shape.major == 2,
        store=flag(call.kwargs.get("do_xcom_push"), default=True),
        context=bool(bound.asks),
    )
    return Lowered(component, bound.args, bound.kwargs, code, bound.asks)


class _Given(NamedTuple):
    """The arguments of a call: by position, by name, and what reaches the callable through the context alone."""

    positional: tuple[Value, ...]
    by_name: dict[str, Value]
    templates: Value | None


class _Way(NamedTuple):
    """How arguments are carried, and where faults are filed; `suffixes` of template files."""

    site: Site
    around: Surroundings
    suffixes: tuple[str, ...]

    def text(self, words: str) -> Argument | None:
        """A string of a rendered field."""
        return self.around.rendering.text(words, self.suffixes)

    def carry(self, name: str, value: Value, *, rendered: bool = True) -> Argument | None:
        """One argument of the IR; None after an error."""
        try:
            return argument(value, self.around.references, self.text if rendered else None)
        except (BadTemplate, NoFile):
            # Said already, by `check_templates`.
            return None
        except NotCarriedError as error:
            self.site.report(rules.VALUE, argument=name, reason=error)
            return None


class _Bound(NamedTuple):
    args: tuple[Argument, ...]
    kwargs: dict[str, Argument]
    asks: frozenset[str]


def _given(call: OperatorCall, site: Site) -> _Given | None:
    """What `op_args`, `op_kwargs` and `templates_dict` hold."""
    args = call.kwargs.get("op_args", Literal(None))
    kwargs = call.kwargs.get("op_kwargs", Literal(None))
    positional = () if args == Literal(None) else args.items if isinstance(args, List | Tuple) else None
    by_name = {} if kwargs == Literal(None) else named(kwargs)
    if positional is None:
        site.report(rules.VALUE, argument="op_args", reason="is not a list")
    if by_name is None:
        site.report(rules.VALUE, argument="op_kwargs", reason="is not a dict whose keys are strings")
    if positional is None or by_name is None:
        return None
    return _Given(positional, by_name, call.kwargs.get(TEMPLATES))


def _bind(ref: CodeRef, parameters: tuple[Parameter, ...], given: _Given, way: _Way) -> _Bound | None:
    """Arguments as Airflow binds them: by name it passes only what the callable has a parameter for."""
    positional, by_name = given.positional, given.by_name
    asking = asks_for_context(ref, parameters, len(positional), frozenset(by_name), way.around.shape.major)
    for name, reason in asking.faults:
        way.site.report(rules.CONTEXT, parameter=name, callable=ref.qualname, reason=reason)
    if all(parameter.sort != "kwargs" for parameter in parameters):
        own = {parameter.name for parameter in parameters}
        by_name = {name: value for name, value in by_name.items() if name in own}
    covered = {parameter.name for parameter in parameters[: len(positional)]} | set(by_name) | asking.names
    defaults = {name: value for name, value in captured(ref, parameters).items() if name not in covered}
    args = [way.carry(f"op_args[{number}]", value) for number, value in enumerate(positional)]
    kwargs = {name: way.carry(f"op_kwargs[{name!r}]", value) for name, value in by_name.items()}
    # A default is no field of the operator, so it is not rendered.
    kwargs |= {name: way.carry(f"the default of {name!r}", value, rendered=False) for name, value in defaults.items()}
    if given.templates is not None and asking.names & {TEMPLATES, WHOLE}:
        kwargs[TEMPLATES] = way.carry(TEMPLATES, given.templates)
    whole_args = tuple(value for value in args if value is not None)
    whole_kwargs = {name: value for name, value in kwargs.items() if value is not None}
    complete = len(whole_args) == len(args) and len(whole_kwargs) == len(kwargs) and not asking.faults
    return _Bound(whole_args, whole_kwargs, asking.names) if complete else None


def locate(ref: CodeRef, task_id: str, site: Site, major: int) -> tuple[str, CodeRequest | None] | None:
    """The callable's name in an installed module, or what is to be taken out of the user's files; None if unfit."""
    unfit = UNFIT.get(ref.sort) or ("has a signature that Python cannot tell" if ref.parameters is None else "")
    if ref.sort == "async" and major == 2:
        unfit = "is a coroutine, which Airflow 2 does not await: the task fails there"
    package = ref.module.partition(".")[0]
    standard = package in sys.stdlib_module_names
    installed = ref.span is not None and "site-packages" in Path(ref.span.path).parts
    if not unfit and package == "airflow":
        unfit = "belongs to Airflow, which does not ship"
    elif not unfit and not standard and ref.span is None:
        unfit = "has no source in Python"
    if unfit:
        site.report(rules.CALLABLE, callable=ref.qualname, reason=unfit)
        return None
    if package and (standard or installed) and "<" not in ref.qualname:
        if not standard:
            site.report(rules.LIBRARY, modules=package)
        return f"{ref.module}:{ref.qualname}", None
    return "", request(ref, task_id)


def request(ref: CodeRef, task_id: str) -> CodeRequest:
    """What is to be taken out of the user's files for a callable."""
    return CodeRequest(
        path=Path(ref.span.path if ref.span else ""),
        qualname=ref.qualname,
        line=ref.span.line if ref.span else 0,
        closure=_literals(variables(ref, ref.parameters or ()) | ref.closure),
        replacements=REPLACEMENTS,
        refused_prefixes=("airflow",),
        drop_decorators=("airflow",),
        subject=task_id,
    )


def _literals(closure: dict[str, Value]) -> dict[str, object]:
    """The captured values that are data; the slicer says which of the others it misses."""
    found: dict[str, object] = {}
    for name, value in closure.items():
        try:
            found[name] = codec(value)
        except NotCarriedError:
            continue
    return found


def _family(title: str, decides: Decides | None = None, *kept: str) -> Family:
    return Family(
        title=title,
        kept=frozenset(
            {"multiple_outputs", "op_args", "op_kwargs", "python_callable", TEMPLATES, "templates_exts", *kept}
        ),
        rendered=(TEMPLATES, "op_args", "op_kwargs"),
        lower=lower,
        uses={
            **no_effect("what the log shows", "show_return_value_in_logs"),
        },
        second=no_effect("Airflow 2 takes it and warns: the context is there without it", "provide_context"),
        decides=decides,
        items={"op_args": "args", "op_kwargs": "kwargs"},
    )


PYTHON = _family("PythonOperator")
BRANCH = _family("BranchPythonOperator", Decides.BRANCH)
SHORT_CIRCUIT = _family("ShortCircuitOperator", Decides.SHORT_CIRCUIT, "ignore_downstream_trigger_rules")

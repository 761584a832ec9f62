"""PythonOperator and @task: a Python callable (`providers/standard/operators/python.py`, `decorators/python.py`)."""

from __future__ import annotations

import sys
from pathlib import Path

from core_compiler.ir import Argument, PythonCallable
from transpilers.airflow import rules
from transpilers.airflow.call import CodeRef, List, Literal, OperatorCall, Parameter, Template, Tuple, Value
from transpilers.airflow.context import asks_for_context
from transpilers.airflow.defaults import captured, variables
from transpilers.airflow.operators.lowered import Decides, Family, Lowered, Outputs, Surroundings, flag
from transpilers.airflow.uses import Site, no_effect, refused
from transpilers.airflow.values import NotCarriedError, argument, codec, named, texts
from transpilers.code import CodeRequest

HOMES = ("airflow.exceptions", "airflow.sdk.exceptions", "airflow.sdk")
ERRORS = {
    "AirflowException": "handler.errors:TaskError",
    "AirflowFailException": "handler.errors:Failed",
    "AirflowSkipException": "handler.errors:Skipped",
    "AirflowTaskTimeout": "handler.errors:TimedOut",
}
#: Airflow's exceptions that have the same meaning to the handler.
REPLACEMENTS = {f"{home}.{name}": target for home in HOMES for name, target in ERRORS.items()}

UNFIT = {
    "class": "is a class",
    "generator": "is a generator, whose items Airflow reads as events of assets",
    "method": "is a method, whose object cannot ship",
    "object": "is an object, which cannot ship",
    "partial": "is a partial: pass its arguments through op_args and op_kwargs",
}


def lower(call: OperatorCall, site: Site, around: Surroundings) -> Lowered | None:
    """A Python component, its code still to be taken out where it is the user's; None after an error."""
    ref = call.kwargs.get("python_callable")
    if not isinstance(ref, CodeRef):
        site.report(rules.VALUE, argument="python_callable", reason="is not a function")
        return None
    located = _locate(ref, call.task_id, site)
    given = _given(call, site)
    if located is None or given is None or ref.parameters is None:
        return None
    bound = _bind(ref, ref.parameters, *given, site, around)
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
    )
    return Lowered(component, *bound, code)


def _given(call: OperatorCall, site: Site) -> tuple[tuple[Value, ...], dict[str, Value]] | None:
    """What `op_args` and `op_kwargs` hold."""
    args = call.kwargs.get("op_args", Literal(None))
    kwargs = call.kwargs.get("op_kwargs", Literal(None))
    positional = () if args == Literal(None) else args.items if isinstance(args, List | Tuple) else None
    by_name = {} if kwargs == Literal(None) else named(kwargs)
    if positional is None:
        site.report(rules.VALUE, argument="op_args", reason="is not a list")
    if by_name is None:
        site.report(rules.VALUE, argument="op_kwargs", reason="is not a dict whose keys are strings")
    return None if positional is None or by_name is None else (positional, by_name)


def _bind(
    ref: CodeRef,
    parameters: tuple[Parameter, ...],
    positional: tuple[Value, ...],
    by_name: dict[str, Value],
    site: Site,
    around: Surroundings,
) -> tuple[tuple[Argument, ...], dict[str, Argument]] | None:
    """Arguments as Airflow binds them: by name it passes only what the callable has a parameter for."""
    from_context = list(asks_for_context(ref, parameters, len(positional), frozenset(by_name), around.shape.major))
    for name, reason in from_context:
        site.report(rules.CONTEXT, parameter=name, callable=ref.qualname, reason=reason)
    if all(parameter.sort != "kwargs" for parameter in parameters):
        own = {parameter.name for parameter in parameters}
        by_name = {name: value for name, value in by_name.items() if name in own}
    covered = {parameter.name for parameter in parameters[: len(positional)]} | set(by_name)
    by_name |= {name: value for name, value in captured(ref, parameters).items() if name not in covered}
    args = [_carried(f"op_args[{number}]", value, site, around.outputs) for number, value in enumerate(positional)]
    kwargs = {name: _carried(f"op_kwargs[{name!r}]", value, site, around.outputs) for name, value in by_name.items()}
    whole_args = tuple(value for value in args if value is not None)
    whole_kwargs = {name: value for name, value in kwargs.items() if value is not None}
    complete = len(whole_args) == len(args) and len(whole_kwargs) == len(kwargs) and not from_context
    return (whole_args, whole_kwargs) if complete else None


def _carried(name: str, value: Value, site: Site, outputs: Outputs) -> Argument | None:
    if any(isinstance(found, Template) for found in texts(value)):
        # Said once for the whole argument, by `check_templates`.
        return None
    try:
        return argument(value, outputs, rendered=True)
    except NotCarriedError as error:
        site.report(rules.VALUE, argument=name, reason=error)
        return None


def _locate(ref: CodeRef, task_id: str, site: Site) -> tuple[str, CodeRequest | None] | None:
    """The callable's name in an installed module, or what is to be taken out of the user's files; None if unfit."""
    unfit = UNFIT.get(ref.sort) or ("has a signature that Python cannot tell" if ref.parameters is None else "")
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
    return "", _request(ref, task_id)


def _request(ref: CodeRef, task_id: str) -> CodeRequest:
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
        kept=frozenset({"multiple_outputs", "op_args", "op_kwargs", "python_callable", *kept}),
        rendered=("op_args", "op_kwargs"),
        lower=lower,
        uses={
            **no_effect("reaches the callable through the context alone, which is refused", "templates_dict"),
            **no_effect("what the log shows", "show_return_value_in_logs"),
            **refused("strings that end so are read from files", "templates_exts"),
        },
        decides=decides,
    )


PYTHON = _family("PythonOperator")
BRANCH = _family("BranchPythonOperator", Decides.BRANCH)
SHORT_CIRCUIT = _family("ShortCircuitOperator", Decides.SHORT_CIRCUIT, "ignore_downstream_trigger_rules")

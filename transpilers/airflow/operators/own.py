"""The user's own operator classes: their code ships, and runs on a small BaseOperator (`handler/operators`)."""

from __future__ import annotations

import msgspec

from core_compiler import ir
from core_compiler.ir import Argument, PythonCallable, outputs
from handler.operators.names import ARGUMENTS
from transpilers.airflow import own_rules, rules
from transpilers.airflow.call import Mapped, OperatorCall, OwnClass, Value
from transpilers.airflow.classes import canonical
from transpilers.airflow.context import WHOLE
from transpilers.airflow.jinja import BadTemplate
from transpilers.airflow.operators.lowered import Family, Lowered, Surroundings, flag
from transpilers.airflow.operators.own_code import faults, uses_context
from transpilers.airflow.operators.python import request
from transpilers.airflow.rendering import NoFile
from transpilers.airflow.uses import Site
from transpilers.airflow.values import NotCarriedError, argument, named

BASE = "airflow.sdk.bases.operator.BaseOperator"
#: What items may be mapped over as a whole; of a list of them and of texts nobody knows which are rendered.
WHOLE_VALUES = (ir.Literal, ir.Output, ir.Apply, ir.Zip, ir.Concat)
OF_ALL = ARGUMENTS | {"task_id"}


def own_family(call: OperatorCall) -> Family | None:
    """How a class of the user's is lowered, None where it is none, or stands on another class than BaseOperator."""
    own = call.own
    if own is None or {canonical(base) for base in own.bases} != {BASE}:
        return None
    names = dict.fromkeys((*own.given, *call.kwargs, *_mapped(call.mapped), *(one.name for one in own.takes or ())))
    mine = {name: name for name in names if name not in OF_ALL and not name.startswith("*")}
    return Family(
        title=call.class_name.rpartition(".")[2],
        kept=frozenset(mine) | {"multiple_outputs"},
        rendered=tuple(mine) if own.fields != () else (),
        lower=lower,
        suffixes=own.suffixes,
        items=mine,
        raw=True,
    )


def lower(call: OperatorCall, site: Site, around: Surroundings) -> Lowered | None:
    """The class to take out and the arguments that it is made with, None after an error."""
    own = call.own
    assert own is not None
    first = own.classes[0]
    wrong = list(faults(own))
    for span, reason in wrong:
        site._replace(span=span).report(own_rules.CLASS, operator=first.qualname, reason=reason)
    for name in own.defaulted:
        reason = "comes from default_args, which the machine does not hand to constructors"
        site.report(own_rules.GIVEN, argument=name, operator=first.qualname, reason=reason)
    given = {name: _carry(call, name, value, site, around) for name, value in _passed(own).items()}
    if wrong or own.defaulted or None in given.values():
        return None
    kwargs = {name: value for name, value in given.items() if value is not None}
    component = PythonCallable(
        callable="",
        multiple_outputs=flag(call.kwargs.get("multiple_outputs"), default=False),
        through_json=True,
        plain_json=around.shape.major == 2,
        store=flag(call.kwargs.get("do_xcom_push"), default=True),
        context=True,
        operator=ir.Operator(
            later=tuple(name for name, value in kwargs.items() if not isinstance(value, ir.Literal)),
            renders=own.fields != (),
        ),
    )
    asks = frozenset({WHOLE if uses_context(own) else "task"})
    return Lowered(component, (), kwargs, request(first, call.task_id), asks)


def _passed(own: OwnClass) -> dict[str, Value]:
    """What the constructor is called with: of the arguments of every operator those that it names."""
    takes = {one.name for one in own.takes or ()}
    return {name: value for name, value in own.given.items() if name not in OF_ALL or name in takes}


def _carry(call: OperatorCall, name: str, value: Value, site: Site, around: Surroundings) -> Argument | None:
    """One argument: plain data as it is written, templates in it too; what holds outputs as rendering gives it."""
    own = call.own
    assert own is not None
    try:
        found = argument(value, around.references)
        if isinstance(found, ir.Literal):
            return found
        found = argument(value, around.references, lambda words: around.rendering.text(words, own.suffixes))
    except (BadTemplate, NoFile):
        # Said already, by `check_templates`.
        return None
    except NotCarriedError as error:
        site.report(rules.VALUE, argument=name, reason=error)
        return None
    if not {one.task for one in outputs(found)} <= set(around.shape.upstream[call.task_id]):
        reason = "holds the output of a task and is no template field, so that Airflow hands on no value"
        site.report(own_rules.GIVEN, argument=name, operator=own.classes[0].qualname, reason=reason)
        return None
    return found


def settled(
    component: PythonCallable, mapping: ir.Mapping, names: tuple[str, ...], site: Site
) -> PythonCallable | None:
    """With the mapped arguments that come from outputs, which Airflow does not render; None after an error.

    What dicts hold it renders wherever they come from.
    """
    assert component.operator is not None
    over = {name: mapping.over["" if mapping.dicts else name] for name in names}
    for name, value in over.items():
        if not isinstance(value, WHOLE_VALUES):
            reason = "is mapped over a list that holds outputs of tasks"
            site.report(own_rules.GIVEN, argument=name, operator="a class of your own", reason=reason)
            return None
    found = () if mapping.dicts else tuple(name for name, value in over.items() if not isinstance(value, ir.Literal))
    return _replaced(component, found)


def _replaced(component: PythonCallable, names: tuple[str, ...]) -> PythonCallable:
    assert component.operator is not None
    operator = msgspec.structs.replace(component.operator, settled=names)
    return msgspec.structs.replace(component, operator=operator)


def _mapped(mapped: Mapped | None) -> tuple[str, ...]:
    if mapped is None or mapped.sort == "dicts":
        items = getattr(mapped.values, "items", ()) if mapped is not None else ()
        return tuple(name for item in items for name in named(item) or {})
    return tuple(named(mapped.values) or {})

"""What lowering an operator gives, and the checks that families share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from core_compiler.ir import Argument, Component
from transpilers.airflow import rules
from transpilers.airflow.asking import TASK
from transpilers.airflow.call import List, Literal, OperatorCall, Template, Tuple, Value
from transpilers.airflow.jinja import BadTemplate
from transpilers.airflow.rendering import NoFile, Rendering
from transpilers.airflow.shape import Shape
from transpilers.airflow.uses import Site, Use
from transpilers.airflow.values import References, texts
from transpilers.code import CodeRequest

LONGEST_QUOTE = 60


class Surroundings(NamedTuple):
    """What lowering a call needs to know of its DAG.

    How its tasks and functions are named, its graph, its start date, and how its templates are rendered.
    """

    references: References
    shape: Shape
    start: Value
    rendering: Rendering


class Lowered(msgspec.Struct, frozen=True):
    """A task's component and arguments. `code`: what is still to be taken out for a Python callable.

    `asks`: names of the run's context that the callable asks for, `*` for all of it.
    """

    component: Component
    args: tuple[Argument, ...] = ()
    kwargs: dict[str, Argument] = {}
    code: CodeRequest | None = None
    asks: frozenset[str] = frozenset()


class Decides(StrEnum):
    """How the value of a task skips others."""

    BRANCH = "branch"
    SHORT_CIRCUIT = "short_circuit"


class Family(msgspec.Struct, frozen=True):
    """One operator: arguments that `lower` reads, those that Airflow renders, and the uses of the others.

    `second`: uses in files of Airflow 2 besides. `suffixes`: strings that end so are names of template files.
    `decides`: whether the value skips other tasks. `items`: arguments that can be mapped over values, and what each
    becomes: a setting of the component, or `args` and `kwargs` of the callable. `raw`: its templates are rendered after
    it is made. `lower` returns None where it reported an error.
    """

    title: str
    kept: frozenset[str]
    rendered: tuple[str, ...]
    lower: Callable[[OperatorCall, Site, Surroundings], Lowered | None]
    uses: Mapping[str, Use] = {}
    second: Mapping[str, Use] = {}
    suffixes: tuple[str, ...] = ()
    decides: Decides | None = None
    items: Mapping[str, str] = {}
    raw: bool = False


def check_templates(family: Family, call: OperatorCall, site: Site, rendering: Rendering) -> bool:
    """Report each argument that asks the run's context for what the machine does not have; False where one does."""
    suffixes = suffixes_of(family, call)
    # What a class of the user's own makes of its arguments, and sets besides, is known when the task runs.
    told = TASK | (call.kwargs.keys() - set(family.rendered)) if call.own is None else frozenset[str]()
    sound = True
    for name in family.rendered:
        for found in texts(call.kwargs.get(name, Literal(None))):
            text = found.text if isinstance(found, Template) else str(found.value)
            try:
                missing = list(rendering.lacking(text, suffixes, told))
            except BadTemplate as error:
                site.report(rules.TEMPLATE, argument=name, text=quote(text), reason=f"Jinja cannot read it: {error}")
                sound = False
                continue
            except NoFile as error:
                site.report(rules.TEMPLATE_FILE, argument=name, reason=error)
                sound = False
                continue
            for lack in missing:
                reason = f"{lack.what} is not among what the machine knows of a run"
                site.report(rules.TEMPLATE, argument=name, text=quote(text), reason=reason)
                sound = False
    return sound


def suffixes_of(family: Family, call: OperatorCall) -> tuple[str, ...]:
    """Endings of strings that name template files: the operator's own, or those that the call gives."""
    given = call.kwargs.get("templates_exts")
    if isinstance(given, List | Tuple):
        return tuple(str(item.value) for item in given.items if isinstance(item, Literal))
    return family.suffixes


def quote(text: str) -> str:
    """The first line with a mark in it, at most 60 characters."""
    line = next((line for line in text.splitlines() if re.search(r"\{[{%#]", line)), text).strip()
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 3] + "..."


def flag(value: Value | None, default: bool) -> bool:
    """A switch: Python's truth of a literal, the default for what is not given."""
    return bool(value.value) if isinstance(value, Literal) else default

"""What lowering an operator gives, and the checks that families share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from core_compiler.ir import Argument, Component, Output
from transpilers.airflow import rules
from transpilers.airflow.call import Literal, OperatorCall, OutputRef, Template, Value
from transpilers.airflow.shape import Shape
from transpilers.airflow.uses import Site, Use
from transpilers.airflow.values import texts
from transpilers.code import CodeRequest

LONGEST_QUOTE = 60

Outputs = Callable[[OutputRef], Output]


class Surroundings(NamedTuple):
    """What lowering a call needs to know of its DAG: how outputs of its tasks are read, its graph, its start date."""

    outputs: Outputs
    shape: Shape
    start: Value


class Lowered(msgspec.Struct, frozen=True):
    """A task's component and arguments. `code`: what is still to be taken out for a Python callable."""

    component: Component
    args: tuple[Argument, ...] = ()
    kwargs: dict[str, Argument] = {}
    code: CodeRequest | None = None


class Decides(StrEnum):
    """How the value of a task skips others."""

    BRANCH = "branch"
    SHORT_CIRCUIT = "short_circuit"


class Family(msgspec.Struct, frozen=True):
    """One operator: arguments that `lower` reads, those that Airflow renders, and the uses of the others.

    `suffixes`: strings that end so are names of template files. `decides`: whether the value skips other tasks.
    `lower` returns None where it reported an error.
    """

    title: str
    kept: frozenset[str]
    rendered: tuple[str, ...]
    lower: Callable[[OperatorCall, Site, Surroundings], Lowered | None]
    uses: Mapping[str, Use] = {}
    suffixes: tuple[str, ...] = ()
    decides: Decides | None = None


def check_templates(family: Family, call: OperatorCall, site: Site) -> None:
    """Report each argument that Airflow would render into something else, or read from a file."""
    for name in family.rendered:
        for found in texts(call.kwargs.get(name, Literal(None))):
            if isinstance(found, Template):
                site.report(rules.TEMPLATE, argument=name, text=quote(found.text))
                break
            if str(found.value).endswith(family.suffixes):
                suffix = next(suffix for suffix in family.suffixes if str(found.value).endswith(suffix))
                site.report(rules.TEMPLATE_FILE, argument=name, suffix=suffix)
                break


def quote(text: str) -> str:
    """The first line with a mark in it, at most 60 characters."""
    line = next((line for line in text.splitlines() if re.search(r"\{[{%#]", line)), text).strip()
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 3] + "..."


def flag(value: Value | None, default: bool) -> bool:
    """A switch: Python's truth of a literal, the default for what is not given."""
    return bool(value.value) if isinstance(value, Literal) else default

"""Accounting: every argument is kept, known to have no effect on a run, or refused. Nothing is dropped unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from core_compiler.diagnostics import Rule, Sink, Span
from transpilers.airflow import rules
from transpilers.airflow.call import Dict, List, Literal, Set, Tuple, Value


class Effect(StrEnum):
    """What an argument does to a run that the machine does not: nothing, something beside the tasks, or too much."""

    NONE = "none"
    CHANGES = "changes"
    REFUSED = "refused"


class Use(msgspec.Struct, frozen=True):
    """One argument that is not kept: its effect, the reason, and values besides empty ones that ask for nothing."""

    effect: Effect
    reason: str
    harmless: tuple[object, ...] = ()


class Site(NamedTuple):
    """Where findings about one task, group or DAG are filed."""

    subject: str
    span: Span | None
    sink: Sink

    def report(self, rule: Rule, **values: object) -> None:
        """File one finding here."""
        self.sink.report(rule, self.span, subject=self.subject, **values)


def account(kwargs: Mapping[str, Value], kept: Iterable[str], table: Mapping[str, Use], site: Site, what: str) -> None:
    """Report every argument that is neither kept nor without effect; `what` names the thing called."""
    known = set(kept)
    for name, value in kwargs.items():
        if name in known:
            continue
        use = table.get(name)
        if use is None:
            site.report(rules.UNKNOWN_ARGUMENT, argument=name, operator=what)
        elif use.effect is not Effect.NONE and not _harmless(value, use):
            site.report(_RULES[use.effect], argument=name, reason=use.reason)


def no_effect(reason: str, *names: str) -> dict[str, Use]:
    """Rows of a table for arguments that do nothing to a run."""
    return dict.fromkeys(names, Use(Effect.NONE, reason))


def changes(reason: str, *names: str, harmless: tuple[object, ...] = ()) -> dict[str, Use]:
    """Rows for arguments whose effect beside the tasks is lost, which is said."""
    return dict.fromkeys(names, Use(Effect.CHANGES, reason, harmless))


def refused(reason: str, *names: str, harmless: tuple[object, ...] = ()) -> dict[str, Use]:
    """Rows for arguments that cannot be left out."""
    return dict.fromkeys(names, Use(Effect.REFUSED, reason, harmless))


_RULES = {Effect.CHANGES: rules.ARGUMENT_CHANGED, Effect.REFUSED: rules.ARGUMENT_REFUSED}


def _harmless(value: Value, use: Use) -> bool:
    match value:
        case Literal(inner):
            return inner is None or inner is False or inner in use.harmless
        case List(items) | Tuple(items) | Set(items) | Dict(items):
            return not items
        case _:
            return False

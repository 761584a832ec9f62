"""What a failure means for the tries that are left, by its class (`ExceptionRetryPolicy` of Airflow 3.3's SDK)."""

from __future__ import annotations

import sys
from typing import NamedTuple

from handler.dispatch import resolve
from handler.errors import InvalidEvent, TaskError, TryFailed
from handler.fields import Fields
from handler.json_types import Json


class RetryRule(NamedTuple):
    """For failures of the classes `errors` (`module:qualified.name`), or classes below them unless `exact`.

    `fails`: no further try is wanted. `after`: seconds until the next, where it is not the task's own delay.
    """

    errors: tuple[str, ...]
    fails: bool
    exact: bool
    after: int | None


def parse_retry_rule(tree: Json) -> RetryRule:
    """One of an event's `retry_rules`; InvalidEvent where it is none."""
    if not isinstance(tree, dict):
        raise InvalidEvent(f"retry_rules: an object is expected, not {tree!r}")
    fields = Fields(tree)
    if not fields.has("errors"):
        raise InvalidEvent("retry_rules: errors are missing")
    after = fields.count("after") if fields.has("after") else None
    rule = RetryRule(fields.texts("errors"), fields.flag("fails"), fields.flag("exact"), after)
    fields.close()
    return rule


def fitting(rules: tuple[RetryRule, ...], error: BaseException) -> RetryRule | None:
    """The first rule that fits. None too where looking for it fails, as in Airflow."""
    if not rules:
        return None
    raised = _as_engine(error)
    try:
        return next((rule for rule in rules if _fits(rule, raised)), None)
    except Exception as problem:
        print(f"The rules for retries could not be applied: {problem!r}", file=sys.stderr)
        return None


def try_failed(message: str, after: int | None) -> TryFailed:
    """What asks for the next try; one with a delay of its own has it in its class's name, for the machine to see."""
    if after is None:
        return TryFailed(message)
    return type(f"TryFailedAfter{after}", (TryFailed,), {})(message)


def _fits(rule: RetryRule, error: BaseException) -> bool:
    classes = [found for name in rule.errors if (found := _class(name)) is not None]
    if rule.exact:
        return type(error) in classes
    return bool(classes) and isinstance(error, tuple(classes))  # pyright: ignore[reportArgumentType] any object at all


def _class(name: str) -> object:
    """None for one that is not there: nothing raises it."""
    try:
        return resolve(name)
    except (ImportError, AttributeError):
        return None


def _as_engine(error: BaseException) -> BaseException:
    """What the handler raises in the engine's place is the engine's own general error there."""
    if not isinstance(error, TaskError):
        return error
    from handler.errors_airflow import AirflowException

    return error if isinstance(error, AirflowException) else AirflowException(str(error))

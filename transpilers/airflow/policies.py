"""Retries, time-outs and trigger rules: what every operator takes and the IR has a word for."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec

from core_compiler.ir import Retry, TriggerRule
from transpilers.airflow import rules
from transpilers.airflow.call import Delta, Literal, OperatorCall, Value
from transpilers.airflow.retry_policies import retry_rules
from transpilers.airflow.uses import Site

#: Airflow's default, and the longest that a growing delay becomes without max_retry_delay, in seconds.
RETRY_DELAY = 300.0
LONGEST_BACKOFF = 24 * 3600.0
#: What Airflow 2 made of names that Airflow 1 had.
OLD_RULES = {"dummy": "always", "none_failed_or_skipped": "none_failed_min_one_success"}


class Policies(NamedTuple):
    """How a task is decided, repeated and bounded."""

    rule: TriggerRule
    retry: Retry
    timeout: float | None


def policies(call: OperatorCall, site: Site, path: Path) -> Policies:
    """Read them from a call of the DAG file at `path`, with Airflow's defaults; what cannot be kept is reported."""
    kwargs = call.kwargs
    retry = _retry(kwargs, site)
    if retry.retries:
        given = retry_rules(kwargs.get("retry_policy"), path, site, grows=retry.backoff != 1)
        retry = msgspec.structs.replace(retry, rules=given) if given else retry
    return Policies(_rule(kwargs.get("trigger_rule"), site), retry, _timeout(kwargs, site))


def _rule(value: Value | None, site: Site) -> TriggerRule:
    match value:
        case None:
            return TriggerRule.ALL_SUCCESS
        case Literal(str() as name) if OLD_RULES.get(name, name) in set(TriggerRule):
            return TriggerRule(OLD_RULES.get(name, name))
        case _:
            site.report(rules.VALUE, argument="trigger_rule", reason="is not one of Airflow's trigger rules")
            return TriggerRule.ALL_SUCCESS


def _retry(kwargs: dict[str, Value], site: Site) -> Retry:
    """The delay before retry n is `delay * backoff ** (n - 1)`: `next_retry_datetime` in `models/taskinstance.py`."""
    retries = _number(kwargs, "retries", 0, site)
    if retries == 0:
        return Retry()
    delay = _number(kwargs, "retry_delay", RETRY_DELAY, site)
    backoff = _number(kwargs, "retry_exponential_backoff", 0, site)
    if backoff in (0, 1):
        return Retry(retries=int(retries), delay=delay)
    longest = min(_number(kwargs, "max_retry_delay", LONGEST_BACKOFF, site) or LONGEST_BACKOFF, LONGEST_BACKOFF)
    # Airflow rounds a growing delay up to whole seconds, and to one at least.
    first = max(delay, 1.0)
    if delay == 0 or first >= longest:
        return Retry(retries=int(retries), delay=min(first, longest))
    return Retry(retries=int(retries), delay=first, backoff=backoff, max_delay=longest)


def _timeout(kwargs: dict[str, Value], site: Site) -> float | None:
    """Seconds of one try. Zero is no time-out, as `if task.execution_timeout` has it."""
    return _number(kwargs, "execution_timeout", 0, site) or None


def _number(kwargs: dict[str, Value], name: str, default: float, site: Site) -> float:
    match kwargs.get(name):
        case None | Literal(None):
            return default
        case Literal(bool() as flag):
            # Serialised, `retry_exponential_backoff=True` is the 2.0 that it was before it took a number.
            return 2.0 if flag else 0.0
        case Literal(int() | float() as number) | Delta(number):
            return float(number)
        case _:
            site.report(rules.VALUE, argument=name, reason="is not a number or a duration")
            return default

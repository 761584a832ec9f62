"""TimeDeltaSensor: waits until a time after the run's data interval (`providers/standard/sensors/time_delta.py`)."""

from __future__ import annotations

import math

from core_compiler.ir import Wait
from transpilers.airflow import rules
from transpilers.airflow.call import Delta, Literal, OperatorCall, Value
from transpilers.airflow.operators.lowered import Family, Lowered, Surroundings, flag
from transpilers.airflow.uses import Site, no_effect, refused
from transpilers.airflow.values import NotCarriedError

#: Airflow's defaults, in seconds.
TIMEOUT = 7 * 24 * 3600.0
INTERVAL = 60.0
MINUTE = 60.0


def lower(call: OperatorCall, site: Site, around: Surroundings) -> Lowered | None:
    """A wait; None after an error."""
    if around.shape.major == 2:
        site.report(rules.OPERATOR_REFUSED, operator=TIME_DELTA.title, reason="Airflow 2 has it otherwise")
        return None
    kwargs = call.kwargs
    deferred = flag(kwargs.get("deferrable"), default=False) or call.class_name.endswith("Async")
    looks = {
        "execution_timeout": "it bounds how long the task may wait, which the machine bounds by `timeout` alone",
        "exponential_backoff": "it decides when the task looks whether it has waited too long",
    }
    wrong = [] if deferred else [name for name in looks if kwargs.get(name, Literal(None)) not in NOTHING]
    for name in wrong:
        site.report(rules.ARGUMENT_REFUSED, argument=name, reason=looks[name])
    try:
        seconds = _delta(kwargs.get("delta"))
        limit = _seconds("timeout", kwargs.get("timeout"), TIMEOUT)
        interval = _seconds("poke_interval", kwargs.get("poke_interval"), INTERVAL)
    except NotCarriedError as error:
        site.report(rules.VALUE, argument=error.args[0], reason=error.args[1])
        return None
    if not deferred and interval:
        # It finds out when it looks.
        limit = math.ceil(limit / interval) * interval
    # A wait that ends too late is an error to `never_fail` only where it was deferred.
    names = ("soft_fail", "never_fail") if deferred else ("soft_fail",)
    soft = any(flag(kwargs.get(name), default=False) for name in names)
    store = flag(kwargs.get("do_xcom_push"), default=True)
    component = Wait(seconds, early=deferred, limit=limit, soft=soft, store=store)
    return None if wrong else Lowered(component)


NOTHING = (Literal(None), Literal(False))


def _delta(value: Value | None) -> float:
    match value:
        case Delta(seconds):
            return seconds
        case Literal(int() as minutes) if not isinstance(minutes, bool):
            return minutes * MINUTE
        case _:
            raise NotCarriedError("delta", "is not a timedelta")


def _seconds(name: str, value: Value | None, default: float) -> float:
    match value:
        case None | Literal(None):
            return default
        case Delta(seconds) | Literal(int() | float() as seconds) if not isinstance(seconds, bool) and seconds >= 0:
            return float(seconds)
        case _:
            raise NotCarriedError(name, "is not a number of seconds or a timedelta")


TIME_DELTA = Family(
    title="TimeDeltaSensor",
    kept=frozenset(
        {"deferrable", "delta", "exponential_backoff", "never_fail", "poke_interval", "soft_fail", "timeout"}
    ),
    rendered=("delta",),
    lower=lower,
    uses={
        **no_effect("where the task waits; in the machine it takes nobody's place", "end_from_trigger", "mode"),
        **no_effect("how often the task looks; the machine waits until the time itself", "max_wait"),
        **no_effect("what a look that fails means, and this one does not fail", "silent_fail"),
        **refused("what it returns has no keys", "multiple_outputs"),
    },
)

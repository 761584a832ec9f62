"""`retry_policy` of a task: which errors are tried again, and when (`sdk/definitions/retry_policy.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from core_compiler.ir import RetryRule, Task
from transpilers.airflow import rules
from transpilers.airflow.call import CodeRef, Delta, List, Literal, ObjectCall, Value
from transpilers.airflow.operators.python import ERRORS
from transpilers.airflow.uses import Site

KNOWN = "ExceptionRetryPolicy"
#: In the order in which Airflow's constructors take them; the static loader names what is given by position so.
FIELDS = {
    KNOWN: ("rules", "default"),
    "RetryRule": ("exception", "action", "retry_delay", "reason", "match_subclasses"),
}
FAIL = "fail"
RETRY = "retry"


def with_module(task: Task, module: str) -> Task:
    """The task with the classes of the DAG file in its rules by the name that the file has in the machine."""
    if not any(name.startswith(":") for rule in task.retry.rules for name in rule.errors):
        return task
    found = tuple(
        msgspec.structs.replace(
            rule, errors=tuple(f"{module}{name}" if name.startswith(":") else name for name in rule.errors)
        )
        for rule in task.retry.rules
    )
    return msgspec.structs.replace(task, retry=msgspec.structs.replace(task.retry, rules=found))


class NotKeptError(Exception):
    """A policy that the machine cannot follow; the message says why."""


def retry_rules(value: Value | None, path: Path, site: Site, *, grows: bool) -> tuple[RetryRule, ...]:
    """The rules of a policy; none after an error, which is reported.

    `path`: the DAG file, whose own classes are called `:Name` so far. `grows`: whether the task's own delay does.
    """
    if value is None or value == Literal(None):
        return ()
    try:
        found = tuple(_rules(value, path))
        if grows and any(rule.delay is not None for rule in found):
            raise NotKeptError(
                "it gives delays of its own beside one that grows, and the machine counts the tries of each by itself"
            )
    except NotKeptError as error:
        site.report(rules.ARGUMENT_REFUSED, argument="retry_policy", reason=error)
        return ()
    return found


def _rules(policy: Value, path: Path) -> Iterator[RetryRule]:
    fields = _fields(policy, KNOWN)
    if fields is None:
        raise NotKeptError("it is a class of its own, and what its evaluate() decides is known only when a task fails")
    given = fields.get("rules", List(()))
    if not isinstance(given, List):
        raise NotKeptError("its rules are not a list")
    for one in given.items:
        rule = _fields(one, "RetryRule")
        if rule is None:
            raise NotKeptError("a rule of it is no RetryRule")
        action, exact = _text(rule.get("action", Literal(RETRY))), rule.get("match_subclasses") == Literal(False)
        delay = _delay(rule.get("retry_delay", Literal(None))) if action == RETRY else None
        yield RetryRule(tuple(_errors(rule.get("exception"), path)), action == FAIL, delay, exact)
    if _text(fields.get("default", Literal("default"))) == FAIL:
        yield RetryRule(("builtins:BaseException",), fails=True)


def _fields(value: Value, name: str) -> dict[str, Value] | None:
    """The arguments of an object by name; None where it is of another class."""
    if not isinstance(value, ObjectCall) or not value.class_name.startswith("airflow."):
        return None
    if value.class_name.rpartition(".")[2] != name:
        return None
    places = {f"[{number}]": field for number, field in enumerate(FIELDS[name])}
    return {places.get(field, field): item for field, item in value.kwargs.items()}


def _text(value: Value) -> str:
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value
    raise NotKeptError("an action in it is not known")


def _delay(value: Value) -> float | None:
    match value:
        case Literal(None):
            return None
        case Delta(seconds) if seconds >= 0:
            return float(seconds)
        case _:
            raise NotKeptError("a retry_delay in it is not a timedelta")


def _errors(value: Value | None, path: Path) -> Iterator[str]:
    """Classes as the handler finds them. Airflow itself looks for a class that a string names when a task fails."""
    for one in value.items if isinstance(value, List) else (value,):
        match one:
            case Literal(str() as name):
                module, _, last = name.rpartition(".")
                first = module.partition(".")[0]
                if (path.parent / first).is_dir() or (path.parent / f"{first}.py").is_file():
                    raise NotKeptError(f"it names {name}, a class of your own, as a string: give the class itself")
                yield _class(module, last)
            case CodeRef(module=module, qualname=name, sort="class") if "<locals>" not in name:
                yield _class(module, name)
            case _:
                raise NotKeptError("an error in it is neither a class of a module nor the name of one")


def _class(module: str, name: str) -> str:
    if module.partition(".")[0] != "airflow":
        return f"{module}:{name}"
    if name not in ERRORS:
        raise NotKeptError(f"it names {module}.{name}, which the machine does not have")
    return ERRORS[name]

"""The records of a task in the store, as `event.schema.json` has them."""

from __future__ import annotations

from typing import NamedTuple, cast

from handler.codec import from_bytes, to_bytes
from handler.errors import InfrastructureError, TimedOut
from handler.items import Items, items_from_json, items_to_json
from handler.json_types import Json, JsonObject
from handler.masking import masked
from handler.rules import RULES, STATUSES, Rule, Status

VERSION = 1
_LONGEST_MESSAGE = 4000


class ErrorInfo(NamedTuple):
    """Why a try failed: the class name of the error, and its message."""

    type: str
    message: str

    @property
    def json(self) -> JsonObject:
        """As records hold it."""
        return {"type": self.type, "message": self.message}


def error_info(error: BaseException) -> ErrorInfo:
    """An exception as records hold it; the message is bounded and free of what UTF-8 cannot hold."""
    try:
        message = str(error)
    except Exception:
        message = "its message cannot be printed"
    name = "TimedOut" if isinstance(error, TimedOut) else type(error).__qualname__
    return ErrorInfo(name, bounded(message))


def bounded(text: str) -> str:
    """At most 4,000 characters of a text, all of which UTF-8 can hold, without any known secret."""
    clean = masked(text.encode("utf-8", "backslashreplace").decode("utf-8"))
    return clean if len(clean) <= _LONGEST_MESSAGE else f"{clean[: _LONGEST_MESSAGE - 3]}..."


class Done(NamedTuple):
    """`<run>/done/<task>`, the one story of a task, written only if absent.

    `attempt` is the winning invocation's request id, `number` its try (0: never started); `values` are stored values
    by key (`handler.values`); `started` and `ended` are seconds since the epoch; `skips` are the tasks that this one's
    decision skips. `items`: of a mapped task, how they ended; none where the task was decided as a whole.
    """

    task: str
    status: Status
    attempt: str
    number: int
    ended: float
    values: JsonObject
    error: ErrorInfo | None = None
    started: float | None = None
    skips: tuple[str, ...] = ()
    items: Items | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is a mapped task that was decided without any items."""
        return self.items is not None and not self.items.counts

    @property
    def statuses(self) -> list[Status]:
        """What a rule over this task looks at: its status, or those of its items."""
        if self.items is None or not self.items.counts:
            return [self.status]
        return [status for status, count in self.items.counts.items() for _ in range(count)]


class Stopped(NamedTuple):
    """`<run>/stopped`: the first task whose failure makes the rest of the run skipped."""

    task: str
    at: float


class Waiter(NamedTuple):
    """`<run>/wait/<other>/<task>/<hash of the token>`: `task` waits with `token` for `others` to be done.

    With a `rule`, it also waits until that is decided over `upstream`.
    """

    task: str
    token: str
    others: tuple[str, ...]
    rule: Rule | None = None
    upstream: tuple[str, ...] = ()


class Start(NamedTuple):
    """`<run>/try/<task>/<n>/start`: past `deadline` (seconds since the epoch) the try counts as failed.

    `paused`: it waits for other tasks, and has no deadline.
    """

    attempt: str
    at: float
    deadline: float
    paused: bool = False


class TryFailure(NamedTuple):
    """`<run>/try/<task>/<n>/failed`."""

    attempt: str
    at: float
    error: ErrorInfo


def done_to_bytes(record: Done) -> bytes:
    """The done record as the store holds it."""
    tree: JsonObject = {
        "v": VERSION,
        "task": record.task,
        "status": record.status,
        "attempt": record.attempt,
        "try": record.number,
        "values": record.values,
        "ended": record.ended,
    }
    if record.error is not None:
        tree["error"] = record.error.json
    if record.started is not None:
        tree["started"] = record.started
    if record.skips:
        tree["skips"] = list(record.skips)
    if record.items is not None:
        tree["items"] = items_to_json(record.items)
    return to_bytes(tree)


def done_from_bytes(key: str, data: bytes) -> Done:
    """A done record; InfrastructureError, naming `key`, where the store holds something else."""
    fields = _Fields(key, data)
    status, values = fields.text("status"), fields.get("values")
    if status not in STATUSES or not isinstance(values, dict):
        raise fields.broken()
    return Done(
        task=fields.text("task"),
        status=status,
        attempt=fields.text("attempt"),
        number=int(fields.number("try")),
        ended=fields.number("ended"),
        values=values,
        error=fields.error() if fields.get("error") is not None else None,
        started=fields.number("started") if fields.get("started") is not None else None,
        skips=fields.texts("skips"),
        items=items_from_json(fields.get("items")),
    )


def stopped_to_bytes(record: Stopped) -> bytes:
    """The stopped record as the store holds it."""
    return to_bytes({"v": VERSION, "task": record.task, "at": record.at})


def stopped_from_bytes(key: str, data: bytes) -> Stopped:
    """A stopped record; InfrastructureError, naming `key`, where the store holds something else."""
    fields = _Fields(key, data)
    return Stopped(fields.text("task"), fields.number("at"))


def waiter_to_bytes(record: Waiter) -> bytes:
    """The record of a waiter as the store holds it."""
    tree: JsonObject = {"v": VERSION, "task": record.task, "token": record.token, "others": list(record.others)}
    if record.rule is not None:
        tree |= {"rule": record.rule, "upstream": list(record.upstream)}
    return to_bytes(tree)


def waiter_from_bytes(key: str, data: bytes) -> Waiter:
    """The record of a waiter; InfrastructureError, naming `key`, where the store holds something else."""
    fields = _Fields(key, data)
    rule = fields.get("rule")
    if rule is not None and rule not in RULES:
        raise fields.broken()
    return Waiter(fields.text("task"), fields.text("token"), fields.texts("others"), rule, fields.texts("upstream"))


def start_to_bytes(record: Start) -> bytes:
    """The start record as the store holds it."""
    tree: JsonObject = {"v": VERSION, "attempt": record.attempt, "at": record.at, "deadline": record.deadline}
    return to_bytes(tree | ({"paused": True} if record.paused else {}))


def start_from_bytes(key: str, data: bytes) -> Start:
    """A start record; InfrastructureError, naming `key`, where the store holds something else."""
    fields = _Fields(key, data)
    paused = fields.get("paused") is True
    return Start(fields.text("attempt"), fields.number("at"), fields.number("deadline"), paused)


def failure_to_bytes(record: TryFailure) -> bytes:
    """The record of a failed try as the store holds it."""
    return to_bytes({"v": VERSION, "attempt": record.attempt, "at": record.at, "error": record.error.json})


def failure_from_bytes(key: str, data: bytes) -> TryFailure:
    """The record of a failed try; InfrastructureError, naming `key`, where the store holds something else."""
    fields = _Fields(key, data)
    return TryFailure(fields.text("attempt"), fields.number("at"), fields.error())


class _Fields:
    """Reads the fields of one record, and says which record is broken."""

    def __init__(self, key: str, data: bytes) -> None:
        self._key = key
        try:
            tree = from_bytes(data)
        except ValueError:
            tree = None
        if not isinstance(tree, dict) or tree.get("v") != VERSION:
            raise self.broken()
        self._tree = tree

    def broken(self) -> InfrastructureError:
        return InfrastructureError(f"{self._key} holds no record of version {VERSION}")

    def get(self, name: str) -> Json:
        return self._tree.get(name)

    def text(self, name: str) -> str:
        value = self._tree.get(name)
        if not isinstance(value, str):
            raise self.broken()
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._tree.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.broken()
        return tuple(cast("list[str]", value))

    def number(self, name: str) -> float:
        value = self._tree.get(name)
        if not isinstance(value, (int, float)):
            raise self.broken()
        return value

    def error(self) -> ErrorInfo:
        error = self._tree.get("error")
        if not isinstance(error, dict):
            raise self.broken()
        return ErrorInfo(str(error.get("type")), str(error.get("message")))

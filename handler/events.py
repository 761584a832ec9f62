"""Events, checked by hand and made into frozen values: a schema library would cost more than most tasks' start."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias, cast

from handler.decisions import Branch, Decision, ShortCircuit
from handler.errors import InvalidEvent
from handler.gates import KINDS, Gate
from handler.json_types import Json, JsonObject
from handler.records import Waiter
from handler.rules import RULES, Rule


class RunEvent(NamedTuple):
    """Run a task if its rule says so. `timeout` is seconds for one try; `waiters`: other branches may wait for its end.

    The rest is as in `event.schema.json`.
    """

    run: str
    task: str
    component: str
    config: JsonObject
    args: list[Json]
    kwargs: JsonObject
    rule: Rule
    upstream: tuple[str, ...]
    gates: tuple[Gate, ...]
    decision: Decision | None
    retries: int
    timeout: float | None
    stop_on_failure: bool
    skip_rest: bool
    cleanup: bool
    waiters: bool
    context: JsonObject | None


class SettleEvent(NamedTuple):
    """Write down the failure of a task whose own state failed; `error` is the machine's error output."""

    run: str
    task: str
    error: JsonObject
    stop_on_failure: bool
    skip_rest: bool
    waiters: bool


class AwaitEvent(NamedTuple):
    """Wait with a task token until what `waiter` needs is done."""

    run: str
    waiter: Waiter


class FinishEvent(NamedTuple):
    """Say whether the run succeeded, by its leaves."""

    run: str
    leaves: tuple[str, ...]


class BeginEvent(NamedTuple):
    """Say whether the run may begin: its input is one, and its params are what their schemas ask for."""

    run: str
    context: JsonObject


class PublishedEvent(NamedTuple):
    """The form of the article: arguments by store key, the value to the store key `output`, no rule, no record."""

    component: str
    config: JsonObject
    args: tuple[str, ...]
    kwargs: dict[str, str]
    output: str | None


Event: TypeAlias = RunEvent | BeginEvent | AwaitEvent | SettleEvent | FinishEvent | PublishedEvent


def parse(event: object) -> Event:
    """The event as a value; InvalidEvent, naming the field, for one that is not of `event.schema.json`."""
    if not isinstance(event, dict):
        raise InvalidEvent(f"an object is expected, not {type(event).__name__}")
    fields = _Fields(cast("JsonObject", event))
    if "v" not in event:
        return _published(fields)
    if fields.take("v") != 1:
        raise InvalidEvent("v: 1 is the only known version of events")
    op = fields.take("op")
    match op:
        case "run":
            parsed = _run(fields)
        case "await":
            parsed = _await(fields)
        case "begin":
            parsed = BeginEvent(fields.text("run"), fields.object("context"))
        case "settle":
            parsed = SettleEvent(
                fields.text("run"),
                fields.text("task"),
                fields.object("error"),
                fields.flag("stop_on_failure"),
                fields.flag("skip_rest"),
                fields.flag("waiters"),
            )
        case "finish":
            if not fields.has("leaves"):
                raise InvalidEvent("leaves: missing")
            parsed = FinishEvent(fields.text("run"), fields.texts("leaves"))
        case _:
            raise InvalidEvent(f"op: begin, run, await, settle or finish is expected, not {op!r}")
    fields.close()
    return parsed


def _run(fields: _Fields) -> RunEvent:
    return RunEvent(
        run=fields.text("run"),
        task=fields.text("task"),
        component=fields.text("component_name"),
        config=fields.object("component_config"),
        args=fields.items("args"),
        kwargs=fields.object("kwargs"),
        rule=_rule(fields.take("rule", "all_success")),
        upstream=fields.texts("upstream"),
        gates=tuple(map(_gate, fields.items("gates"))),
        decision=_decision(fields.object("decision")) if fields.has("decision") else None,
        retries=fields.count("retries"),
        timeout=fields.seconds("timeout"),
        stop_on_failure=fields.flag("stop_on_failure"),
        skip_rest=fields.flag("skip_rest"),
        cleanup=fields.flag("cleanup"),
        waiters=fields.flag("waiters"),
        context=fields.object("context") if fields.has("context") else None,
    )


def _await(fields: _Fields) -> AwaitEvent:
    run, task, token = fields.text("run"), fields.text("task"), fields.text("token")
    rule = _rule(fields.take("rule")) if fields.has("rule") else None
    waiter = Waiter(task, token, fields.texts("others"), rule, fields.texts("upstream"))
    if not waiter.others and not waiter.upstream:
        raise InvalidEvent("others: at least one task is expected where no rule is waited for")
    if (rule is None) != (not waiter.upstream):
        raise InvalidEvent("rule: a rule is waited for together with the upstream tasks it is evaluated over")
    return AwaitEvent(run, waiter)


def _rule(value: Json) -> Rule:
    if value not in RULES:
        raise InvalidEvent(f"rule: {value!r} is no known trigger rule")
    return value


def _gate(item: Json) -> Gate:
    match item:
        case {"task": str(task), "kind": str(kind)} if len(item) == 2 and kind in KINDS:
            return Gate(task, kind)
        case _:
            raise InvalidEvent(f"gates: a task and a kind are expected, not {item!r}")


def _decision(tree: JsonObject) -> Decision:
    fields = _Fields(tree)
    kind = fields.take("kind")
    targets, keeps = fields.texts("targets"), fields.flag("keeps_value")
    match kind:
        case "branch":
            follows = {name: _texts(f"follows.{name}", names) for name, names in fields.object("follows").items()}
            decision = Branch(targets, follows, frozenset(fields.texts("others")), keeps)
        case "short_circuit":
            decision = ShortCircuit(targets, keeps)
        case _:
            raise InvalidEvent(f"decision.kind: branch or short_circuit is expected, not {kind!r}")
    fields.close()
    return decision


def _published(fields: _Fields) -> PublishedEvent:
    kwargs = fields.object("kwargs")
    if not all(isinstance(key, str) for key in kwargs.values()):
        raise InvalidEvent("kwargs: every value has to be a store key")
    output = fields.take("output")
    if not isinstance(output, str | None):
        raise InvalidEvent(f"output: a store key or null is expected, not {output!r}")
    return PublishedEvent(
        component=fields.text("component_name"),
        config=fields.object("component_config"),
        args=fields.texts("args"),
        kwargs=cast("dict[str, str]", kwargs),
        output=output,
    )


def _texts(name: str, value: Json) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidEvent(f"{name}: a list of strings is expected, not {value!r}")
    return tuple(cast("list[str]", value))


class _Fields:
    """Takes the fields out of an event one by one, and refuses what is left over. null counts as absent."""

    def __init__(self, event: JsonObject) -> None:
        self._left = dict(event)

    def has(self, name: str) -> bool:
        return self._left.get(name) is not None

    def take(self, name: str, default: Json = None) -> Json:
        value = self._left.pop(name, None)
        return default if value is None else value

    def text(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str) or not value:
            raise InvalidEvent(f"{name}: a non-empty string is expected, not {value!r}")
        return value

    def items(self, name: str) -> list[Json]:
        value = self.take(name, [])
        if not isinstance(value, list):
            raise InvalidEvent(f"{name}: a list is expected, not {value!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        return _texts(name, self.items(name))

    def object(self, name: str) -> JsonObject:
        value = self.take(name, {})
        if not isinstance(value, dict):
            raise InvalidEvent(f"{name}: an object is expected, not {value!r}")
        return value

    def count(self, name: str) -> int:
        value = self.take(name, 0)
        # JSONata knows no integers, so that 2 can arrive as 2.0.
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value % 1 != 0:
            raise InvalidEvent(f"{name}: a whole number from 0 is expected, not {value!r}")
        return int(value)

    def seconds(self, name: str) -> float | None:
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
            raise InvalidEvent(f"{name}: a number of seconds above 0 is expected, not {value!r}")
        return value

    def flag(self, name: str) -> bool:
        value = self.take(name, False)
        if not isinstance(value, bool):
            raise InvalidEvent(f"{name}: true or false is expected, not {value!r}")
        return value

    def close(self) -> None:
        if self._left:
            raise InvalidEvent(f"unknown fields: {', '.join(sorted(self._left))}")

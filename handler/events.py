"""Events, checked by hand and made into frozen values: a schema library would cost more than most tasks' start."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from handler.decisions import Branch, Decision, ShortCircuit
from handler.errors import InvalidEvent
from handler.fields import Fields, texts
from handler.gates import Gate
from handler.items import Over, over_from_fields
from handler.json_types import Json, JsonObject
from handler.mapped_events import ExpandEvent, RecordEvent, of_item, parse_expand, parse_gate, parse_record, parse_rule
from handler.records import Waiter
from handler.rules import Rule

if TYPE_CHECKING:
    from handler.retry_rules import RetryRule


class RunEvent(NamedTuple):
    """Run a task if its rule says so. `timeout` is seconds for one try; `waiters`: other branches may wait for its end.

    Of an item, `task` is the item's id, and `of` the task's, `item` its index. The rest is as in `event.schema.json`.
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
    more_args: Json = None
    more_kwargs: Json = None
    mapped_over: bool = False
    item: int = -1
    of: str = ""
    over: Over | None = None
    paired: tuple[str, ...] = ()
    retry_rules: tuple[RetryRule, ...] = ()


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


Event: TypeAlias = (
    RunEvent | BeginEvent | AwaitEvent | SettleEvent | FinishEvent | ExpandEvent | RecordEvent | PublishedEvent
)


def parse(event: object) -> Event:
    """The event as a value; InvalidEvent, naming the field, for one that is not of `event.schema.json`."""
    if not isinstance(event, dict):
        raise InvalidEvent(f"an object is expected, not {type(event).__name__}")
    given = cast("JsonObject", event)
    if "rest" in given and given.get("v") == 1:
        from handler.kept import whole

        given = whole(given)
    fields = Fields(of_item(given))
    if "v" not in given:
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
        case "expand":
            parsed = parse_expand(fields)
        case "record":
            parsed = parse_record(fields)
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
            raise InvalidEvent(f"op: {op!r} is no known operation")
    fields.close()
    return parsed


def _run(fields: Fields) -> RunEvent:
    return RunEvent(
        run=fields.text("run"),
        task=fields.text("task"),
        component=fields.text("component_name"),
        config=fields.object("component_config"),
        args=fields.items("args"),
        kwargs=fields.object("kwargs"),
        rule=parse_rule(fields),
        upstream=fields.texts("upstream"),
        gates=tuple(map(parse_gate, fields.items("gates"))),
        decision=_decision(fields.object("decision")) if fields.has("decision") else None,
        retries=fields.count("retries"),
        timeout=fields.seconds("timeout"),
        stop_on_failure=fields.flag("stop_on_failure"),
        skip_rest=fields.flag("skip_rest"),
        cleanup=fields.flag("cleanup"),
        waiters=fields.flag("waiters"),
        context=fields.object("context") if fields.has("context") else None,
        more_args=fields.take("more_args"),
        more_kwargs=fields.take("more_kwargs"),
        mapped_over=fields.flag("mapped_over"),
        item=fields.count("index") if fields.has("index") else -1,
        of=fields.text("of") if fields.has("of") else "",
        over=over_from_fields(Fields(fields.object("over"))) if fields.has("over") else None,
        paired=fields.texts("paired"),
        retry_rules=_retry_rules(fields.items("retry_rules")),
    )


def _retry_rules(items: list[Json]) -> tuple[RetryRule, ...]:
    if not items:
        return ()
    from handler.retry_rules import parse_retry_rule

    return tuple(map(parse_retry_rule, items))


def _await(fields: Fields) -> AwaitEvent:
    run, task, token = fields.text("run"), fields.text("task"), fields.text("token")
    rule = parse_rule(fields) if fields.has("rule") else None
    waiter = Waiter(task, token, fields.texts("others"), rule, fields.texts("upstream"))
    if not waiter.others and not waiter.upstream:
        raise InvalidEvent("others: at least one task is expected where no rule is waited for")
    if (rule is None) != (not waiter.upstream):
        raise InvalidEvent("rule: a rule is waited for together with the upstream tasks it is evaluated over")
    return AwaitEvent(run, waiter)


def _decision(tree: JsonObject) -> Decision:
    fields = Fields(tree)
    kind = fields.take("kind")
    targets, keeps = fields.texts("targets"), fields.flag("keeps_value")
    match kind:
        case "branch":
            follows = {name: texts(f"follows.{name}", names) for name, names in fields.object("follows").items()}
            decision = Branch(targets, follows, frozenset(fields.texts("others")), keeps)
        case "short_circuit":
            decision = ShortCircuit(targets, keeps)
        case _:
            raise InvalidEvent(f"decision.kind: branch or short_circuit is expected, not {kind!r}")
    fields.close()
    return decision


def _published(fields: Fields) -> PublishedEvent:
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

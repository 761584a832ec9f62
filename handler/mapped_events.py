"""The events of mapped tasks: the decision before their items, the record after them, and what an item is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from handler.errors import InvalidEvent
from handler.fields import Fields, texts
from handler.gates import KINDS, Gate
from handler.items import Over, item_id, over_from_fields
from handler.json_types import Json, JsonObject
from handler.rules import RULES, Rule


class Expanded(NamedTuple):
    """One of the tasks that share their items, and what it is decided by before there are any.

    `paired`: those among `upstream` and `gates` that are looked at item by item.
    """

    task: str
    rule: Rule
    upstream: tuple[str, ...]
    gates: tuple[Gate, ...]
    paired: frozenset[str]
    cleanup: bool


class ExpandEvent(NamedTuple):
    """Decide about mapped tasks, and how many items they have."""

    run: str
    task: str
    over: Over
    tasks: tuple[Expanded, ...]
    skip_rest: bool


class RecordEvent(NamedTuple):
    """Write down how the items of `tasks` ended. `error`: the machine's error output, where it came to one.

    `total`: how many there are, 0 where only the manifest says so.
    """

    run: str
    task: str
    tasks: tuple[str, ...]
    error: JsonObject | None
    total: int
    stop_on_failure: bool
    skip_rest: bool
    waiters: bool


def parse_expand(fields: Fields) -> ExpandEvent:
    """InvalidEvent, naming the field, where it is none."""
    tasks: list[Expanded] = []
    for item in fields.items("tasks"):
        if not isinstance(item, dict):
            raise InvalidEvent(f"tasks: objects are expected, not {item!r}")
        own = Fields(item)
        tasks.append(
            Expanded(
                task=own.text("task"),
                rule=parse_rule(own),
                upstream=own.texts("upstream"),
                gates=tuple(map(parse_gate, own.items("gates"))),
                paired=frozenset(own.texts("paired")),
                cleanup=own.flag("cleanup"),
            )
        )
        own.close()
    return ExpandEvent(
        run=fields.text("run"),
        task=fields.text("task"),
        over=over_from_fields(Fields(fields.object("over"))),
        tasks=tuple(tasks),
        skip_rest=fields.flag("skip_rest"),
    )


def parse_record(fields: Fields) -> RecordEvent:
    """InvalidEvent, naming the field, where it is none."""
    error = fields.take("error")
    if not isinstance(error, dict | None):
        raise InvalidEvent(f"error: an object or null is expected, not {error!r}")
    return RecordEvent(
        run=fields.text("run"),
        task=fields.text("task"),
        tasks=fields.texts("tasks"),
        error=error,
        total=fields.count("count"),
        stop_on_failure=fields.flag("stop_on_failure"),
        skip_rest=fields.flag("skip_rest"),
        waiters=fields.flag("waiters"),
    )


def parse_rule(fields: Fields) -> Rule:
    """The rule, all_success by default."""
    rule = fields.take("rule", "all_success")
    if rule not in RULES:
        raise InvalidEvent(f"rule: {rule!r} is no known trigger rule")
    return rule


def parse_gate(item: Json) -> Gate:
    """One gate; InvalidEvent where it is none."""
    match item:
        case {"task": str(task), "kind": str(kind)} if len(item) == 2 and kind in KINDS:
            return Gate(task, kind)
        case _:
            raise InvalidEvent(f"gates: a task and a kind are expected, not {item!r}")


def of_item(event: JsonObject) -> JsonObject:
    """The event of an item: its task, and those it is paired with, by the ids of the items of its index.

    Any other event is left as it is. The task's own id is kept as `of`.
    """
    index, task = event.get("index"), event.get("task")
    if index is None or not isinstance(task, str):
        return event
    if isinstance(index, bool) or not isinstance(index, (int, float)) or index < 0 or index % 1 != 0:
        raise InvalidEvent(f"index: a whole number from 0 is expected, not {index!r}")
    paired = frozenset({task, *texts("paired", event.get("paired") or [])})

    def named(name: Json) -> Json:
        return item_id(name, int(index)) if isinstance(name, str) and name in paired else name

    made = event | {"task": item_id(task, int(index)), "of": task}
    if event.get("op") == "settle":
        del made["index"], made["of"]
    if isinstance(upstream := made.get("upstream"), list):
        made["upstream"] = [named(name) for name in upstream]
    if isinstance(gates := made.get("gates"), list):
        made["gates"] = [gate | {"task": named(gate.get("task"))} if isinstance(gate, dict) else gate for gate in gates]
    for field in ("args", "kwargs", "more_args", "more_kwargs"):
        if field in made:
            made[field] = _outputs_of_items(made[field], named)
    return made


def _outputs_of_items(tree: Json, named: Callable[[Json], Json]) -> Json:
    """The same arguments, or list or dict of them, whose outputs are those of paired items."""
    if isinstance(tree, list):
        return [_outputs_of_items(item, named) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if len(tree) == 1:
        if "value" in tree:
            return tree
        if isinstance(output := tree.get("output"), dict):
            return {"output": output | {"task": named(output.get("task"))}}
    return {key: _outputs_of_items(item, named) for key, item in tree.items()}

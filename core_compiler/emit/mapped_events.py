"""The events of mapped tasks: the decision before their items, and the record after them."""

from __future__ import annotations

from core_compiler.emit.arguments import argument_json
from core_compiler.emit.events import VERSION, gates_json
from core_compiler.ir import FailurePolicy, Mapping, Task, TriggerRule


def expand_event(name: str, tasks: tuple[Task, ...], policy: FailurePolicy) -> dict[str, object]:
    """The event that decides about tasks with the same items, and says how many items there are."""
    mapping = tasks[0].mapping
    assert mapping is not None
    event: dict[str, object] = {"v": VERSION, "op": "expand", "task": name, "over": over_json(mapping)}
    event["tasks"] = [_decided(task, policy) for task in tasks]
    return event | ({"skip_rest": True} if policy is FailurePolicy.SKIP else {})


def record_event(
    name: str, tasks: tuple[Task, ...], policy: FailurePolicy, *, size: int | None = None, waiters: bool = False
) -> dict[str, object]:
    """The event that writes down how the items ended. `size`: how many there are, where that is known beforehand."""
    event: dict[str, object] = {"v": VERSION, "op": "record", "task": name, "tasks": [task.id for task in tasks]}
    event |= {"count": size} if size else {}
    flags = {
        "stop_on_failure": policy is FailurePolicy.STOP,
        "skip_rest": policy is FailurePolicy.SKIP,
        "waiters": waiters,
    }
    return event | {flag: on for flag, on in flags.items() if on}


def over_json(mapping: Mapping) -> dict[str, object]:
    """What a task is mapped over, as events say it."""
    arguments = {name: argument_json(argument) for name, argument in mapping.over.items()}
    over: dict[str, object] = {"arguments": arguments}
    over |= {flag: True for flag, on in (("dicts", mapping.dicts), ("rendered", mapping.rendered)) if on}
    over |= {} if mapping.names is None else {"names": list(mapping.names)}
    over |= {"lengths": mapping.lengths()} if mapping.size() else {}
    return over | ({"taken": list(mapping.taken)} if mapping.taken else {})


def _decided(task: Task, policy: FailurePolicy) -> dict[str, object]:
    gates = gates_json(task)
    named = {*(task.upstream or ()), *(gate["task"] for gate in gates)}
    optional: dict[str, object] = {
        "rule": task.rule.value if task.rule is not TriggerRule.ALL_SUCCESS else None,
        "upstream": list(task.upstream or ()),
        "gates": gates,
        "paired": [one for one in task.mapping.paired if one in named] if task.mapping else [],
        "cleanup": policy is FailurePolicy.SKIP and task.cleanup,
    }
    return {"task": task.id} | {key: value for key, value in optional.items() if value}

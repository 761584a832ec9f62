"""Events: what a state tells the handler about its task (`handler/event.schema.json`, version 1).

What equals the schema's default is left out: a plain task's event stays a few lines.
"""

from __future__ import annotations

import msgspec

from core_compiler.emit.arguments import argument_json
from core_compiler.emit.begin import CONTEXT, uses_context
from core_compiler.emit.retries import whole_seconds
from core_compiler.ir import (
    Calendar,
    Component,
    Constant,
    FailurePolicy,
    GateKind,
    Mapping,
    NoOp,
    PickledCalls,
    PythonCallable,
    RetryRule,
    Shell,
    SourceOperator,
    Task,
    TriggerRule,
    Wait,
    outputs,
)
from core_compiler.plan import Await, Until, required

VERSION = 1
#: What only orders is done by the machine.
_LOOKED_AT = frozenset(GateKind) - {GateKind.AFTER}


def run_event(task: Task, policy: FailurePolicy, *, waiters: bool = False) -> dict[str, object]:
    """The event that runs `task`, without its `run` (known only to an execution). `waiters`: some task awaits it."""
    name, config = _component(task.component)
    event: dict[str, object] = {"v": VERSION, "op": "run", "task": task.id}
    optional: dict[str, object] = {
        "rule": task.rule.value if task.rule is not TriggerRule.ALL_SUCCESS else None,
        "upstream": list(task.upstream or ()),
        "gates": gates_json(task),
        "decision": msgspec.to_builtins(task.decision),
        "component_name": name,
        "component_config": config,
        "args": [argument_json(argument) for argument in task.args],
        "kwargs": {key: argument_json(argument) for key, argument in task.kwargs.items()},
        "retries": task.retry.retries,
        "retry_rules": [_retry_rule(rule) for rule in task.retry.rules],
        "timeout": task.timeout,
        "stop_on_failure": policy is FailurePolicy.STOP,
        "skip_rest": policy is FailurePolicy.SKIP,
        "cleanup": policy is FailurePolicy.SKIP and task.cleanup,
        "waiters": waiters,
        "context": CONTEXT if uses_context(task) else None,
        "more_args": task.more_args and argument_json(task.more_args),
        "more_kwargs": task.more_kwargs and argument_json(task.more_kwargs),
        "mapped_over": task.mapped_over,
    }
    optional |= _of_item(task, task.mapping) if task.mapping is not None else {}
    return event | {key: value for key, value in optional.items() if value}


def _retry_rule(rule: RetryRule) -> dict[str, object]:
    found: dict[str, object] = {"errors": list(rule.errors)}
    found |= {flag: True for flag, on in (("fails", rule.fails), ("exact", rule.exact)) if on}
    return found | ({} if rule.delay is None else {"after": whole_seconds(rule.delay)})


def gates_json(task: Task) -> list[dict[str, str]]:
    """The gates that the handler looks at."""
    return [{"task": gate.task, "kind": gate.kind.value} for gate in task.gates if gate.kind in _LOOKED_AT]


def _of_item(task: Task, mapping: Mapping) -> dict[str, object]:
    """What differs for an item: only what it is paired with is looked at again, the rest was looked at before."""
    from core_compiler.emit.mapped_events import over_json

    read = {output.task for argument in task.arguments() for output in outputs(argument)}
    named = {*(task.upstream or ()), *(gate.task for gate in task.gates), *read}
    paired = [one for one in mapping.paired if one in named]
    looked_at = not {*(task.upstream or ()), *(gate.task for gate in task.gates)}.isdisjoint(mapping.paired)
    # Items that are known beforehand are decided one by one, as nobody decides about the task as a whole.
    again = looked_at or mapping.size()
    alone: dict[str, object] = {} if again else {"rule": None, "upstream": None, "gates": None}
    return {**alone, "over": over_json(mapping), "paired": paired}


def settle_event(task: Task, policy: FailurePolicy, *, waiters: bool = False) -> dict[str, object]:
    """The event that writes down a task whose state failed where the handler could not say so."""
    event: dict[str, object] = {"v": VERSION, "op": "settle", "task": task.id}
    flags = {
        "stop_on_failure": policy is FailurePolicy.STOP,
        "skip_rest": policy is FailurePolicy.SKIP,
        "waiters": waiters,
    }
    return event | {name: flag for name, flag in flags.items() if flag}


def await_event(step: Await, task: Task) -> dict[str, object]:
    """The event that waits for other tasks, or until the rule of `task` is decided, without its `run` and `token`."""
    event: dict[str, object] = {"v": VERSION, "op": "await", "task": task.id, "others": list(required(step, task))}
    if step.until is Until.DECIDED:
        event |= {"rule": task.rule.value, "upstream": list(task.upstream or ())}
    return event


def finish_event(leaves: tuple[str, ...]) -> dict[str, object]:
    """The event that decides the run by the statuses of its leaves."""
    return {"v": VERSION, "op": "finish", "leaves": list(leaves)}


def _component(component: Component) -> tuple[str, dict[str, object]]:
    match component:
        case PythonCallable():
            name = "python"
        case Shell():
            name = "shell"
        case NoOp():
            name = "noop"
        case Constant():
            name = "constant"
        case Calendar():
            name = "calendar"
        case Wait():
            name = "wait"
        case PickledCalls():
            name = "pickled"
        case SourceOperator():
            name = "source"
    config: dict[str, object] = msgspec.to_builtins(component)
    del config["kind"]
    if isinstance(component, PythonCallable) and component.shell is not None:
        # Its command is what the callable returns.
        shell: dict[str, object] = msgspec.to_builtins(component.shell)
        config["shell"] = {key: value for key, value in shell.items() if key not in ("kind", "command")}
    return name, config

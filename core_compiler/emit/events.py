"""Events: what a state tells the handler about its task (`handler/event.schema.json`, version 1).

What equals the schema's default is left out: a plain task's event stays a few lines.
"""

from __future__ import annotations

import msgspec

from core_compiler.emit.begin import CONTEXT, uses_context
from core_compiler.ir import (
    RETURN_VALUE,
    Argument,
    Calendar,
    Component,
    Constant,
    DictOf,
    FailurePolicy,
    GateKind,
    ListOf,
    Literal,
    NoOp,
    Output,
    Parameter,
    PickledCalls,
    PythonCallable,
    SetOf,
    Shell,
    SourceOperator,
    Task,
    Template,
    TriggerRule,
    TupleOf,
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
        "gates": [{"task": gate.task, "kind": gate.kind.value} for gate in task.gates if gate.kind in _LOOKED_AT],
        "decision": msgspec.to_builtins(task.decision),
        "component_name": name,
        "component_config": config,
        "args": [_argument(argument) for argument in task.args],
        "kwargs": {key: _argument(argument) for key, argument in task.kwargs.items()},
        "retries": task.retry.retries,
        "timeout": task.timeout,
        "stop_on_failure": policy is FailurePolicy.STOP,
        "skip_rest": policy is FailurePolicy.SKIP,
        "cleanup": policy is FailurePolicy.SKIP and task.cleanup,
        "waiters": waiters,
        "context": CONTEXT if uses_context(task) else None,
    }
    return event | {key: value for key, value in optional.items() if value}


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
        case PickledCalls():
            name = "pickled"
        case SourceOperator():
            name = "source"
    config: dict[str, object] = msgspec.to_builtins(component)
    del config["kind"]
    return name, config


def _argument(argument: Argument) -> dict[str, object]:
    match argument:
        case Literal(value):
            return {"value": value}
        case Output(task, key, optional):
            read: dict[str, object] = {"task": task}
            read |= {} if key == RETURN_VALUE else {"key": key}
            return {"output": read | ({"optional": True} if optional else {})}
        case ListOf(items):
            return {"list": [_argument(item) for item in items]}
        case SetOf(items):
            return {"set": [_argument(item) for item in items]}
        case TupleOf(items):
            return {"tuple": [_argument(item) for item in items]}
        case DictOf(items):
            return {"dict": {key: _argument(item) for key, item in items.items()}}
        case Template(text, file, native):
            marks: dict[str, object] = {"file": file} if file else {}
            return {"template": {"text": text, **marks, **({"native": True} if native else {})}}
        case Parameter(name, default):
            return {"parameter": {"name": name} | ({} if default is msgspec.UNSET else {"default": default})}

"""The two files of a bundle that can be drawn, as far as a drawing needs them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from core_compiler.diagnostics import Sink, Span
from core_compiler.ir import EdgeKind, Group, TriggerRule
from transpilers.graph import rules


class Component(msgspec.Struct, frozen=True):
    """What a task runs: the kind alone."""

    kind: str


class Task(msgspec.Struct, frozen=True):
    """A task of the manifest."""

    component: Component


class Edge(msgspec.Struct, frozen=True):
    """An edge of the source; `reduced` when others imply it."""

    upstream: str
    downstream: str
    kind: EdgeKind = EdgeKind.ORDER
    label: str = ""
    reduced: bool = False


class Event(msgspec.Struct, frozen=True):
    """What a task's state tells the handler: the rule, and what it is mapped over, if it is."""

    rule: TriggerRule = TriggerRule.ALL_SUCCESS
    over: object = None


class Timeline(msgspec.Struct, frozen=True):
    """When tasks are expected to start and end, in seconds, and the chain of tasks that takes longest."""

    starts: dict[str, float] = {}
    ends: dict[str, float] = {}
    critical_path: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True):
    """The manifest of a bundle (`core_compiler.bundle.manifest` writes it)."""

    v: int
    name: str
    tasks: dict[str, Task]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...]
    events: dict[str, Event]
    awaits: dict[str, tuple[str, ...]] = {}
    timeline: Timeline = Timeline()
    machine: str = ""


class Catcher(msgspec.Struct, frozen=True, rename="pascal"):
    """Where a state goes after these errors."""

    error_equals: tuple[str, ...]
    next: str


class Choice(msgspec.Struct, frozen=True, rename="pascal"):
    """Where a Choice goes when its condition holds."""

    next: str
    condition: str = ""
    comment: str = ""


class Payload(msgspec.Struct, frozen=True):
    """The event of a state that calls the handler, as far as it says which tasks it is about."""

    op: str = ""
    task: str = ""
    others: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ()


class _Arguments(msgspec.Struct, frozen=True, rename="pascal"):
    payload: Payload = Payload()


class State(msgspec.Struct, frozen=True, rename="pascal"):
    """A state of any type, with every way that leads out of it or into it."""

    type: str
    next: str | None = None
    end: bool = False
    default: str | None = None
    choices: tuple[Choice, ...] = ()
    catch: tuple[Catcher, ...] = ()
    branches: tuple[Flow, ...] = ()
    item_processor: Flow | None = None
    resource: str = ""
    arguments: object = None

    @property
    def payload(self) -> Payload:
        """The event of a state that calls the handler; an empty one of any other."""
        try:
            return msgspec.convert(self.arguments, _Arguments).payload
        except msgspec.ValidationError:
            return Payload()


class Flow(msgspec.Struct, frozen=True, rename="pascal"):
    """States with an entry: the machine itself, a branch, or what a Map repeats."""

    start_at: str
    states: dict[str, State]


# Named here again, as everything does that reads bundles: a drawing needs no compiler.
MACHINE, MANIFEST, PART = "machine.asl.json", "manifest.json", "machines/part-{}.asl.json"

_File = TypeVar("_File", Manifest, Flow)


def read_manifest(folder: Path, sink: Sink) -> Manifest | None:
    """The manifest of the bundle in `folder`; None when an error was reported instead."""
    manifest = _read(folder / MANIFEST, Manifest, sink)
    if manifest is not None and manifest.v != 1:
        _broken(sink, folder / MANIFEST, f"this version reads manifests of version 1, not {manifest.v}")
        return None
    fault = _unknown_task(manifest) if manifest is not None else ""
    if fault:
        _broken(sink, folder / MANIFEST, fault)
        return None
    return manifest


def read_machine(folder: Path, sink: Sink, part: int | None = None) -> Flow | None:
    """The machine of the bundle in `folder`, or the one that it starts as its `part`.

    None when an error was reported instead.
    """
    path = folder / (MACHINE if part is None else PART.format(part))
    if part is not None and not path.is_file():
        count = len(list(path.parent.glob("*.asl.json")))
        parts = f"its parts are 1 to {count}" if count else "it fits into one machine"
        sink.report(rules.NO_PART, Span(str(path)), part=part, parts=parts)
        return None
    machine = _read(path, Flow, sink)
    fault = _unknown_state(machine) or _same_name(machine) if machine is not None else ""
    if fault:
        _broken(sink, path, fault)
        return None
    return machine


def _read(path: Path, kind: type[_File], sink: Sink) -> _File | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        sink.report(rules.NO_BUNDLE, Span(str(path)), reason=error.strerror or error)
        return None
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _broken(sink, path, str(error))
        return None


def _broken(sink: Sink, path: Path, reason: str) -> None:
    sink.report(rules.BROKEN_BUNDLE, Span(str(path)), reason=reason)


def _unknown_task(manifest: Manifest) -> str:
    groups = {group.id: group for group in manifest.groups}
    if len(groups) < len(manifest.groups):
        return "two groups have one id"
    named = [end for edge in manifest.edges for end in (edge.upstream, edge.downstream)]
    named += [task for group in manifest.groups for task in group.tasks]
    for task in named:
        if task not in manifest.tasks:
            return f"it names the task {task!r}, which it does not hold"
    for group in manifest.groups:
        seen: set[str] = set()
        at: str | None = group.id
        while at is not None:
            if at in seen or at not in groups:
                return f"the group {group.id!r} stands in itself" if at in seen else f"it holds no group {at!r}"
            seen.add(at)
            at = groups[at].parent
    return ""


def _unknown_state(flow: Flow) -> str:
    for name, state in flow.states.items():
        targets = [*(choice.next for choice in state.choices), *(catcher.next for catcher in state.catch)]
        targets += [target for target in (state.next, state.default) if target is not None]
        for target in targets:
            if target not in flow.states:
                return f"the state {name!r} leads to {target!r}, which is not beside it"
        for inner in flows(state):
            if fault := _unknown_state(inner):
                return fault
    return "" if flow.start_at in flow.states else f"it starts at {flow.start_at!r}, which it does not hold"


def _same_name(machine: Flow) -> str:
    counted = Counter(name for name, _ in all_states(machine))
    return next((f"two states have the name {name!r}" for name, times in counted.items() if times > 1), "")


def all_states(flow: Flow) -> Iterator[tuple[str, State]]:
    """Every state by name, those of inner flows after the state that holds them."""
    for name, state in flow.states.items():
        yield name, state
        for inner in flows(state):
            yield from all_states(inner)


def flows(state: State) -> tuple[Flow, ...]:
    """The flows inside a state: a Parallel's branches, a Map's processor."""
    return state.branches if state.item_processor is None else (*state.branches, state.item_processor)

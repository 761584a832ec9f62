"""What rules and gates see of other tasks: a mapped one counts as often as it has items."""

from __future__ import annotations

from collections.abc import Mapping

from handler.gates import GateKind, SeenGate
from handler.records import Done
from handler.rules import Seen


def seen_of(task: str, done: Mapping[str, Done]) -> list[Seen]:
    """What a rule sees of an upstream task: its status, those of its items, or that it is not done."""
    return [*done[task].statuses] if task in done else ["none"]


def seen_gate(kind: GateKind, names: tuple[str, ...], gate: str, done: Mapping[str, Done]) -> list[SeenGate]:
    """What a gate shows a task of these names: one for each status that it has."""
    record = done.get(gate)
    skips = record is not None and kind == "may_skip" and not set(names).isdisjoint(record.skips)
    return [SeenGate(kind, status, skips) for status in dict.fromkeys(seen_of(gate, done))]

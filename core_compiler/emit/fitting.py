"""Emission that fits: one machine where there is room, else a machine and its children."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.asl.expressions import deployed_bytes
from core_compiler.asl.states import encode
from core_compiler.emit.machine import Emitted, Scales, emit
from core_compiler.emit.parts import MACHINE, ROOM, Weight, cut
from core_compiler.emit.predict import Prediction, most_events, predict
from core_compiler.ir import Workflow
from core_compiler.plan import Series

#: So few tasks most likely fit: then nothing is weighed.
_FEW = 1_000
#: How full a definition is made: groups have forks of their own, whose names are not known before.
_FULL = 0.995
#: How full a history is made: the platform's retries write into it too.
_FULL_HISTORY = 0.98
#: What was made too full is cut again, so often.
_AGAIN = 2
#: Names make a machine too full by less than this; by more, only a single step does, which no cut makes smaller.
_OVERFULL = 1.25


class Fitting(msgspec.Struct, frozen=True):
    """What was emitted, its definitions as compact bytes (the whole is under ""), and what a run will cost."""

    emitted: Emitted
    definitions: Mapping[str, bytes]
    prediction: Prediction


def emit_fitting(plan: Series, workflow: Workflow, room: Weight = ROOM) -> Fitting:
    """The machines of a verified plan, each within `room`, as far as no single step is larger."""
    if len(workflow.tasks) <= _FEW:
        found = _fitting(emit(plan, workflow), predict(plan, workflow))
        events = most_events(plan, {task.id: task for task in workflow.tasks}) + MACHINE.events
        if _largest(found) <= room.bytes and events <= room.events * _FULL_HISTORY:
            return found
    scales = Scales(plan, workflow)
    full = _FULL
    found = _divided(plan, workflow, scales, room, full)
    for _ in range(_AGAIN):
        over = _largest(found) / room.bytes
        if not 1 < over < _OVERFULL:
            break
        full *= _FULL / over
        found = _divided(plan, workflow, scales, room, full)
    return found


def _divided(plan: Series, workflow: Workflow, scales: Scales, room: Weight, full: float) -> Fitting:
    """The machines of a plan, cut to fill this share of the bytes."""
    divided = cut(plan, scales, Weight(int(room.bytes * full), int(room.events * _FULL_HISTORY)))
    return _fitting(emit(divided.plan, workflow, divided.parts), predict(divided.plan, workflow, divided.parts))


def _largest(found: Fitting) -> int:
    return max(map(deployed_bytes, found.definitions.values()))


def _fitting(emitted: Emitted, prediction: Prediction) -> Fitting:
    return Fitting(emitted, {"": encode(emitted.machine), **emitted.children}, prediction)

"""Emission that fits: one machine where there is room, else a machine and its children."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.asl.states import encode
from core_compiler.emit.machine import Emitted, emit, weigher
from core_compiler.emit.parts import ROOM, Weight, cut
from core_compiler.emit.predict import Prediction, predict
from core_compiler.ir import Workflow
from core_compiler.plan import Series

#: So few tasks most likely fit: then nothing is weighed.
_FEW = 1_000


class Fitting(msgspec.Struct, frozen=True):
    """What was emitted, its definitions as compact bytes (the whole is under ""), and what a run will cost."""

    emitted: Emitted
    definitions: Mapping[str, bytes]
    prediction: Prediction


def emit_fitting(plan: Series, workflow: Workflow, room: Weight = ROOM) -> Fitting:
    """The machines of a verified plan, each within `room`, as far as no single step is larger."""
    if len(workflow.tasks) <= _FEW:
        found = _fitting(emit(plan, workflow), predict(plan))
        if Weight(len(found.definitions[""]), found.prediction.events).fits(room):
            return found
    divided = cut(plan, weigher(plan, workflow), room)
    return _fitting(emit(divided.plan, workflow, divided.parts), predict(divided.plan, divided.parts))


def _fitting(emitted: Emitted, prediction: Prediction) -> Fitting:
    return Fitting(emitted, {"": encode(emitted.machine), **emitted.children}, prediction)

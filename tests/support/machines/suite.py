"""The whole suite."""

from __future__ import annotations

from support.machines import broken_data, broken_flow, broken_running, broken_shape, good_data, good_flow
from support.machines.parts import Broken, Json

BROKEN: tuple[Broken, ...] = (*broken_flow.FLOW, *broken_shape.SHAPE, *broken_data.DATA, *broken_running.RUNNING)
GOOD: dict[str, Json] = good_flow.FLOW | good_data.DATA

"""Whole numbers below zero stay whole.

moto's grammar has a word for whole numbers from zero on; any other number it reads as a float, so that a task that is
given -7 gets -7.0. In AWS a number in a definition is the number that JSON says.
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from moto.stepfunctions.parser.asl.component.common.assign.assign_template_value_terminal import (
    AssignTemplateValueTerminalLit,
)
from moto.stepfunctions.parser.asl.component.common.jsonata.jsonata_template_value_terminal import (
    JSONataTemplateValueTerminalLit,
)
from moto.stepfunctions.parser.asl.component.common.payload.payloadvalue.payloadvaluelit.payload_value_int import (
    PayloadValueInt,
)
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

if TYPE_CHECKING:
    from transpilers.local.patches import Patches

VISITORS: dict[str, Callable[[Any], Any]] = {
    "visitPayload_value_float": PayloadValueInt,
    "visitAssign_template_value_terminal_float": AssignTemplateValueTerminalLit,
    "visitJsonata_template_value_terminal_float": JSONataTemplateValueTerminalLit,
}


def whole_numbers(patches: Patches) -> None:
    """Read a number that JSON reads as a whole one as such."""
    for name, whole in VISITORS.items():
        patches.replace(Preprocessor, name, _read(getattr(Preprocessor, name), whole))


def _read(visit: Callable[[Preprocessor, Any], Any], whole: Callable[[Any], Any]) -> Callable[[Preprocessor, Any], Any]:
    def read(self: Preprocessor, ctx: Any) -> Any:
        number = json.loads(ctx.NUMBER().getText())
        return whole(number) if isinstance(number, int) else visit(self, ctx)

    return read

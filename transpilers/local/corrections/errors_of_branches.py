"""A reserved error passes through Parallel and Map.

moto wraps the error of a branch or an iteration in CustomErrorName, which refuses names that begin with `States.`: a
branch that ends with States.Timeout turns into States.Runtime, caught by nobody. In AWS the error keeps its name.
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import iteration_worker
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import branches_decl

if TYPE_CHECKING:
    from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName

    from transpilers.local.patches import Patches


def errors_of_branches(patches: Patches) -> None:
    """Build the name by its kind."""
    for module in (branches_decl, iteration_worker):
        patches.replace(module, "CustomErrorName", named)


def named(error_name: str | None) -> ErrorName:
    """The error name object moto's Retry and Catch compare."""
    if error_name is not None and error_name.startswith("States."):
        return StatesErrorName.from_name(error_name)
    return CustomErrorName(error_name)

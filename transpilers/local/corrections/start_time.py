"""Execution.StartTime is written as AWS writes it: UTC, milliseconds, `Z`.

moto binds a datetime, which is printed with microseconds and `+00:00`. AWS: `2025-01-31T09:15:00.123Z`.
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from moto.stepfunctions.parser.asl.eval.evaluation_details import ExecutionDetails
from moto.stepfunctions.parser.backend.execution import Execution

if TYPE_CHECKING:
    from transpilers.local.patches import Patches


def start_time(patches: Patches) -> None:
    """Write the time once, where the execution's details are made."""
    details = Execution.get_start_execution_details

    def with_written_time(self: Execution) -> ExecutionDetails:
        found = details(self)
        return ExecutionDetails(
            arn=found.arn,
            name=found.name,
            role_arn=found.role_arn,
            inpt=found.inpt,
            start_time=written(self.start_date),
        )

    patches.replace(Execution, "get_start_execution_details", with_written_time)


def written(moment: datetime) -> str:
    """A moment as the context object writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> str:
    """The present moment as the context object writes it."""
    return written(datetime.now(UTC))

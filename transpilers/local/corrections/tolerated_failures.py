"""A Distributed Map fails when more items fail than it tolerates.

moto counts failed items and lets the Map succeed with nulls, whatever ToleratedFailureCount and
ToleratedFailurePercentage say. AWS fails it with States.ExceedToleratedFailureThreshold; without either field one
failed item is one too many. Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    distributed_iteration_component as module,
)

from transpilers.local.corrections.failures import failure

if TYPE_CHECKING:
    from moto.stepfunctions.parser.asl.eval.environment import Environment

    from transpilers.local.patches import Patches

Component = module.DistributedIterationComponent
Input = module.DistributedIterationComponentEvalInput
CAUSE = "The specified tolerated failure threshold was exceeded"


def tolerated_failures(patches: Patches) -> None:
    """Compare the failed items with what is tolerated, after the last one."""
    run = Component._map_run

    def run_and_compare(self: Component, env: Environment, eval_input: Input) -> None:
        run(self, env, eval_input)
        record = eval_input.map_run_record
        failed = record.item_counter.failed.get() + record.item_counter.timed_out.get()
        total = record.item_counter.total.get()
        if exceeded(failed, total, eval_input.tolerated_failure_count, eval_input.tolerated_failure_percentage):
            kind = StatesErrorNameType.StatesExceedToleratedFailureThreshold
            raise failure(env, kind, CAUSE, HistoryEventType.MapRunFailed, "mapRunFailedEventDetails")

    patches.replace(Component, "_map_run", run_and_compare)


def exceeded(failed: int, total: int, count: int, percentage: float) -> bool:
    """Whether `failed` of `total` items are too many; a limit of 0 is one that was not given, unless both are."""
    if not count and not percentage:
        return failed > 0
    by_count = bool(count) and failed > count
    by_percentage = bool(percentage) and failed * 100 > percentage * total
    return by_count or by_percentage

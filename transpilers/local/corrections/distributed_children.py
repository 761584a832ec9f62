"""A child of a Distributed Map is an execution of its own.

moto runs it with the context object and the variables of its parent. In AWS a child has its own Execution.Id, Name,
Input and StartTime, and sees no variable of the machine around it.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html#variable-scope
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import (
    distributed_item_processor_worker as worker_module,
)
from moto.stepfunctions.parser.asl.eval.states import ExecutionData

from transpilers.local.corrections.start_time import now

if TYPE_CHECKING:
    from moto.stepfunctions.parser.asl.eval.environment import Environment

    from transpilers.local.patches import Patches

Worker = worker_module.DistributedItemProcessorWorker


def distributed_children(patches: Patches) -> None:
    """Isolate each child once its input is known: ItemSelector belongs to the parent."""
    evaluate_input = Worker._eval_input

    def evaluate_and_isolate(self: Worker, env_frame: Environment) -> None:
        evaluate_input(self, env_frame)
        name = str(uuid.uuid4())
        context = env_frame.states.context_object.context_object_data
        parent = context["Execution"]
        label = self._map_run_record.map_run_arn.rsplit("/", 1)[-1].split(":")[0]
        prefix, _, _ = parent["Id"].rpartition(":")
        context["Execution"] = ExecutionData(
            Id=f"{prefix}/{label}:{name}",
            Input=env_frame.states.get_input(),
            Name=name,
            RoleArn=parent["RoleArn"],
            StartTime=now(),
        )
        env_frame.variable_store._outer_scope.clear()
        env_frame.variable_store._inner_scope.clear()

    patches.replace(Worker, "_eval_input", evaluate_and_isolate)

"""A child of a Distributed Map is an execution of its own.

moto runs it with the context object and the variables of its parent. In AWS a child has its own Execution.Id, Name,
Input and StartTime, and sees no variable of the machine around it. Its history is its own, and its states are billed as
those of any other execution, and one more for its start; moto throws their events away.
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
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.eval.states import ExecutionData

from core_compiler.asl.limits import EXECUTION_EVENTS
from transpilers.local.corrections.start_time import now
from transpilers.local.execution import Iteration, transitions

if TYPE_CHECKING:
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.job import Job
    from moto.stepfunctions.parser.asl.eval.environment import Environment

    from transpilers.local.patches import Patches

Worker = worker_module.DistributedItemProcessorWorker
#: An attribute of moto's record of a Map's run.
ITERATIONS = "_iterations"


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

    evaluate_job = Worker._eval_job

    def evaluate_and_count(self: Worker, env: Environment, job: Job) -> None:
        env.event_manager = manager = EventManager()
        try:
            evaluate_job(self, env, job)
        finally:
            history = [{"type": event.get("type", "")} for event in manager.get_event_history()]
            # Thousands of histories would take more memory than all the rest.
            cost = Iteration(1 + transitions(history), EXECUTION_EVENTS + len(history))
            vars(self._map_run_record).setdefault(ITERATIONS, []).append(cost)

    patches.replace(Worker, "_eval_input", evaluate_and_isolate)
    patches.replace(Worker, "_eval_job", evaluate_and_count)


def iterations_of(environment: Environment) -> tuple[Iteration, ...]:
    """What the items of an execution's Distributed Maps cost, those that have ended."""
    records = environment.map_run_record_pool_manager.get_all()
    return tuple(one for record in records for one in vars(record).get(ITERATIONS, ()))

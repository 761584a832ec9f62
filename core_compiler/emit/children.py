"""Child machines: the state that starts one and waits for it, and the state it begins with.

What the first state of the whole machine sets travels as input, so that a child tells the same run as its parent.
"""

from __future__ import annotations

from collections.abc import Iterable

from core_compiler.asl import states
from core_compiler.asl.expressions import expression

#: Faults of starting an execution. The tasks of one that had begun are adopted by the one started again.
_RETRIER = states.Retrier(
    error_equals=(
        "StepFunctions.ExecutionLimitExceededException",
        "StepFunctions.ThrottlingException",
        "StepFunctions.SdkClientException",
        "StepFunctions.AWSStepFunctionsException",
    ),
    interval_seconds=2,
    max_attempts=6,
    backoff_rate=2,
)


def arn_of(part: str) -> str:
    """What stands for a child's ARN until it is deployed: `part-1` is `${Part1Arn}`."""
    return f"${{{part.title().replace('-', '')}Arn}}"


def child_state(part: str, variables: Iterable[str], after: str | None) -> states.Task:
    """Starts the machine `part` and waits for its end."""
    return states.Task(
        resource=states.START_AND_WAIT,
        arguments={
            "StateMachineArn": arn_of(part),
            "Input": {name: expression(f"${name}") for name in variables},
        },
        retry=(_RETRIER,),
        output={},
        next=after,
        end=after is None,
    )


def child_start(variables: Iterable[str], entry: str) -> states.Pass:
    """The first state of a child: it sets what its parent passed on."""
    assign: dict[str, object] = {name: expression(f"$states.input.{name}") for name in variables}
    return states.Pass(next=entry, assign=assign, output={})

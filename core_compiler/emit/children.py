"""Child machines: the state that starts one and waits for it, and the state it begins with.

What the first state of the whole machine sets travels as input, so that a child tells the same run as its parent.
"""

from __future__ import annotations

from collections.abc import Iterable

from core_compiler.asl import states
from core_compiler.asl.expressions import HANDLER, PLACEHOLDER, expression

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
    return PLACEHOLDER % part.title().replace("-", "")


#: How a child ended is JSON in the Cause; the empty array drops what is not there, such as the error of an aborted one.
_TOLD = "$substring($states.errorOutput.Cause, -1) = '}' ? $parse($states.errorOutput.Cause)"
_ENDED = {field: expression(f"[({_TOLD}).{field}, $states.errorOutput.{field}][0]") for field in ("Error", "Cause")}


def child_state(part: str, variables: Iterable[str], after: str | None, failed: str) -> states.Task:
    """Starts the machine `part` and waits for its end; where it fails, so does this machine, in the state `failed`."""
    return states.Task(
        resource=states.START_AND_WAIT,
        arguments={
            "StateMachineArn": arn_of(part),
            "Input": {name: expression(f"${name}") for name in variables},
        },
        retry=(_RETRIER,),
        catch=(states.Catcher(error_equals=("States.TaskFailed",), next=failed, output=_ENDED),),
        output={},
        next=after,
        end=after is None,
    )


def child_failed() -> states.Fail:
    """Ends as the child did: a run tells the same error, however many machines it is cut into."""
    return states.Fail(error=expression("$states.input.Error"), cause=expression("$states.input.Cause"))


def child_start(variables: Iterable[str], entry: str) -> states.Pass:
    """The first state of a child: it sets what its parent passed on."""
    assign: dict[str, object] = {"handler": HANDLER}
    assign |= {name: expression(f"$states.input.{name}") for name in variables}
    return states.Pass(next=entry, assign=assign, output={})

"""The states around a task that asks for others while it runs: run them, or wait, and run the task again.

    <task>              answers with a status; `pending` comes with the events of `new` tasks, or without any
    <task>: again?      done: goes on; pending: to one of the two below, and back to <task>
    <task>: new         a Map over the events: `run new` with its own `settle new`
    <task>: wait        as many seconds as the task said

The new tasks may ask for others in turn: they are then among those of a later round.
"""

from __future__ import annotations

from typing import NamedTuple

from core_compiler.asl import states
from core_compiler.asl.expressions import expression
from core_compiler.emit.events import settle_event
from core_compiler.emit.names import Names
from core_compiler.emit.retries import EVERYTHING, GRACE, INFRASTRUCTURE, LONGEST_LAMBDA
from core_compiler.emit.scope import MACHINE
from core_compiler.ir import FailurePolicy, Task

#: An inline Map runs no more at once anyway.
AT_ONCE = 40
#: The handler counts the tries of a task; the machine has to bring them all.
MOST_TRIES = 99_999
#: It only reads and writes a few records.
SETTLE_SECONDS = 60
EMPTY: dict[str, object] = {}


class Loop(NamedTuple):
    """The names of the states around one task."""

    again: str
    new: str
    item: str
    settle: str
    wait: str


def claim(names: Names, task: str) -> Loop:
    """Claim the names, in reading order."""
    return Loop(
        again=names.claim(f"{task}: again?"),
        new=names.claim(f"{task}: new"),
        item=names.claim(f"{task}: run new"),
        settle=names.claim(f"{task}: settle new"),
        wait=names.claim(f"{task}: wait"),
    )


def loop(task: Task, state: str, names: Loop, after: str, policy: FailurePolicy) -> dict[str, states.State]:
    """The states beside the task's own `state`, which leads to `names.again`; then to `after`.

    A new task's tries are as far apart as the task's own.
    """
    pending = "$states.input.status = 'pending'"
    found: dict[str, states.State] = {
        names.again: states.Choice(
            choices=(
                states.Rule(condition=expression(f"{pending} and $count($states.input.new) > 0"), next=names.new),
                states.Rule(condition=expression(pending), next=names.wait),
            ),
            default=after,
        ),
        names.new: states.Map(
            items=expression("$states.input.new"),
            max_concurrency=AT_ONCE,
            item_processor=states.Processor(
                processor_config={"Mode": "INLINE"}, start_at=names.item, states=_item(names, task, policy)
            ),
            output=EMPTY,
            next=state,
        ),
        names.wait: states.Wait(seconds=expression("$states.input.wait"), output=EMPTY, next=state),
    }
    return found


def _item(names: Loop, task: Task, policy: FailurePolicy) -> dict[str, states.State]:
    failed = "{'task': $states.input.task, 'error': $states.errorOutput}"
    settle = settle_event(task, policy)
    settle |= {
        "run": expression("$run"),
        "task": expression("$states.input.task"),
        "error": expression("$states.input.error"),
    }
    return {
        names.item: states.Task(
            resource=states.INVOKE,
            arguments={
                "FunctionName": MACHINE.handler,
                "Payload": expression("$merge([{'v': 1, 'op': 'run', 'run': $run}, $states.input])"),
            },
            timeout_seconds=LONGEST_LAMBDA + GRACE,
            retry=(
                INFRASTRUCTURE,
                states.Retrier(
                    error_equals=("TryFailed", "States.Timeout", "Sandbox.Timedout"),
                    interval_seconds=max(1, round(task.retry.delay)),
                    max_attempts=MOST_TRIES,
                    backoff_rate=1,
                ),
            ),
            catch=(states.Catcher(error_equals=("States.ALL",), next=names.settle, output=expression(failed)),),
            output=EMPTY,
            end=True,
        ),
        names.settle: states.Task(
            resource=states.INVOKE,
            arguments={
                "FunctionName": MACHINE.handler,
                "Payload": settle,
            },
            timeout_seconds=SETTLE_SECONDS,
            retry=(EVERYTHING,),
            output=EMPTY,
            end=True,
        ),
    }

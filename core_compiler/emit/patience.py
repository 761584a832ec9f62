"""How long an Await waits before it registers anew.

It does so in case that word of a task's end was lost. Each time writes history, so where many tasks wait they look for
themselves less often: a run whose Awaits all wait for `LONGEST` still fits into its history.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from core_compiler.asl import limits
from core_compiler.emit.predict import most_events
from core_compiler.ir import Task
from core_compiler.plan import Await, Each, Finish, Node, Parallel, Run, Series

#: Seconds, where that leaves room: an hour late is late enough.
SHORTEST = 3_600
#: To some 340 days: an execution has a year.
_STEPS = 13
#: Seconds for which a run may wait.
LONGEST = 30 * 24 * 3_600


def patience(machine: Node, parts: Mapping[int, str], tasks: Mapping[str, Task]) -> int:
    """The seconds for the Awaits of one machine; `parts` are machines of their own, those inside it too."""
    waiting, other = 0, limits.EXECUTION_EVENTS + limits.PASS_EVENTS + limits.TASK_EVENTS
    stack: list[Node] = [machine]
    while stack:
        node = stack.pop()
        if id(node) in parts and node is not machine:
            other += limits.CHILD_EVENTS
            continue
        match node:
            case Series(inner):
                stack.extend(inner)
            case Parallel(inner):
                other += limits.PARALLEL_EVENTS
                stack.extend(inner)
            case Await():
                waiting += 1
            case Run() | Each() | Finish():
                other += most_events(node, tasks)
    room = max(1, limits.HISTORY_EVENTS - other - waiting * limits.TOKEN_TASK_EVENTS)
    times = LONGEST * limits.TOKEN_RETRY_EVENTS * waiting / room / SHORTEST
    # In steps, so that the machines of one workflow are alike.
    return SHORTEST * 2 ** min(_STEPS, math.ceil(math.log2(max(1, times))))

"""An execution that is stopped, or runs out of its TimeoutSeconds, ends at once.

moto ends it when the state it is in does: after StopExecution the status stays RUNNING while a Lambda runs, and after a
time-out the history lacks ExecutionTimedOut. In AWS both end the execution, and what runs in a Lambda runs on unseen.
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, cast

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.program.program import Program
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from transpilers.local.corrections.abandoned_work import close_history

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from moto.stepfunctions.parser.asl.eval.environment import Environment

    from transpilers.local.patches import Patches

#: Seconds between looks for a stop; moto has no event that outlasts its waiters.
INTERVAL = 0.05


def prompt_endings(patches: Patches) -> None:
    """Watch the main program's thread; the programs of branches and items end with it."""
    evaluate = Program.eval

    def evaluate_watched(self: Program, env: Environment) -> None:
        if env.is_frame():
            evaluate(self, env)
        else:
            watch(self, env)

    patches.replace(Program, "eval", evaluate_watched)
    patches.replace(ExecutionWorker, "stop", stop_when_started)


def stop_when_started(self: ExecutionWorker, stop_date: datetime, error: str | None, cause: str | None) -> None:
    """Stop the execution; one that was accepted this instant has no environment yet, where moto raises."""
    while self.env is None:
        time.sleep(0.001)
    self.env.set_stop(stop_date=stop_date, cause=cause, error=error)


def watch(program: Program, env: Environment) -> None:
    """Evaluate the main program until it ends, is stopped, or its time is up."""
    limit = program.timeout_seconds.timeout_seconds if program.timeout_seconds else None
    deadline = None if limit is None else time.monotonic() + limit
    env.next_state_name = program.start_at.start_at_name
    thread = threading.Thread(target=EvalComponent.eval, args=(program, env), daemon=True)
    thread.start()
    while thread.is_alive() and env.is_running():
        if deadline is not None and time.monotonic() >= deadline:
            env.set_timed_out()
            end(env, HistoryEventType.ExecutionTimedOut, {"executionTimedOutEventDetails": {}})
            return
        thread.join(INTERVAL if deadline is None else max(0.0, min(INTERVAL, deadline - time.monotonic())))
    state = env.program_state()
    if isinstance(state, ProgramStopped):
        aborted = {"error": state.error, "cause": state.cause}
        end(env, HistoryEventType.ExecutionAborted, {"executionAbortedEventDetails": aborted})
        return
    thread.join()


def end(env: Environment, event_type: HistoryEventType, details: Mapping[str, object]) -> None:
    """Write the last event, unless the program's own thread came first, and let no other follow."""
    close_history(env)
    if env.event_manager.get_event_history()[-1].get("type") != event_type:
        start = EventHistoryContext.of_program_start()
        env.event_manager.add_event(start, event_type, cast("EventDetails", details))

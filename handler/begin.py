"""`begin`: whether a run may start. Its input is read and its params are held to their schemas before any task runs."""

from __future__ import annotations

from handler.context.params import resolve
from handler.context.run import run_of
from handler.context.settings import part, settings
from handler.errors import InvalidEvent, RunFailed
from handler.errors_airflow import ParamValidationError
from handler.events import BeginEvent
from handler.json_types import JsonObject


def begin(event: BeginEvent) -> JsonObject:
    """Return the id of the run; RunFailed, naming the field or the param, where it must not start."""
    known = settings()
    try:
        run = run_of(event.context, known)
        resolve(known, {}, run.conf)
    except (InvalidEvent, ParamValidationError) as error:
        raise RunFailed(f"the run was not started: {error}"[:1000]) from None
    for name, task in part(known, "tasks").items():
        own = part(task, "params") if isinstance(task, dict) else {}
        try:
            resolve(known, own, run.conf)
        except ParamValidationError as error:
            raise RunFailed(f"the run was not started: task {name}: {error}"[:1000]) from None
    return {"run_id": run.run_id}

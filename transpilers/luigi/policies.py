"""Luigi's settings of one task as the IR's policies: retries and time-outs."""

from __future__ import annotations

from core_compiler.diagnostics import Sink
from core_compiler.ir import Retry
from transpilers.luigi import rules
from transpilers.luigi.wire import Settings, TaskCall


def retry(call: TaskCall, settings: Settings, sink: Sink) -> Retry:
    """The tries that retry_count allows: its own, or the scheduler's where that was set."""
    count = settings.retry_count if call.retry_count is None else call.retry_count
    if count is None or count <= 1:
        return Retry()
    sink.report(rules.RETRIES, call.span, subject=call.id, count=count, delay=settings.retry_delay)
    return Retry(retries=count - 1, delay=settings.retry_delay)


def timeout(call: TaskCall, settings: Settings) -> float | None:
    """Seconds for one run; Luigi's 0 is none."""
    seconds = settings.worker_timeout if call.worker_timeout is None else call.worker_timeout
    return float(seconds) if seconds > 0 else None


def note(call: TaskCall, sink: Sink) -> None:
    """Say what has no effect, or another one."""
    if call.priority:
        sink.report(rules.PRIORITY, call.span, subject=call.family, priority=call.priority)
    if call.batched:
        sink.report(rules.BATCHED, call.span, subject=call.family, names=", ".join(call.batched))
    if call.secrets:
        sink.report(rules.SECRETS, call.span, subject=call.family, names=", ".join(call.secrets))
    if call.disable_hard_timeout:
        sink.report(rules.IGNORED, call.span, subject=call.family, name="disable_hard_timeout")


def note_settings(settings: Settings, sink: Sink) -> None:
    """Say which settings of worker and scheduler have no effect."""
    for name, is_set in (("the number of workers", settings.workers != 1), ("keep_alive", settings.keep_alive)):
        if is_set:
            sink.report(rules.IGNORED, name=name)
    for name in settings.ignored:
        sink.report(rules.IGNORED, name=name)

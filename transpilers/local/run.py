"""`transpile run`: a bundle's machine from start to end on this computer, and what came of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

import msgspec

from core_compiler.diagnostics import Diagnostic, Rule, Sink
from core_compiler.emit.expected import Cost
from handler.errors import InfrastructureError
from handler.store import open_store
from transpilers.addresses import without_password
from transpilers.local import rules
from transpilers.local.account import function_arn
from transpilers.local.bundle import Bundle, BundleError, load_bundle
from transpilers.local.observe import Observed, OnEvent
from transpilers.local.options import Options
from transpilers.local.results import TaskResults, read_asked, read_results
from transpilers.local.surroundings import EngineMissingError, check_versions

if TYPE_CHECKING:
    from transpilers.local.execution import Execution
    from transpilers.local.functions import Function

FUNCTION = "handler"
ENTRY = "handler.app.lambda_handler"
Status = Literal["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]


class RunResult(msgspec.Struct, frozen=True, kw_only=True):
    """What `transpile run --json` prints.

    `run` is the prefix of the run's records in the store. `tasks` are statuses by task id, None for one never reached;
    `tries` counts them (0: did not run); `results` are return values, `{"type", "repr", "key"}` for what JSON cannot
    hold; `seconds` is the execution's time, `transitions` what AWS would bill, `events` the history events of the
    execution that has the most. `expected` are both as they were to be expected of tasks that ended like this; None
    where the run came to no end of its own, or the machine is not as the compiler writes them.
    """

    status: Status
    run: str = ""
    tasks: dict[str, str | None] = {}
    tries: dict[str, int] = {}
    results: dict[str, object] = {}
    seconds: float = 0.0
    transitions: int = 0
    events: int = 0
    expected: Cost | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


def run_bundle(
    path: Path,
    *,
    input: object = None,
    store: str,
    lambda_timeout: float = 900.0,
    concurrency: int = 16,
    timeout: float | None = None,
    on_event: OnEvent | None = None,
    environment: Mapping[str, str] | None = None,
    output: IO[str] | None = None,
    in_process: bool = False,
    max_retry_wait: int | None = None,
) -> RunResult:
    """Run the bundle at `path` with the JSON value `input`; never raises for what a bundle or its tasks do.

    The handler runs in up to `concurrency` worker processes, killed when an invocation takes more than `lambda_timeout`
    seconds; their environment is this process's, or `environment`, and what reaches their standard streams goes to
    `output`, standard error by default. With `in_process` it runs in threads of this process instead, quicker, with a
    store `s3://bucket/prefix` on the engine's own S3; then nothing can be killed, and the user's modules stay imported.
    Retries wait as long as on AWS, or at most `max_retry_wait` seconds.
    `store` is a URL for `handler.store.open_store`. After `timeout` seconds the execution is stopped: ABORTED.
    """
    options = Options(
        store=store,
        lambda_timeout=lambda_timeout,
        concurrency=concurrency,
        timeout=timeout,
        environment=environment,
        output=output,
        in_process=in_process,
    )
    try:
        check_versions()
    except EngineMissingError as missing:
        return _refused(rules.ENGINE_MISSING, package=missing.package, version=missing.version, found=missing.found)
    from transpilers.local.engine import MachineRefusedError

    try:
        bundle = load_bundle(path, function_arn(FUNCTION))
        if max_retry_wait is not None:
            bundle = bundle.with_retry_waits(max_retry_wait)
        return _run(bundle, input, options, on_event)
    except BundleError as error:
        return _refused(rules.NOT_A_BUNDLE, reason=str(error))
    except MachineRefusedError as error:
        return _refused(rules.MACHINE_REFUSED, reason=str(error))
    except InfrastructureError as error:
        return _refused(rules.STORE_FAILED, store=without_password(store), reason=str(error))


def _run(bundle: Bundle, input: object, options: Options, on_event: OnEvent | None) -> RunResult:
    from transpilers.local.engine import LocalEngine
    from transpilers.local.hosting import in_process, workers

    if not options.in_process:
        # Asked before anything runs: each task would retry a store that is not there for minutes.
        open_store(options.store).get("probe")
    host = in_process if options.in_process else workers
    with host(bundle, options) as hosted:
        function = _observed(hosted.function, on_event)
        with LocalEngine({FUNCTION: function}) as engine:
            hosted.prepare(engine)
            execution = engine.run(
                bundle.machine, input, name=bundle.name, children=bundle.children, timeout=options.timeout
            )
            if options.in_process:
                return _result(bundle, execution, options.store)
        # The workers are gone: what they have written is final.
        return _result(bundle, execution, options.store)


def _observed(function: Function, on_event: OnEvent | None) -> Function:
    if on_event is None:
        return function
    lock = threading.Lock()

    def one_at_a_time(task: str, status: str) -> None:
        with lock:
            on_event(task, status)

    return Observed(function, one_at_a_time)


def _result(bundle: Bundle, execution: Execution, store: str) -> RunResult:
    from transpilers.local.prediction import expected_cost

    run = run_prefix(bundle.name, execution)
    found = read_results(store, run, bundle.tasks)
    read_asked(store, run, bundle.tasks, found)
    return RunResult(
        status=execution.status,  # type: ignore[arg-type]
        run=run,
        tasks=found.tasks,
        tries=found.tries,
        results=found.results,
        seconds=round((execution.ended - execution.started).total_seconds(), 3),
        transitions=execution.transitions,
        events=execution.events,
        expected=expected_cost(bundle, execution, found),
        diagnostics=_diagnostics(bundle, execution, found, run),
    )


def run_prefix(machine: str, execution: Execution) -> str:
    """The prefix of a run's keys, as a compiled machine's first state computes it."""
    from transpilers.local.corrections.start_time import written

    return f"{machine}/{execution.name}/{written(execution.started).replace(':', '')}"


def _diagnostics(bundle: Bundle, execution: Execution, found: TaskResults, run: str) -> tuple[Diagnostic, ...]:
    sink = Sink()
    for task, error in found.errors.items():
        if found.tasks[task] == "failed":
            text = f"{error.type}: {error.message}"
            sink.report(rules.TASK_FAILED, subject=task, number=found.tries[task], error=text, log=f"{run}/log/{task}")
        elif found.tasks[task] == "upstream_failed":
            sink.report(rules.TASK_BLOCKED, subject=task, error=error.message)
    if execution.status != "SUCCEEDED":
        reason = ": ".join(filter(None, [execution.error, execution.cause])) or "no error was named"
        sink.report(rules.RUN_FAILED, subject=bundle.name, status=execution.status, error=reason)
    return sink.diagnostics


def _refused(rule: Rule, **values: str) -> RunResult:
    return RunResult(status="FAILED", diagnostics=(Sink().report(rule, None, **values),))

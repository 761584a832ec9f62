"""`transpile run`: a bundle's machine on this computer, with a table that follows it."""

from __future__ import annotations

from pathlib import Path

import typer

HELP = {
    "bundle": "The bundle's folder.",
    "input": "The machine's input: JSON, or @FILE.",
    "store": "Where values and records live: file:///FOLDER, s3://BUCKET/PREFIX or redis://HOST:PORT/DB. "
    "[default: .stepweave/store here]",
    "logs": "Print every task's log, not only those of failed tasks.",
    "lambda_timeout": "Seconds after which an invocation is killed, as Lambda does.",
    "max_retry_wait": "Wait at most so many seconds before a retry, where AWS would wait as the machine says.",
    "json": "Print the result as JSON.",
}


def run(
    bundle: Path = typer.Argument(help=HELP["bundle"]),
    machine_input: str = typer.Option("{}", "--input", help=HELP["input"]),
    store: str | None = typer.Option(None, "--store", help=HELP["store"]),
    logs: bool = typer.Option(False, "--logs", help=HELP["logs"]),
    lambda_timeout: float = typer.Option(900.0, "--lambda-timeout", min=1.0, max=900.0, help=HELP["lambda_timeout"]),
    max_retry_wait: int | None = typer.Option(None, "--max-retry-wait", min=1, help=HELP["max_retry_wait"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
) -> None:
    """Run a bundle's machine on this computer."""
    from core_compiler.diagnostics import Sink
    from transpilers.cli import rules
    from transpilers.cli.output import print_diagnostics, print_json
    from transpilers.cli.run_view import follow, print_result
    from transpilers.cli.usage import check_object

    parsed = check_object("--input", machine_input)
    sink = Sink()
    try:
        from transpilers.local import run_bundle
    except ModuleNotFoundError as missing:
        sink.report(rules.MISSING_EXTRA, what="transpile run", module=missing.name, extra="local")
        print_diagnostics(sink.diagnostics)
        raise typer.Exit(2) from None
    url = store or (Path.cwd() / ".stepweave" / "store").as_uri()
    with follow(bundle, quiet=as_json) as on_event:
        result = run_bundle(
            bundle,
            input=parsed,
            store=url,
            lambda_timeout=lambda_timeout,
            on_event=on_event,
            max_retry_wait=max_retry_wait,
        )
    if as_json:
        print_json(result)
    elif result.run:
        print_result(result, url, all_logs=logs)
    else:
        print_diagnostics(result.diagnostics)
    never_started = 2
    raise typer.Exit(never_started if not result.run else 0 if result.status == "SUCCEEDED" else 1)

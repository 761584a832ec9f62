"""The entry point. Only typer is imported here: `transpile --help` must come at once, so commands load when called."""

from __future__ import annotations

import os
import sys

import typer

from transpilers.cli.airflow import airflow
from transpilers.cli.audit import audit
from transpilers.cli.dask import dask
from transpilers.cli.durations import durations
from transpilers.cli.explain import explain
from transpilers.cli.graph import graph
from transpilers.cli.ir import ir
from transpilers.cli.luigi import PASSES_THROUGH, luigi
from transpilers.cli.run import run
from transpilers.cli.verify import verify

app = typer.Typer(
    name="transpile",
    help="Turn workflows into AWS Step Functions machines that behave the same, run them here, and prove it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"stepweave {version('stepweave')}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Turn workflows into AWS Step Functions machines that behave the same, run them here, and prove it."""


app.command()(airflow)
app.command(context_settings=PASSES_THROUGH)(luigi)
app.command()(dask)
app.command()(ir)
app.command()(run)
app.add_typer(verify)
app.command()(audit)
app.add_typer(durations)
app.command()(graph)
app.command()(explain)


def main() -> None:
    """Run the command line: exit 0 done, 1 the thing asked about failed, 2 wrong usage. Never shows a traceback."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; the interpreter must not complain while it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("STEPWEAVE_DEBUG"):
            raise
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        typer.echo(f"error: a defect in stepweave, not in your input: {reason}", err=True)
        typer.echo("    Set STEPWEAVE_DEBUG=1 to see where, and please report it.", err=True)
        sys.exit(1)

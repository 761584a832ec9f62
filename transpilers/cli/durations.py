"""`transpile durations`: how long tasks took, as a file for `--durations`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from transpilers.durations.table import Sample

durations = typer.Typer(
    name="durations",
    help="Write down how long tasks took, for --durations.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

HELP = {
    "db": "The SQLAlchemy URL of Airflow's metadata database.",
    "dag_id": "This DAG alone.",
    "output": "The file to write. [default: standard output]",
    "bundle": "The bundle's folder.",
    "run": "The run, as `transpile run` names it.",
    "store": "Where its records live. [default: .stepweave/store here]",
}


@durations.command()
def airflow(
    db: str = typer.Option(..., "--db", help=HELP["db"]),
    dag_id: str | None = typer.Option(None, "--dag-id", help=HELP["dag_id"]),
    output: Path | None = typer.Option(None, "-o", "--output", help=HELP["output"]),
) -> None:
    """Medians of the latest successful runs of each task, read from Airflow's metadata database."""
    from transpilers.addresses import without_password
    from transpilers.cli import rules as own_rules
    from transpilers.cli.output import fail
    from transpilers.durations import rules
    from transpilers.durations.airflow_db import DRIVERS, read_database
    from transpilers.durations.errors import DurationsError

    place = without_password(db)
    try:
        samples = list(read_database(db, dag_id))
    except DurationsError as error:
        fail(rules.DATABASE_FAILED, "--db", url=place, reason=error)
    except ModuleNotFoundError as missing:
        package = DRIVERS.get(missing.name or "")
        if package is not None:
            fail(rules.NO_DRIVER, "--db", url=place, module=missing.name, package=package)
        fail(own_rules.MISSING_EXTRA, "", what="transpile durations", module=missing.name, extra="airflow")
    if not samples:
        fail(rules.NO_HISTORY, "--db", place=place, of=f" in the DAG {dag_id}" if dag_id else "")
    _write(samples, output)


@durations.command()
def run(
    bundle: Path = typer.Argument(help=HELP["bundle"]),
    name: str = typer.Option(..., "--run", help=HELP["run"]),
    store: str | None = typer.Option(None, "--store", help=HELP["store"]),
    output: Path | None = typer.Option(None, "-o", "--output", help=HELP["output"]),
) -> None:
    """How long the tasks of a finished run took."""
    from handler.errors import InfrastructureError
    from transpilers.addresses import without_password
    from transpilers.cli.output import fail
    from transpilers.durations import rules
    from transpilers.durations.history import read_run
    from transpilers.local.bundle import BundleError, load_bundle

    url = store or (Path.cwd() / ".stepweave" / "store").as_uri()
    try:
        read = load_bundle(bundle, "")
        samples = list(read_run(url, name, read.workflow, read.tasks))
    except BundleError as error:
        raise typer.BadParameter(str(error), param_hint="bundle") from None
    except InfrastructureError as error:
        fail(rules.UNREADABLE, name, path=without_password(url), reason=error)
    if not samples:
        fail(rules.NO_HISTORY, name, place=without_password(url), of=f" in the run {name}")
    _write(samples, output)


def _write(samples: list[Sample], output: Path | None) -> None:
    import msgspec

    from transpilers.durations.table import table

    text = msgspec.json.format(msgspec.json.encode(table(samples)), indent=2) + b"\n"
    if output is None:
        typer.echo(text.decode(), nl=False)
        return
    try:
        output.write_bytes(text)
    except OSError as error:
        raise typer.BadParameter(f"cannot write {output}: {error.strerror}", param_hint="--output") from None

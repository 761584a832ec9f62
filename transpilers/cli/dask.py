"""`transpile dask`: a Dask collection to a bundle."""

from __future__ import annotations

from pathlib import Path

import typer

HELP = {
    "spec": "The collection as MODULE:ATTRIBUTE, or MODULE:FACTORY for a function that makes it.",
    "output": "The folder to write. [default: build/<name>]",
    "optimize": "Whether Dask optimises the graph first.",
    "batch": "The most calls in one task. [default: 1, in large graphs more]",
    "structure": "How the graph becomes fork and join: auto, nested, rendezvous, layers or serial.",
    "durations": "How long tasks take: JSON or CSV, see `transpile durations`. [default: guessed by kind of operator]",
    "for": "What auto looks for: balanced, time or cost.",
    "limit": "Seconds for loading the collection.",
    "json": "Print the result as JSON.",
}


def dask(
    spec: str = typer.Argument(metavar="MODULE:ATTRIBUTE", help=HELP["spec"]),
    output: Path | None = typer.Option(None, "-o", "--output", help=HELP["output"]),
    optimize: bool = typer.Option(True, "--optimize/--no-optimize", help=HELP["optimize"]),
    batch: int = typer.Option(0, "--batch", min=0, show_default=False, help=HELP["batch"]),
    structure: str = typer.Option("auto", "--structure", help=HELP["structure"]),
    durations: Path | None = typer.Option(None, "--durations", help=HELP["durations"]),
    optimize_for: str = typer.Option("balanced", "--optimize-for", help=HELP["for"]),
    time_limit: float = typer.Option(300.0, "--time-limit", help=HELP["limit"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
) -> None:
    """Compile a Dask collection."""
    from transpilers.cli.compiling import compile_imported
    from transpilers.cli.output import working
    from transpilers.cli.wishes import wishes
    from transpilers.dask.importer import read

    wanted = wishes(structure, durations, optimize_for)
    with working(f"loading {spec}"):
        imported = read(spec, batch=batch, optimize=optimize, time_limit=time_limit)
    stem = spec.partition(":")[2] or "workflow"
    raise typer.Exit(compile_imported(imported, output, stem, wanted, as_json=as_json))

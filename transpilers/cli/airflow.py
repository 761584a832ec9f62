"""`transpile airflow`: Airflow DAG files to bundles."""

from __future__ import annotations

from pathlib import Path

import typer

HELP = {
    "file": "The DAG file.",
    "dag_id": "Compile this DAG alone.",
    "output": "The folder to write: the bundle of one DAG, or a folder of bundles. [default: build/<name>]",
    "loader": "static runs nothing of it; live runs it with Airflow in a subprocess; stub does so "
    "with missing modules fabricated; auto is static, then live where static leaves something open.",
    "python": "The interpreter whose Airflow loads the file. [default: this one]",
    "structure": "How the graph becomes fork and join: auto, nested, rendezvous, layers or serial.",
    "durations": "How long tasks take: JSON or CSV, see `transpile durations`. [default: guessed by kind of operator]",
    "optimize": "What auto looks for: balanced, time or cost.",
    "json": "Print the result as JSON.",
}


def airflow(
    file: Path = typer.Argument(help=HELP["file"]),
    dag_id: str | None = typer.Option(None, "--dag-id", help=HELP["dag_id"]),
    output: Path | None = typer.Option(None, "-o", "--output", help=HELP["output"]),
    loader: str = typer.Option("auto", "--loader", help=HELP["loader"]),
    python: Path | None = typer.Option(None, "--python", help=HELP["python"]),
    structure: str = typer.Option("auto", "--structure", help=HELP["structure"]),
    durations: Path | None = typer.Option(None, "--durations", help=HELP["durations"]),
    optimize: str = typer.Option("balanced", "--optimize", help=HELP["optimize"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
) -> None:
    """Compile the DAGs of an Airflow file."""
    from transpilers.airflow.importer import LOADERS, read
    from transpilers.cli.compiling import compile_imported
    from transpilers.cli.output import working
    from transpilers.cli.usage import check_choice
    from transpilers.cli.wishes import wishes

    check_choice("--loader", loader, LOADERS)
    wanted = wishes(structure, durations, optimize)
    with working(f"reading {file}"):
        imported = read(file, loader=loader, python=python, dag_id=dag_id)
    raise typer.Exit(compile_imported(imported, output, file.stem, wanted, as_json=as_json))

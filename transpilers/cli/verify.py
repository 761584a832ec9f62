"""`transpile verify`: the source engine and the machine side by side."""

from __future__ import annotations

from pathlib import Path

import typer

from transpilers.cli.dask import HELP as DASK
from transpilers.cli.luigi import HELP as LUIGI

verify = typer.Typer(
    name="verify",
    help="Run the source engine and the machine side by side, and tell every difference.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

HELP = {
    "file": "The DAG file.",
    "dag_id": "Verify this DAG alone.",
    "loader": "How the file is read: static, live, stub, or auto: static first, then live.",
    "python": "The interpreter whose Airflow judges. [default: this one]",
    "structure": "How the graph becomes fork and join: auto, nested, rendezvous, layers or serial.",
    "network": "Leave the network on for the code that is run.",
    "limit": "Seconds each side may take.",
    "conf": "What the runs are started with, values of params for instance: JSON, or @FILE.",
    "plugins": "A folder of Airflow plugins that the source engine loads.",
    "json": "Print the report as JSON.",
}


@verify.command()
def airflow(
    file: Path = typer.Argument(help=HELP["file"]),
    dag_id: str | None = typer.Option(None, "--dag-id", help=HELP["dag_id"]),
    loader: str = typer.Option("auto", "--loader", help=HELP["loader"]),
    python: Path | None = typer.Option(None, "--python", help=HELP["python"]),
    structure: str = typer.Option("auto", "--structure", help=HELP["structure"]),
    allow_network: bool = typer.Option(False, "--allow-network", help=HELP["network"]),
    time_limit: float = typer.Option(600.0, "--time-limit", min=1.0, help=HELP["limit"]),
    conf: str | None = typer.Option(None, "--conf", help=HELP["conf"]),
    plugins: Path | None = typer.Option(None, "--plugins", help=HELP["plugins"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
) -> None:
    """Verify the DAGs of an Airflow file against `dag.test()`.

    Your code runs in sandboxes: once on each side, and where they differ once more by Airflow.
    """
    from transpilers.airflow.importer import LOADERS, read
    from transpilers.cli.output import print_json, working
    from transpilers.cli.usage import check_choice, check_object, check_structure
    from transpilers.cli.verify_view import print_report
    from transpilers.verify.verify_airflow import Settings, verify_airflow

    check_choice("--loader", loader, LOADERS)
    check_structure(structure)
    given = check_object("--conf", conf) if conf else None
    with working(f"verifying {file}"):
        imported = read(file, loader=loader, python=python, dag_id=dag_id)
        settings = Settings(
            python=python,
            structure=structure,
            allow_network=allow_network,
            time_limit=time_limit,
            conf=given,
            plugins=plugins,
        )
        (report,) = verify_airflow([(file, imported)], settings)
    if as_json:
        print_json(report)
    else:
        print_report(report, file)
    raise typer.Exit(0 if report.equal else 1)


@verify.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def luigi(
    context: typer.Context,
    module: str = typer.Argument(help=LUIGI["module"]),
    arguments: list[str] = typer.Argument(None, help=LUIGI["arguments"]),
    python: Path | None = typer.Option(None, "--python", help=LUIGI["python"]),
    structure: str = typer.Option("auto", "--structure", help=HELP["structure"]),
    allow_network: bool = typer.Option(False, "--allow-network", help=HELP["network"]),
    time_limit: float = typer.Option(600.0, "--time-limit", min=1.0, help=HELP["limit"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
) -> None:
    """Verify a Luigi task tree against `luigi.build` with the local scheduler.

    Both sides begin without outputs; the local files of external tasks are copied to both. Statuses and every byte
    that is left are compared.
    """
    from transpilers.cli.luigi import check_asked
    from transpilers.cli.output import print_json, working
    from transpilers.cli.usage import check_structure
    from transpilers.cli.verify_view import print_report
    from transpilers.luigi.importer import lowered, name_of
    from transpilers.luigi.loader import load
    from transpilers.rooms import interpreter
    from transpilers.verify.verify_luigi import LuigiSettings, verify_luigi

    check_structure(structure)
    asked = [module, *(arguments or []), *context.args]
    check_asked(asked)
    with working(f"verifying {name_of(asked)}"):
        chosen = interpreter(python)
        tree = load(asked, python=python, folder=Path.cwd(), time_limit=time_limit)
        settings = LuigiSettings(
            python=chosen,
            source=Path.cwd(),
            structure=structure,
            staged={path: Path(path).read_bytes() for path in tree.inputs},
            allow_network=allow_network,
            time_limit=time_limit,
        )
        report = verify_luigi(asked, lowered(tree, asked, chosen, {}, None), settings)
    if as_json:
        print_json(report)
    else:
        print_report(report, Path(name_of(asked)))
    raise typer.Exit(0 if report.equal else 1)


@verify.command()
def dask(
    spec: str = typer.Argument(metavar="MODULE:ATTRIBUTE", help=DASK["spec"]),
    optimize: bool = typer.Option(True, "--optimize/--no-optimize", help=DASK["optimize"]),
    batch: int = typer.Option(0, "--batch", min=0, show_default=False, help=DASK["batch"]),
    structure: str = typer.Option("auto", "--structure", help=HELP["structure"]),
    allow_network: bool = typer.Option(False, "--allow-network", help=HELP["network"]),
    time_limit: float = typer.Option(600.0, "--time-limit", min=1.0, help=HELP["limit"]),
    as_json: bool = typer.Option(False, "--json", help=HELP["json"]),
) -> None:
    """Verify a Dask collection against Dask's synchronous scheduler.

    The two values are compared by Dask's own `assert_eq`.
    """
    from transpilers.cli.output import print_json, working
    from transpilers.cli.usage import check_structure
    from transpilers.cli.verify_view import print_report
    from transpilers.dask.importer import read
    from transpilers.verify.verify_dask import DaskSettings, verify_dask

    check_structure(structure)
    with working(f"verifying {spec}"):
        imported = read(spec, batch=batch, optimize=optimize, time_limit=time_limit)
        settings = DaskSettings(
            source=Path.cwd(),
            structure=structure,
            optimize=optimize,
            allow_network=allow_network,
            time_limit=time_limit,
        )
        report = verify_dask(spec, imported, settings)
    if as_json:
        print_json(report)
    else:
        print_report(report, Path(spec))
    raise typer.Exit(0 if report.equal else 1)


@verify.callback()
def _group() -> None:
    """Run the source engine and the machine side by side, and tell every difference."""

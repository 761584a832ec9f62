"""Durations from Airflow's metadata database: the successful task instances, read and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from transpilers.durations.read import DurationsError
from transpilers.durations.table import Sample

#: Runs of a task that count, the latest first, and task instances read at most.
RUNS, MOST = 20, 500_000
_QUERY = (
    "SELECT dag_id, task_id, duration FROM task_instance WHERE state = 'success' AND duration IS NOT NULL"
    "{only} ORDER BY end_date DESC"
)


def read_database(url: str, dag_id: str | None = None) -> Iterator[Sample]:
    """The latest runs of every task, or of one DAG's. `url` is SQLAlchemy's. Raises DurationsError, ImportError."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

    try:
        parsed = make_url(url)
        file = parsed.database if parsed.get_backend_name() == "sqlite" else None
        if file and file != ":memory:" and not Path(file).is_file():
            # SQLite would make it.
            raise DurationsError("there is no such file")
        engine = create_engine(parsed)
        query = text(_QUERY.format(only=" AND dag_id = :dag" if dag_id else ""))
        counts: dict[tuple[str, str], int] = {}
        with engine.connect() as connection:
            rows = connection.execution_options(stream_results=True).execute(query, {"dag": dag_id} if dag_id else {})
            for number, (dag, task, seconds) in enumerate(rows):
                if number == MOST:
                    break
                seen = counts[dag, task] = counts.get((dag, task), 0) + 1
                if seen <= RUNS:
                    yield Sample(str(dag), str(task), _number(seconds))
    except (ArgumentError, NoSuchModuleError, ValueError):
        # A port that is no number is a ValueError.
        raise DurationsError("not a URL that SQLAlchemy can open") from None
    except SQLAlchemyError as error:
        # The first line says what is wrong; the rest is the statement, and may hold the URL.
        raise DurationsError(str(getattr(error, "orig", None) or error).splitlines()[0]) from None


def _number(seconds: object) -> float:
    try:
        return max(0.0, float(str(seconds)))
    except ValueError:
        raise DurationsError("a duration in task_instance is not a number") from None

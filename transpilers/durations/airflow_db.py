"""Durations from Airflow's metadata database: the successful task instances, read and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from transpilers.durations.errors import DurationsError
from transpilers.durations.table import Sample

#: Runs of a task that count, the latest first, and task instances read at most.
RUNS, MOST = 20, 500_000
_QUERY = (
    "SELECT dag_id, task_id, {run}, duration FROM task_instance WHERE state = 'success' AND duration IS NOT NULL"
    "{only} ORDER BY end_date DESC"
)
#: What to install for the modules through which SQLAlchemy reaches a database.
DRIVERS: Mapping[str, str] = {
    "psycopg2": "psycopg2-binary",
    "psycopg": "'psycopg[binary]'",
    "pg8000": "pg8000",
    "MySQLdb": "mysqlclient",
    "pymysql": "pymysql",
    "mysql": "mysql-connector-python",
    "pyodbc": "pyodbc",
    "oracledb": "oracledb",
}


def read_database(url: str, dag_id: str | None = None) -> Iterator[Sample]:
    """The latest runs of every task, or of one DAG's. `url` is SQLAlchemy's. Raises DurationsError, ImportError."""
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, NoSuchTableError, SQLAlchemyError

    try:
        # What SQLAlchemy called PostgreSQL before 1.4, and Airflow takes still.
        parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
        file = parsed.database if parsed.get_backend_name() == "sqlite" else None
        if file and file != ":memory:" and not Path(file).is_file():
            # SQLite would make it.
            raise DurationsError("there is no such file")
        if parsed.get_dialect().is_async:
            raise DurationsError(f"{parsed.drivername} is asynchronous: name another driver, as in sql_alchemy_conn")
        runs: dict[tuple[str, str], set[object]] = {}
        with create_engine(parsed).connect() as connection:
            # Before 2.2 a run was known by its date.
            columns = {column["name"] for column in inspect(connection).get_columns("task_instance")}
            run = "run_id" if "run_id" in columns else "execution_date"
            query = text(_QUERY.format(run=run, only=" AND dag_id = :dag" if dag_id else ""))
            rows = connection.execution_options(stream_results=True).execute(query, {"dag": dag_id} if dag_id else {})
            for number, (dag, task, one, seconds) in enumerate(rows):
                if number == MOST:
                    break
                # A run of a mapped task counts with all of its items: those that end last are not as long as all.
                known = runs.setdefault((dag, task), set())
                if len(known) < RUNS:
                    known.add(one)
                if one in known:
                    yield Sample(str(dag), str(task), _number(seconds))
    except NoSuchTableError:
        raise DurationsError("it has no table task_instance, so it is not Airflow's, or not made yet") from None
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

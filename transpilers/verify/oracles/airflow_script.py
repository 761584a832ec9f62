"""Runs DAGs with `dag.test()` and writes what became of them. Standard library, Airflow and the handler's codec only.

    PYTHON airflow_script.py FILE OUT HANDLER_PARENT RUNS [DAG_ID ...]

Runs inside a sandbox, by the interpreter whose Airflow is the judge. OUT gets a JSON object by DAG id: `state` of the
run, `tasks` (id -> state, tries) and `values` (task -> key -> value in the store's codec). RUNS runs of each DAG follow
one another, since importing Airflow costs far more than a run.
"""

import importlib.util
import json
import os
import shutil
import sqlite3
import sys
from datetime import datetime, timedelta, timezone


def main(argv):
    file, out, handler_parent, runs, dag_ids = argv[0], argv[1], argv[2], int(argv[3]), argv[4:]
    sys.path.append(handler_parent)
    from handler import codec

    _database()
    dags = _load(file)
    results = []
    for number in range(runs):
        results.append({})
        for dag_id, dag in dags.items():
            if not dag_ids or dag_id in dag_ids:
                results[-1][dag_id] = _run(dag, number, codec)
    with open(out, "w") as target:
        json.dump(results, target)


def _database():
    """A migrated SQLite database: copied from the template named by the caller, or made there (seconds)."""
    from airflow.configuration import conf

    path = conf.get("database", "sql_alchemy_conn").removeprefix("sqlite:///")
    template = os.environ.get("STEPWEAVE_ORACLE_TEMPLATE")
    if template and os.path.exists(template):
        shutil.copyfile(template, path)
        return
    from airflow.utils.db import initdb

    initdb()
    if template:
        # Not a file copy: what SQLite's write-ahead log holds is not in the file yet.
        with sqlite3.connect(path) as made, sqlite3.connect(template + ".new") as copy:
            made.backup(copy)
        os.replace(template + ".new", template)


def _load(file):
    from airflow.sdk import DAG

    sys.path.insert(0, os.path.dirname(file))
    spec = importlib.util.spec_from_file_location("verified_dag_file", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["verified_dag_file"] = module
    spec.loader.exec_module(module)
    from airflow.sdk.definitions._internal.contextmanager import DagContext

    dags = {dag.dag_id: dag for dag in vars(module).values() if isinstance(dag, DAG)}
    dags.update({dag.dag_id: dag for dag, _ in DagContext.autoregistered_dags})
    return dags


def _run(dag, number, codec):
    from airflow import settings
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.xcom import XComModel
    from airflow.sdk.serde import deserialize
    from sqlalchemy import select

    for task in dag.tasks:
        # Delays are not judged: they would make every retry cost minutes.
        task.retry_delay = timedelta(0)
        task.max_retry_delay = None
        task.retry_exponential_backoff = 0
    scratch = os.path.join(os.environ["HOME"], f"run{number}-{len(os.listdir(os.environ['HOME']))}")
    os.makedirs(scratch)
    os.environ["TMPDIR"] = scratch
    os.chdir(scratch)
    run = dag.test(logical_date=datetime(2026, 1, 1, 0, number, tzinfo=timezone.utc))
    session = settings.Session()
    mine = lambda model: (model.dag_id == dag.dag_id, model.run_id == run.run_id)
    tasks = {}
    for instance in session.scalars(select(TaskInstance).where(*mine(TaskInstance))):
        name = f"{instance.task_id}[{instance.map_index}]" if instance.map_index >= 0 else instance.task_id
        state = getattr(instance.state, "value", instance.state)
        tasks[name] = {"state": state and str(state), "tries": instance.try_number}
    values = {}
    for xcom in session.scalars(select(XComModel).where(*mine(XComModel))):
        name = f"{xcom.task_id}[{xcom.map_index}]" if xcom.map_index >= 0 else xcom.task_id
        values.setdefault(name, {})[xcom.key] = _encoded(deserialize(xcom.value), codec)
    session.close()
    state = getattr(run.state, "value", run.state)
    return {"state": str(state), "tasks": tasks, "values": values}


def _encoded(value, codec):
    try:
        return json.loads(codec.encode(value))
    except (TypeError, ValueError):
        return {"$type": "unknown", "$value": {"type": type(value).__name__, "repr": repr(value)}}


if __name__ == "__main__":
    main(sys.argv[1:])

"""Runs DAGs with `dag.test()` and writes what became of them. Standard library, Airflow and the handler's codec only.

    PYTHON airflow_script.py REQUEST.json

Runs inside a sandbox, by the interpreter whose Airflow is the judge. The request has `files` (each a `path` and
`dag_ids`, null for all), `date` (the run's logical date, which is also when it may start),
`handler` (the folder with the package of the codec) and `out`, which gets a list: for each
file `error`, or `outcomes`: by DAG id the `state` of the run, `tasks` (id to state and tries) and `values` (task to key
to value in the store's codec). All files share one process, since importing Airflow costs far more than a run.
"""

import importlib.util
import json
import os
import shutil
import sqlite3
import sys
import tempfile
from datetime import datetime, timedelta

SANDBOX = os.getcwd()


def main(path):
    with open(path) as source:
        request = json.load(source)
    sys.path.append(request["handler"])
    from handler import codec

    _database()
    results = []
    for number, wanted in enumerate(request["files"]):
        try:
            results.append({"outcomes": _judge(wanted, number, codec, request["date"], request["conf"])})
        except Exception as error:
            results.append({"error": " ".join(f"{type(error).__name__}: {error}".split())})
    with open(request["out"], "w") as target:
        json.dump(results, target)


def _judge(wanted, number, codec, date, conf):
    # Alone in the folder for as long as it is judged: `dag.test()` parses the folder anew, all that is in it.
    place = os.path.join(os.environ["AIRFLOW__CORE__DAGS_FOLDER"], os.path.basename(wanted["path"]))
    shutil.copyfile(wanted["path"], place)
    folder = os.path.dirname(wanted["path"])
    sys.path.insert(0, folder)
    try:
        dags = _load(place, f"verified_dag_file_{number}")
        for dag in dags.values():
            # The DAG's own folder, where its files of templates lie, is another for the copy.
            found = dag.template_searchpath or []
            dag.template_searchpath = [folder, *([found] if isinstance(found, str) else found)]
        asked = dags if wanted["dag_ids"] is None else wanted["dag_ids"]
        return {dag_id: _run(dags[dag_id], codec, date, conf) for dag_id in asked}
    finally:
        os.remove(place)
        sys.path.remove(folder)
        _forget(folder)


def _forget(folder):
    """Let go of the modules beside a judged file: the next file may have others of the same names."""
    for name, module in list(sys.modules.items()):
        origin = getattr(module, "__file__", None)
        if origin and os.path.realpath(origin).startswith(folder + os.sep) and "site-packages" not in origin:
            del sys.modules[name]


def _database():
    """A migrated SQLite database: a copy of the cached one of this Airflow version, or made here (seconds)."""
    import airflow
    from airflow.configuration import conf

    path = conf.get("database", "sql_alchemy_conn").removeprefix("sqlite:///")
    cached = os.path.join(os.environ["STEPWEAVE_ORACLE_CACHE"], f"airflow-{airflow.__version__}.db")
    if os.path.exists(cached):
        shutil.copyfile(cached, path)
        return
    from airflow.utils.db import initdb

    initdb()
    with sqlite3.connect(path) as made:
        _keep_numbers(made)
    # Not a file copy: what SQLite's write-ahead log holds is not in the file yet.
    beside = f"{cached}.{os.getpid()}"
    with sqlite3.connect(path) as made, sqlite3.connect(beside) as copy:
        made.backup(copy)
    os.replace(beside, cached)


def _keep_numbers(database):
    """Let the XCom column hold text: SQLite takes a column declared JSON for a number's where it can, and would turn
    the value 120.0 into 120, as no database that people run Airflow on does."""
    database.execute("PRAGMA writable_schema = ON")
    database.execute("UPDATE sqlite_master SET sql = replace(sql, 'value JSON', 'value TEXT') WHERE name = 'xcom'")
    version = database.execute("PRAGMA schema_version").fetchone()[0]
    # Connections that are open already look at the schema again.
    database.execute(f"PRAGMA schema_version = {version + 1}")
    database.execute("PRAGMA writable_schema = OFF")


def _load(file, name):
    kind, context = _definitions()
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    # As Airflow's own importer does, so that a DAG nobody holds in a variable is found as well.
    context.autoregistered_dags.clear()
    context.current_autoregister_module_name = name
    spec.loader.exec_module(module)
    dags = {dag.dag_id: dag for dag in vars(module).values() if isinstance(dag, kind)}
    dags.update({dag.dag_id: dag for dag, _ in context.autoregistered_dags})
    return dags


def _second():
    """Whether this is Airflow 2."""
    import airflow

    return airflow.__version__.startswith("2.")


def _definitions():
    if _second():
        from airflow.models import dag

        return dag.DAG, dag.DagContext
    from airflow.sdk import DAG
    from airflow.sdk.definitions._internal.contextmanager import DagContext

    return DAG, DagContext


def _test(dag, moment, conf):
    """A manual run of the DAG."""
    if not _second():
        return dag.test(run_after=moment, logical_date=moment, run_conf=conf)
    from airflow.exceptions import AirflowTaskTimeout
    from airflow.models import dag as module

    made, ran = module._get_or_create_dagrun, module._run_task

    def triggered(**given):
        run = made(**given)
        # What Airflow 2 calls a manual run: LatestOnlyOperator asks for it.
        run.external_trigger = True
        given["session"].commit()
        return run

    def run_task(**given):
        try:
            return ran(**given)
        except AirflowTaskTimeout as error:
            # The task has failed by now; `dag.test()` lets go of what is no Exception, this one too.
            raise RuntimeError(str(error)) from error

    module._get_or_create_dagrun, module._run_task = triggered, run_task
    try:
        return dag.test(execution_date=moment, run_conf=conf)
    finally:
        module._get_or_create_dagrun, module._run_task = made, ran


def _xcoms():
    """The model of XComs, and what gives a row's value."""
    if _second():
        from airflow.models.xcom import XCom

        return XCom, XCom.deserialize_value
    from airflow.models.xcom import XComModel
    from airflow.sdk.serde import deserialize

    return XComModel, lambda row: deserialize(row.value)


def _run(dag, codec, date, conf):
    from airflow import settings
    from airflow.models.taskinstance import TaskInstance
    from sqlalchemy import select

    for task in dag.tasks:
        # Delays are not judged: they would make every retry cost minutes.
        task.retry_delay = timedelta(0)
        task.max_retry_delay = None
        # A number in Airflow 3, and in 2 no other type than bool is taken for the tasks of a mapped one.
        task.retry_exponential_backoff = False if _second() else 0
    # A home, a working and a temporary folder for each run: one run must not see what another left.
    scratch = tempfile.mkdtemp(dir=SANDBOX)
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = scratch
    os.chdir(scratch)
    run = _test(dag, datetime.fromisoformat(date), conf)
    session = settings.Session()
    mine = lambda model: (model.dag_id == dag.dag_id, model.run_id == run.run_id)
    tasks = {}
    for instance in session.scalars(select(TaskInstance).where(*mine(TaskInstance))):
        name = f"{instance.task_id}[{instance.map_index}]" if instance.map_index >= 0 else instance.task_id
        state = getattr(instance.state, "value", instance.state)
        tasks[name] = {"state": state and str(state), "tries": instance.try_number}
    values = {}
    model, value_of = _xcoms()
    # Columns, no objects: an object of Airflow 2 turns its value into text where that is an object.
    columns = select(model.task_id, model.map_index, model.key, model.value).where(*mine(model))
    for xcom in session.execute(columns):
        name = f"{xcom.task_id}[{xcom.map_index}]" if xcom.map_index >= 0 else xcom.task_id
        values.setdefault(name, {})[xcom.key] = _encoded(value_of, xcom, codec)
    session.close()
    state = getattr(run.state, "value", run.state)
    return {"state": str(state), "tasks": tasks, "values": values}


def _encoded(read, row, codec):
    try:
        value = read(row)
    except Exception as error:
        # Airflow keeps values that it then refuses to read.
        return {"$type": "unreadable", "$value": type(error).__name__}
    # What Airflow 2 keeps besides is plain JSON.
    for through_json in (True, False) if _second() else (True,):
        try:
            return json.loads(codec.dumps(value, through_json=through_json))
        except (TypeError, ValueError):
            continue
    return {"$type": "unknown", "$value": {"type": type(value).__name__, "repr": repr(value)}}


if __name__ == "__main__":
    main(sys.argv[1])

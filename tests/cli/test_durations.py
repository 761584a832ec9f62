"""Durations: every form is read, what is wrong gets one line, and a plan is made for them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from statistics import median

import pytest
from support.cli_runner import transpile
from support.workflows import graph
from typer.testing import CliRunner

from core_compiler.diagnostics import Sink
from core_compiler.plan.durations import QUICK_SECONDS
from handler.items import NO_ITEMS, Items
from handler.keys import task_keys
from handler.records import Done, done_to_bytes
from handler.store import open_store
from transpilers.addresses import without_password
from transpilers.cli.main import app
from transpilers.durations.airflow_db import read_database
from transpilers.durations.errors import DurationsError
from transpilers.durations.history import read_run
from transpilers.durations.read import read_durations
from transpilers.durations.table import MEASURED_ONCE, Table, durations_of, table

Events = list[dict[str, object]]
N = graph("a c", "a d", "b d")
HISTORY = {
    "events": [
        {
            "type": "TaskStateEntered",
            "timestamp": "2026-01-01T00:00:00+00:00",
            "stateEnteredEventDetails": {"name": "a"},
        },
        {"type": "TaskScheduled", "timestamp": "2026-01-01T00:00:01+00:00"},
        {"type": "TaskStateExited", "timestamp": "2026-01-01T00:00:05+00:00", "stateExitedEventDetails": {"name": "a"}},
    ]
}
FORMS = {
    "flat.json": '{"a": 5}',
    "nested.json": '{"g": {"a": 5}, "other": {"a": 7}}',
    "rows.json": '[{"task_id": "a", "seconds": 4}, {"task_id": "a", "seconds": "5"}, {"task": "a", "duration": 6}]',
    "plain.csv": "task_id,seconds\na,5\n",
    "of a spreadsheet.csv": "task_id;seconds;note\n\na;5,0;fine\n",
    "of Excel.csv": "sep=;\nTask_ID;Seconds\na;5,0\n",
    "tabs.csv": "task_id\tseconds\na\t5\n",
    "headless.csv": "a,4\na,6\nb,0.1\n",
    "airflow.csv": "dag_id, task_id, duration\ng,a,4\ng,a,6\nother,a,1\n",
    "history.json": json.dumps(HISTORY),
}


def visit(first: int, name: str, start: int, end: int, *tries: int, payload: object = None, status: str = "") -> Events:
    """The events of a state from number `first` on, two apart, as those of another branch come between."""
    parameters = {} if payload is None else {"parameters": json.dumps({"FunctionName": "f", "Payload": payload})}
    made = [("TaskStateEntered", start, {"stateEnteredEventDetails": {"name": name}})]
    made += [("TaskScheduled", at, {"taskScheduledEventDetails": parameters}) for at in (start, *tries)]
    output = {"output": json.dumps({"Payload": {"status": status}})} if status else {}
    made += [("TaskSucceeded", end, {"taskSucceededEventDetails": output})]
    made += [("TaskStateExited", end, {"stateExitedEventDetails": {"name": name}})]
    return [
        {"type": kind, "id": first + 2 * at, "previousEventId": first + 2 * at - 2, "timestamp": 1e9 + when, **details}
        for at, (kind, when, details) in enumerate(made)
    ]


def test_a_history_is_read_state_by_state(tmp_path: Path):
    """Two items side by side in states of one name, the second one twice; then what runs no task, and what fails."""
    item = {"op": "run", "task": "many"}
    events = visit(1, "many", 0, 5, payload=item, status="success") + visit(2, "many", 1, 30, 20, payload=item)
    events += visit(101, "many items (2)", 40, 42, payload={"op": "run", "task": "many items"}, status="success")
    events += visit(201, "await a", 40, 90) + visit(301, "last", 0, 9, payload={"op": "record", "task": "last"})
    events += visit(401, "broken", 0, 9, payload={"op": "run", "task": "broken"}, status="failed")
    events += visit(501, "job", 0, 9)
    (tmp_path / "h.json").write_text(json.dumps({"events": sorted(events, key=lambda one: -int(str(one["id"])))}))
    found = read_durations(tmp_path / "h.json").workflows[""]
    assert {task: (entry.seconds, entry.runs) for task, entry in found.items()} == {
        "many": (7.5, 2),
        "many items": (2, 1),
        "job": (9, 1),
    }


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_read(name: str, tmp_path: Path):
    file = tmp_path / name
    file.write_text(FORMS[name])
    found = durations_of(N, read_durations(file), name, Sink())
    assert found.seconds == {"a": 5.0, "b": QUICK_SECONDS, "c": QUICK_SECONDS, "d": QUICK_SECONDS}


WRONG = {
    "missing": (None, "No such file"),
    "not json": ("{", "not JSON"),
    "no columns": (
        "a,b\n1,2\n",
        "its first line, 'a,b', does not name the columns: begin it with a line task_id,seconds",
    ),
    "no columns of a DAG": ("g,a,5\n", "begin it with a line"),
    "a key twice": ('{"g": {"a": 5, "b": 1, "a": 7}}', "'a' stands there twice"),
    "no number": ("task_id,seconds\na,5\nb,soon\n", "line 3: 'soon' is not a number of seconds"),
    "negative": ('{"a": -1}', "a: -1 is not"),
    "no finite number": ('{"w": {"a": 1e999}}', "w.a: inf is not"),
    "no finite number in a table": ('{"v": 1, "workflows": {"w": {"a": {"seconds": 1e999}}}}', "w.a: inf is not"),
    "a negative one": ('{"v": 1, "workflows": {"w": {"a": {"seconds": -1}}}}', "w.a: -1.0 is not"),
    "no spread": ('{"v": 1, "workflows": {"w": {"a": {"seconds": 1, "spread": -1}}}}', "w.a: -1.0 is no spread"),
    "another version": ('{"v": 2, "workflows": {}}', "version 2"),
    "more than a float holds": ('{"a": 1%s}' % ("0" * 400), "is not a number of seconds"),
    "deep": ("[" * 100_000, "not JSON"),
    "boolean": ('{"a": true}', "a: True is not"),
    "no task": ("task_id,seconds\n,5\n", "line 2 names no task"),
    "bytes": (b"\xff\xfe", "not UTF-8"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(name: str, tmp_path: Path):
    content, reason = WRONG[name]
    file = tmp_path / "durations"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DurationsError, match=reason):
        read_durations(file)


def test_tasks_that_are_not_there_are_told_of(tmp_path: Path):
    file = tmp_path / "d.json"
    file.write_text('{"a": 1, "zz": 2, "yy": 3}')
    sink = Sink()
    durations_of(N, read_durations(file), "d.json", sink)
    assert [(one.code, one.message) for one in sink.diagnostics] == [
        ("SW131", "d.json has durations for 2 tasks that g does not have, 'yy' among them")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{}", "it has none at all"),
        ("[]", "it has none at all"),
        ("", "it has none at all"),
        ("task_id,seconds\n", "it has none at all"),
        ('{"events": []}', "it has none at all"),
        ('{"g": {}}', "it has none at all"),
        ('{"other": {"a": 5}}', "it is of 'other'"),
    ],
)
def test_durations_that_set_nothing_are_told_of(text: str, found: str, tmp_path: Path):
    file = tmp_path / "d"
    file.write_text(text)
    sink = Sink()
    durations_of(N, read_durations(file), "d", sink)
    assert [(one.code, one.message) for one in sink.diagnostics] == [("SW630", f"d has no duration for g: {found}")]


def test_what_was_measured_often_says_how_far_it_varies(tmp_path: Path):
    file = tmp_path / "d.csv"
    file.write_text("task_id,seconds\n" + "".join(f"{task},{own}\n" for task in "abcd" for own in (10, 10, 10)))
    assert durations_of(N, read_durations(file), "", Sink()).spread == 0.0
    file.write_text("task_id,seconds\n" + "".join(f"{task},10\n" for task in "abcd"))
    assert durations_of(N, read_durations(file), "", Sink()).spread == pytest.approx(MEASURED_ONCE)
    assert durations_of(N, Table(workflows={}), "", Sink()).spread == 1.0


#: task_instance as Airflow itself made and filled it.
RECORDED = sorted((Path(__file__).parents[2] / "fixtures" / "durations").glob("airflow-*.sql"))


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_what_airflow_itself_wrote_down_is_read(recorded: Path, tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "airflow.db")) as connection:
        connection.executescript(recorded.read_text())
        rows = connection.execute("SELECT task_id, duration FROM task_instance WHERE state = 'success'").fetchall()
    expected = {task: median(own for name, own in rows if name == task and own) for task, own in rows if own}
    found = table(read_database(f"sqlite:///{tmp_path}/airflow.db", "nightly")).workflows["nightly"]
    assert {"extract", "flaky"} <= set(expected)
    assert {task: entry.seconds for task, entry in found.items()} == pytest.approx(expected, abs=0.001)
    assert {entry.runs for task, entry in found.items() if task != "load"} == {2}
    assert "load" not in found or found["load"].runs == 6, "two runs of three items each"


@pytest.fixture
def metadata(tmp_path: Path) -> str:
    """A database of Airflow's, filled by hand."""
    with closing(sqlite3.connect(tmp_path / "airflow.db")) as connection:
        schema, _, _ = RECORDED[0].read_text().partition("INSERT")
        connection.executescript(schema)
        rows = [("etl", "load", f"r{day}", "success", float(day), f"2026-01-{day:02}") for day in range(1, 26)]
        rows += [("etl", "load", "r99", "failed", 999.0, "2026-02-01"), ("etl", "stop", "r1", "skipped", None, None)]
        rows += [("other", "x", "r1", "success", 1.5, "2026-01-01")]
        connection.executemany(INSERT, rows)
        # Its long items end last.
        items = [("etl", "many", "r1", at, "success", float(at), f"2026-01-01 00:{at:02}") for at in range(50)]
        connection.executemany(INSERT.replace("run_id,", "run_id, map_index,").replace("(?,", "(?, ?,"), items)
        connection.commit()
    return f"sqlite:///{tmp_path / 'airflow.db'}"


INSERT = (
    "INSERT INTO task_instance (dag_id, task_id, run_id, state, duration, end_date, pool, pool_slots)"
    " VALUES (?, ?, ?, ?, ?, ?, '', 1)"
)


def test_airflow_s_database_gives_medians_of_the_latest_runs(metadata: str, tmp_path: Path):
    written = transpile("durations", "airflow", "--db", metadata, "-o", tmp_path / "d.json")
    assert (written.returncode, written.stderr) == (0, "")
    content = json.loads((tmp_path / "d.json").read_text())
    # Of 25 runs the latest 20 count: 6 to 25 seconds.
    assert content["workflows"]["etl"]["load"]["seconds"] == 15.5
    assert content["workflows"]["etl"]["many"]["seconds"] == 24.5
    assert content["workflows"]["other"] == {"x": {"seconds": 1.5}}
    assert read_durations(tmp_path / "d.json").workflows["etl"]["load"].runs == 20
    alone = transpile("durations", "airflow", "--db", metadata, "--dag-id", "other")
    assert list(json.loads(alone.stdout)["workflows"]) == ["other"]


def test_a_database_that_cannot_be_read_gets_one_line(metadata: str, tmp_path: Path):
    for arguments in (
        ("--db", f"sqlite:///{tmp_path}/none.db"),
        ("--db", "nonsense"),
        ("--db", "sqlite://"),
        ("--db", metadata, "--dag-id", "x"),
        ("--db", "postgresql:/bob:s3/cret@h/db"),
        ("--db", "postgresql://bob:s3/cret@h/db"),
    ):
        found = CliRunner().invoke(app, ["durations", "airflow", *arguments])
        assert found.exit_code == 2, found
        assert found.stderr.startswith("error")
        assert "s3" not in found.stderr
        assert ("it has no table task_instance" in found.stderr) == (arguments[-1] == "sqlite://")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mssql+pyodbc://h/db", "SW631"),
        ("postgresql+asyncpg://bob:s3@h/db", "postgresql+asyncpg is asynchronous: name another driver"),
    ],
)
def test_a_driver_that_is_missing_or_of_no_use_is_named(url: str, said: str):
    found = CliRunner().invoke(app, ["durations", "airflow", "--db", url])
    assert (found.exit_code, said in found.stderr) == (2, True), found.stderr
    assert "s3" not in found.stderr
    assert ("pip install pyodbc" in found.stderr) == (said == "SW631")


def test_of_a_mapped_task_the_items_of_a_run_tell(tmp_path: Path):
    url = (tmp_path / "store").as_uri()
    store = open_store(url)
    for name, status, start, end, items in (
        ("a", "success", 100, 101.5, None),
        ("t", "failed", None, 109, Items({"success": 2, "failed": 1, "skipped": 1}, ())),
        ("t[0]", "success", 102, 104, None),
        ("t[1]", "success", 102, 106, None),
        ("t[2]", "failed", 102, 108, None),
        ("t[3]", "skipped", None, 102, None),
        ("none", "skipped", None, 102, NO_ITEMS),
    ):
        record = Done(name, status, "x", 1, end, {}, started=start, items=items)
        store.put(task_keys("w/e/t", name).done, done_to_bytes(record))
    found = list(read_run(url, "w/e/t", "w", ("a", "t", "none", "unreached")))
    assert found == [("w", "a", 1.5), ("w", "t", 2.0), ("w", "t", 4.0)]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:s3/cret@host/db?x=s3", "postgresql://host/db"),
        ("postgresql:/me:s3@host/db", "host/db"),
        ("postgresql//me:s3/cret@host/db", "host/db"),
        ("redis://:s3@host:6379/0", "redis://host:6379/0"),
        ("file:///builds/job@2/store", "file:///builds/job@2/store"),
        ("sqlite+pysqlite:////builds/job@2/a.db", "sqlite+pysqlite:////builds/job@2/a.db"),
    ],
)
def test_no_password_is_shown_however_wrong_the_address(url: str, shown: str):
    assert without_password(url) == shown


def test_a_duration_in_the_database_that_is_no_number_is_said(metadata: str):
    with closing(sqlite3.connect(metadata.removeprefix("sqlite:///"))) as connection:
        connection.execute(INSERT, ("bad", "t", "r", "success", "abc", "2026-01-01"))
        connection.commit()
    found = CliRunner().invoke(app, ["durations", "airflow", "--db", metadata, "--dag-id", "bad"])
    assert found.exit_code == 2
    assert "a duration in task_instance is not a number" in found.stderr


def test_a_machine_is_made_for_its_durations_and_a_run_gives_them_back(tmp_path: Path):
    (tmp_path / "w.json").write_text(json.dumps(WORKFLOW))
    (tmp_path / "d.json").write_text('{"w": {"a": 1, "b": 9, "c": 9, "d": 1}}')
    made = transpile("ir", "w.json", "--durations", "d.json", "--optimize", "time", "-o", "out", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "* rendezvous" in made.stdout
    assert "layers" in made.stdout
    assert '"await d"' in (tmp_path / "out" / "machine.asl.json").read_text()
    bad = transpile("ir", "w.json", "--durations", "none.json", cwd=tmp_path)
    assert (bad.returncode, "SW130" in bad.stderr) == (2, True)
    ran = json.loads(transpile("run", "out", "--json", cwd=tmp_path).stdout)
    assert ran["status"] == "SUCCEEDED"
    back = transpile("durations", "run", "out", "--run", ran["run"], cwd=tmp_path)
    assert set(json.loads(back.stdout)["workflows"]["w"]) == {"a", "b", "c", "d"}
    none = transpile("durations", "run", "out", "--run", "w/none/0", cwd=tmp_path)
    assert (none.returncode, "SW133" in none.stderr) == (2, True)


WORKFLOW = {
    "v": 1,
    "name": "w",
    "tasks": [{"id": task, "component": {"kind": "shell", "command": "true"}} for task in "abcd"],
    "edges": [{"upstream": u, "downstream": v} for u, v in ("ac", "ad", "bd")],
}

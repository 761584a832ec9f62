"""The stub loader: files whose modules are missing are read for their graph, and never silently for another."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.airflow_sources import HEAD, findings, write

from transpilers import isolate
from transpilers.airflow.call import DagCall, DagFile, EdgeCall, Literal, OutputRef, Set, Template, Unresolved
from transpilers.airflow.importer import read
from transpilers.airflow.live import loader
from transpilers.airflow.live.loader import load

pytestmark = pytest.mark.airflow

CLOUD = "from airflow.providers.nowhere.operators.cloud import LoadOperator, READY\n"
SOURCES = {
    "provider": f"""{CLOUD}
from airflow.providers.nowhere.sensors.cloud import FileSensor
import nowhere.sdk as sdk
with DAG("d", default_args={{"retries": 2, "cloud_zone": "eu"}}) as dag:
    wait = FileSensor(task_id="wait", path="/x", mode="reschedule", poke_interval=9)
    load = LoadOperator(task_id="load", rows=[1], state=READY, query=f"select {{sdk.COLUMN}}", day="{{{{ ds }}}}")
    wait >> load
    many = LoadOperator.partial(task_id="many", state=READY).expand(rows=[1, 2])
    many.set_upstream(load)
    after = LoadOperator(task_id="after", rows=load.output)
    loose = sdk.Job(task_id="loose", name=after.rows)
""",
    "decorators": """
from nowhere import traced
@task.kubernetes(image="python")
def inside(x): return x
@task
@traced
def plain(): return 1
with DAG("d"):
    inside(plain())
""",
    "old": """
from airflow.operators.dummy_operator import DummyOperator
from airflow.contrib.sensors.file_sensor import FileSensor
with DAG("d"):
    DummyOperator(task_id="a") >> FileSensor(task_id="b", filepath="/x")
""",
    "facts": """
from airflow.providers.amazon.aws.operators.s3 import S3CopyObjectOperator, S3CreateBucketOperator
from airflow.providers.databricks.operators.databricks_sql import DatabricksSqlOperator
from nowhere import LoadOperator
with DAG("d", default_args={"aws_conn_id": "eu", "shoe_size": 44}):
    made = S3CreateBucketOperator(task_id="made", bucket_name="b")
    S3CopyObjectOperator.partial(task_id="rendered", source_bucket_name=made.output).expand(dest_bucket_key=["a"])
    S3CopyObjectOperator.partial(task_id="kept", acl_policy=made.output).expand(dest_bucket_key=["a"])
    S3CreateBucketOperator(task_id="not_rendered", bucket_name="c", wait=made.output)
    DatabricksSqlOperator(task_id="underscored", sql="s", output_path=made.output)
    LoadOperator.partial(task_id="unknown", rows=made.output).expand(day=[1])
""",
    "moved": """
from airflow.utils.weekday import WeekDay
from airflow.datasets import Dataset
from airflow.operators.weekday import BranchDayOfWeekOperator
with DAG("d", schedule=[Dataset("s3://b/x")]):
    EmptyOperator(task_id="a") >> BranchDayOfWeekOperator(
        task_id="b", follow_task_ids_if_true="a", follow_task_ids_if_false="a", week_day={WeekDay.SUNDAY}
    )
""",
    "variables": """
from airflow.models import Variable
NAME = Variable.get("bucket")
with DAG("d"):
    BashOperator(task_id="t", bash_command="ls " + NAME, env={"B": NAME})
""",
    "optional": """
try:
    import nowhere.fast as fast
except ImportError:
    fast = None
with DAG("d"):
    EmptyOperator(task_id="t" if fast is None else "fast")
""",
    "shared": "import shared.ids\nfrom nowhere import x\nwith DAG(shared.ids.NAME):\n    EmptyOperator(task_id='t')\n",
}
DECIDES = {
    "loop": "for x in helper.names():\n    EmptyOperator(task_id=x)\n",
    "condition": "if helper.ENABLED:\n    EmptyOperator(task_id='t')\n",
    "comparison": "EmptyOperator(task_id='a' if helper.STAGE == 'prod' else 'b')\n",
    "length": "[EmptyOperator(task_id=f't{n}') for n in range(len(helper.NAMES))]\n",
    "dependency": "EmptyOperator(task_id='t') >> helper.alarm()\n",
    "front": "helper.alarm() >> EmptyOperator(task_id='t')\n",
    "list": "[EmptyOperator(task_id='t')] >> helper.alarm()\n",
    "passed": "helper.add_tasks(dag)\n",
    "keyword": "helper.add_tasks(dag=dag)\n",
    "group": "with helper.Group('g'):\n    EmptyOperator(task_id='t')\n",
    "task_id": "EmptyOperator(task_id=helper.NAME)\n",
    "class": "EmptyOperator(task_id='a' if isinstance(dag, helper.Kind) else 'b')\n",
    "upstream": "helper.alarm().set_upstream(EmptyOperator(task_id='t'))\n",
    "group_id": "helper.Group(group_id='g')\n",
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DagFile]:
    folder = tmp_path_factory.mktemp("dags")
    paths = write(folder, **SOURCES)
    for name, body in DECIDES.items():
        path = folder / f"decides_{name}" / "dag.py"
        path.parent.mkdir()
        path.write_text(
            HEAD + "import helper\nwith DAG('d') as dag:\n" + "".join(f"    {x}\n" for x in body.splitlines())
        )
        paths[f"decides_{name}"] = path
    (folder / "shared").mkdir(exist_ok=True)
    (folder / "shared" / "__init__.py").touch()
    (folder / "shared" / "ids.py").write_text("NAME = 'named_elsewhere'\n")
    return dict(zip(paths, load(list(paths.values()), stub=True, root=folder), strict=True))


def only(file: DagFile) -> DagCall:
    assert [fault.sort for fault in file.faults] in ([], ["fabricated"])
    [dag] = file.dags
    return dag


def test_operators_of_a_missing_provider(loaded: dict[str, DagFile]):
    dag = only(loaded["provider"])
    calls = {call.task_id: call for call in dag.calls}
    edges = {(edge.upstream, edge.downstream) for edge in dag.edges}
    assert edges == {("wait", "load"), ("load", "many"), ("load", "after"), ("load", "loose")}
    assert calls["load"].class_name == "airflow.providers.nowhere.operators.cloud.LoadOperator"
    assert calls["load"].span is not None
    given = calls["load"].kwargs
    assert given["retries"] == Literal(2)
    assert given["day"] == Template("{{ ds }}")
    reason = "it is airflow.providers.nowhere.operators.cloud.READY, which is not installed here"
    assert given["state"] == Unresolved(reason)
    assert isinstance(given["query"], Unresolved)
    assert calls["after"].kwargs["rows"] == OutputRef("load")
    assert calls["wait"].kwargs["mode"] == Literal("reschedule")
    assert calls["many"].mapped is not None
    assert calls["loose"].class_name == "nowhere.sdk.Job"
    assert calls["loose"].kwargs["name"] == OutputRef("load")


def test_whether_a_missing_class_takes_a_default_argument_is_not_known(loaded: dict[str, DagFile]):
    calls = {call.task_id: call for call in only(loaded["provider"]).calls}
    assert isinstance(calls["load"].kwargs["cloud_zone"], Unresolved)


def test_decorators_of_a_missing_provider(loaded: dict[str, DagFile]):
    dag = only(loaded["decorators"])
    assert {call.task_id: call.class_name.rpartition(".")[2] for call in dag.calls} == {
        "plain": "_PythonDecoratedOperator",
        "inside": "_KubernetesDecoratedOperator",
    }
    assert dag.edges == (EdgeCall("plain", "inside"),)


def test_modules_that_older_airflows_had(loaded: dict[str, DagFile]):
    dag = only(loaded["old"])
    assert [call.class_name for call in dag.calls] == [
        "airflow.providers.standard.operators.empty.EmptyOperator",
        "airflow.providers.standard.sensors.filesystem.FileSensor",
    ]
    assert dag.edges == (EdgeCall("a", "b"),)


def test_what_has_moved_is_the_real_thing(loaded: dict[str, DagFile]):
    dag = only(loaded["moved"])
    week_day = dag.calls[1].kwargs["week_day"]
    assert isinstance(week_day, Set)
    assert not any(isinstance(day, Unresolved) for day in week_day.items)


def test_a_missing_class_of_the_table_renders_what_the_real_one_does(loaded: dict[str, DagFile]):
    dag = only(loaded["facts"])
    edges = {(edge.upstream, edge.downstream) for edge in dag.edges}
    assert edges == {("made", "rendered"), ("made", "unknown"), ("made", "underscored")}


def test_a_missing_class_of_the_table_takes_default_arguments(loaded: dict[str, DagFile]):
    [made, *_] = only(loaded["facts"]).calls
    assert made.kwargs["aws_conn_id"] == Literal("eu")
    assert "shoe_size" not in made.kwargs


def test_variables_are_not_known(loaded: dict[str, DagFile]):
    [call] = only(loaded["variables"]).calls
    reason = "it is Variable.get('bucket') ..., which is not installed here"
    assert call.kwargs["bash_command"] == Unresolved(reason)


def test_an_import_that_may_fail_is_fabricated_too(loaded: dict[str, DagFile]):
    [call] = only(loaded["optional"]).calls
    assert call.task_id == "fast"


def test_modules_below_the_root_are_real(loaded: dict[str, DagFile]):
    assert only(loaded["shared"]).dag_id == "named_elsewhere"


def test_what_was_fabricated_is_said(loaded: dict[str, DagFile]):
    [note] = [found for found in findings(loaded["old"]) if found.code == "SW352"]
    assert note.message.endswith("airflow.contrib, airflow.operators.dummy_operator")


@pytest.mark.parametrize("name", DECIDES)
def test_a_graph_that_depends_on_a_missing_module_is_refused(loaded: dict[str, DagFile], name: str):
    file = loaded[f"decides_{name}"]
    [fault, *_] = [fault for fault in file.faults if fault.sort == "decides"]
    assert fault.span is not None
    assert fault.span.path == file.path
    assert fault.span.line == len(HEAD.splitlines()) + 3
    assert "helper" in fault.message
    assert "SW350" in {found.code for found in findings(file)}


DIAL = """
import socket
try:
    socket.create_connection(("192.0.2.1", 9), 2)
except OSError as error:
    dag = DAG(f"errno{error.errno}")
"""


def test_the_network_is_off(tmp_path: Path):
    paths = write(tmp_path, dials=DIAL)
    [file] = load(list(paths.values()), stub=True)
    assert [dag.dag_id for dag in file.dags] == ["errno101"]


def test_where_the_network_cannot_be_cut_off_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    refusing = tmp_path / "refusing.py"
    refusing.write_text(f"raise SystemExit({isolate.CANNOT_ISOLATE})")
    monkeypatch.setattr(loader.isolate, "__file__", str(refusing))
    paths = write(tmp_path, any="DAG('d')\n")
    imported = read(paths["any"], loader="stub")
    assert [found.code for found in imported.diagnostics] == ["SW351"]
    assert not imported.workflows

"""The live loader on files that hold DAGs: what the wire says of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.airflow_sources import write

from handler.codec import decode, encode
from transpilers.airflow.call import (
    CodeRef,
    DagCall,
    DagFile,
    Dict,
    EdgeCall,
    List,
    Literal,
    ObjectCall,
    OutputRef,
    Template,
    Unresolved,
    Value,
    XComConcat,
    XComMap,
    XComZip,
)
from transpilers.airflow.live.loader import load
from transpilers.airflow.values import codec

pytestmark = pytest.mark.airflow

LITERALS = [
    "None", "True", "-3", "2**70", "1.5", "float('inf')", "'text'", "'nul\\0 and ünïcode'", "b'\\x00\\xff'",
    "[1, [2]]", "(1, (2,))", "{1, 2}", "frozenset({'a'})", "{'a': 1, 2: 'b', (3,): {}}", "{'$type': 'x'}",
    "Decimal('1.10')", "date(2026, 1, 2)", "time(3, 4, 5, 6)", "time(3, tzinfo=timezone.utc)",
    "datetime(2026, 1, 2, 3, 4)", "datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2)))",
    "datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo('Europe/Berlin'))",
    "timedelta(days=1, microseconds=7)", "timedelta.max", "timedelta(days=-3, seconds=1)",
]  # fmt: skip
IMPORTS = """
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo
"""

SOURCES = {
    "literals": f"""{IMPORTS}
with DAG("d"):
    PythonOperator(task_id="t", python_callable=print, op_args=[{", ".join(LITERALS)}])
""",
    "objects": """
import enum
class Colour(enum.Enum):
    RED = 1
class Own:
    def __init__(self, a): self.a = a
def helper(x): return x
with DAG("d") as dag:
    one = PythonOperator(task_id="one", python_callable=print)
    PythonOperator(
        task_id="t",
        python_callable=print,
        op_args=[Own(3), Colour.RED, None, helper, "{{ ds }}", one.output["k"], one.output.map(helper),
                 one.output.zip(one.output), one.output.concat(one.output), "half \\ud800"],
    )
""",
    "callables": """
def decorate(f):
    return f
def outer(number, text):
    @task(task_id=f"t{number}")
    @decorate
    def inner(a, *rest, b=text, **more):
        return number, text
    return inner
def recursive():
    def countdown(n):
        return n and countdown(n - 1)
    return countdown
with DAG("d"):
    outer(1, "x")(0)
    PythonOperator(task_id="recursive", python_callable=recursive(), op_args=[3])
    PythonOperator(task_id="lambda", python_callable=lambda: 1)
    PythonOperator(task_id="builtin", python_callable=len, op_args=[[]])
""",
    "arguments": """
with DAG("d", default_args={"retries": 2, "owner": "me", "bash_command": "echo default"}, max_active_runs=1) as dag:
    a = BashOperator(task_id="a")
    b = BashOperator(task_id="b", retries=0, bash_command="echo own")
    c = EmptyOperator(task_id="c")
    c.trigger_rule = "all_done"
    b.bash_command = "echo later"
""",
    "graph": """
from airflow.sdk import Label, chain
print("a print must not disturb the answer")
with DAG("first", schedule="@daily") as first:
    with TaskGroup("g", tooltip="tip") as g:
        with TaskGroup("inner", group_display_name="Inside"):
            deep = EmptyOperator(task_id="deep")
        b = EmptyOperator(task_id="b")
    z = EmptyOperator(task_id="z")
    a = EmptyOperator(task_id="a")
    z >> Label("why") >> g >> a
@dag(dag_id="second")
def make():
    EmptyOperator(task_id="t")
make()
def hidden():
    with DAG("third"):
        EmptyOperator(task_id="t")
hidden()
""",
    "helper_one": "import helper\nDAG(helper.NAME)\ndag = DAG(helper.NAME)\n",
    "helper_two": "import helper\ndag = DAG(helper.NAME)\n",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DagFile]:
    """Every source, loaded by one subprocess."""
    paths = write(tmp_path_factory.mktemp("dags"), **SOURCES)
    for name in ("helper_one", "helper_two"):
        (paths[name].parent / "helper.py").write_text(f"NAME = '{name}'\n")
    answers = dict(zip(paths, load(list(paths.values())), strict=True))
    for answer in answers.values():
        assert answer.faults == ()
        assert answer.dialect.startswith("3.")
    return answers


def _kwargs(file: DagFile, task: str) -> dict[str, Value]:
    return next(call.kwargs for dag in file.dags for call in dag.calls if call.task_id == task)


def _items(value: Value) -> tuple[Value, ...]:
    assert isinstance(value, List)
    return value.items


def _code(file: DagFile, task: str) -> CodeRef:
    ref = _kwargs(file, task)["python_callable"]
    assert isinstance(ref, CodeRef)
    return ref


def test_data_arrives_as_it_is(files: dict[str, DagFile]) -> None:
    names: dict[str, object] = {}
    exec(IMPORTS, names)
    for text, value in zip(LITERALS, _items(_kwargs(files["literals"], "t")["op_args"]), strict=True):
        arrived = decode(json.loads(json.dumps(codec(value))))
        expected = eval(text, names)
        assert repr(arrived) == repr(expected), text
        assert encode(arrived) == encode(expected), text


def test_other_values_say_what_they_are(files: dict[str, DagFile]) -> None:
    items = _items(_kwargs(files["objects"], "t")["op_args"])
    assert items[0] == ObjectCall("Own", {"a": Literal(3)})
    assert isinstance(items[1], ObjectCall)
    assert isinstance(items[3], CodeRef)
    assert items[4] == Template("{{ ds }}")
    assert items[5] == OutputRef("one", "k")
    assert isinstance(items[6], XComMap)
    assert items[7] == XComZip((OutputRef("one"), OutputRef("one")))
    assert items[8] == XComConcat((OutputRef("one"), OutputRef("one")))
    assert isinstance(items[9], Unresolved)


def test_callables_say_where_they_are_and_what_they_take(files: dict[str, DagFile]) -> None:
    file = files["callables"]
    inner = _code(file, "t1")
    lines = Path(file.path).read_text().splitlines()
    assert inner.qualname == "outer.<locals>.inner"
    assert inner.span is not None
    assert lines[inner.span.line - 1].strip().startswith("def inner")
    assert inner.nested
    assert inner.closure == {"number": Literal(1), "text": Literal("x")}
    assert inner.parameters is not None
    assert [(one.name, one.sort, one.default) for one in inner.parameters] == [
        ("a", "plain", None),
        ("rest", "args", None),
        ("b", "keyword", Literal("x")),
        ("more", "kwargs", None),
    ]
    assert _code(file, "recursive").closure == {"countdown": Unresolved("it contains itself")}
    assert _code(file, "lambda").sort == "lambda"
    assert (_code(file, "builtin").module, _code(file, "builtin").sort) == ("builtins", "builtin")
    assert _code(file, "builtin").span is None


def test_default_args_and_later_changes_are_merged(files: dict[str, DagFile]) -> None:
    file = files["arguments"]
    a, b, c = (_kwargs(file, task) for task in "abc")
    assert a == {"retries": Literal(2), "owner": Literal("me"), "bash_command": Literal("echo default")}
    assert b == {"owner": Literal("me"), "bash_command": Literal("echo later")}
    assert c == {"retries": Literal(2), "owner": Literal("me"), "trigger_rule": Literal("all_done")}
    assert file.dags[0].kwargs == {"max_active_runs": Literal(1)}


def test_graph_groups_and_all_dags(files: dict[str, DagFile]) -> None:
    file = files["graph"]
    assert [dag.dag_id for dag in file.dags] == ["first", "second", "third"]
    first: DagCall = file.dags[0]
    assert [call.task_id for call in first.calls] == ["g.inner.deep", "g.b", "z", "a"]
    assert set(first.edges) == {
        EdgeCall("z", "g.inner.deep", "why"),
        EdgeCall("z", "g.b", "why"),
        EdgeCall("g.inner.deep", "a"),
        EdgeCall("g.b", "a"),
    }
    assert [(group.id, group.parent, group.tasks) for group in first.groups] == [
        ("g", None, ("g.b",)),
        ("g.inner", "g", ("g.inner.deep",)),
    ]
    assert first.groups[1].kwargs == {"group_display_name": Literal("Inside")}
    lines = Path(file.path).read_text().splitlines()
    for call in first.calls:
        assert call.span is not None
        line = lines[call.span.line - 1]
        assert line[call.span.column - 1 :].startswith("EmptyOperator")
        assert f'task_id="{call.task_id.rpartition(".")[2]}"' in line


def test_helpers_of_one_folder_are_not_those_of_another(files: dict[str, DagFile]) -> None:
    assert [dag.dag_id for dag in files["helper_two"].dags] == ["helper_two"]


def test_the_same_file_gives_the_same_answer(files: dict[str, DagFile]) -> None:
    paths = [Path(files[name].path) for name in ("callables", "graph", "literals")]
    assert load(paths) == [files[name] for name in ("callables", "graph", "literals")]
    assert isinstance(_kwargs(files["callables"], "t1")["op_kwargs"], Dict)

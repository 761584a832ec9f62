"""Two readings of a file: all that differs is found, and nothing that is the same or not known."""

from __future__ import annotations

import msgspec
import pytest
from support.airflow_sources import BASH, EMPTY, example_files

from core_compiler.diagnostics import Span
from transpilers.airflow.call import (
    CodeRef,
    DagCall,
    DagFile,
    DateTime,
    Delta,
    Dict,
    EdgeCall,
    GroupCall,
    List,
    Literal,
    LoadFault,
    Mapped,
    ObjectCall,
    OperatorCall,
    OutputRef,
    Set,
    Template,
    TimetableCall,
    Tuple,
    Unresolved,
    Value,
)
from transpilers.airflow.differences import differences, same
from transpilers.airflow.live.loader import load

UNKNOWN = Unresolved("who knows")
A = OperatorCall(BASH, "a", {"bash_command": Literal("ls"), "retries": Literal(2)}, span=Span("f.py", 3))
B = OperatorCall(EMPTY, "b")
DAG = DagCall("d", {"catchup": Literal(True)}, (A, B), (EdgeCall("a", "b", "why"),), (GroupCall("g", tasks=("b",)),))


def file(dag: DagCall | None = DAG, **faults: str) -> DagFile:
    found = tuple(LoadFault(sort, message) for sort, message in faults.items())
    return DagFile("f.py", dags=(dag,) if dag else (), faults=found)


def change(thing: object, **fields: object):
    return msgspec.structs.replace(thing, **fields)


def with_call(**fields: object) -> DagCall:
    return change(DAG, calls=(change(A, **fields), B))


#: A change to DAG, and the difference that it is: kind, subject and name.
CHANGES = {
    "dag": (change(DAG, dag_id="other"), ("dag", "", "d"), ("dag", "", "other")),
    "dag argument": (change(DAG, kwargs={}), ("argument", "", "catchup")),
    "task": (change(DAG, calls=(A,)), ("task", "b", "b")),
    "operator": (with_call(class_name=EMPTY), ("operator", "a", "class")),
    "argument": (with_call(kwargs={**A.kwargs, "retries": Literal(3)}), ("argument", "a", "retries")),
    "one more": (with_call(kwargs={**A.kwargs, "env": Dict(())}), ("argument", "a", "env")),
    "expansion": (with_call(mapped=Mapped("kwargs", Dict(()))), ("expansion", "a", "expand")),
    "edge": (change(DAG, edges=()), ("edge", "b", "a >> b")),
    "label": (change(DAG, edges=(EdgeCall("a", "b"),)), ("edge", "b", "a >> b")),
    "turned": (change(DAG, edges=(EdgeCall("b", "a"),)), ("edge", "b", "a >> b"), ("edge", "a", "b >> a")),
    "group": (change(DAG, groups=()), ("group", "g", "g")),
    "members": (change(DAG, groups=(GroupCall("g", tasks=("a", "b")),)), ("group", "g", "members")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_is_one_difference_whichever_side_it_is_on(name: str):
    changed, *expected = CHANGES[name]
    for one, other in ((DAG, changed), (changed, DAG)):
        found = [(each.kind, each.subject, each.name) for each in differences(file(one), file(other))]
        assert sorted(found) == sorted(expected)


def test_a_difference_says_what_each_side_says():
    [found] = differences(file(), file(with_call(kwargs={"bash_command": Literal("ls")})))
    assert (found.static, found.live, found.line) == ('{"kind":"literal","value":2}', "", 3)


def test_a_refused_file_is_not_compared():
    assert differences(file(), file(None, raises="KeyError")) == []
    assert differences(file(None, unresolved="x"), file()) == []


def test_what_is_not_known_differs_from_nothing():
    assert differences(file(with_call(kwargs={**A.kwargs, "env": UNKNOWN})), file()) == []
    assert differences(file(), file(with_call(kwargs={"bash_command": UNKNOWN, "retries": Literal(2)}))) == []


def test_an_argument_that_is_the_default_may_be_left_out():
    shown = with_call(kwargs={"bash_command": Literal("ls")}, defaults={"retries": Literal(2)})
    assert differences(file(), file(shown)) == []
    other = with_call(kwargs={"bash_command": Literal("ls")}, defaults={"retries": Literal(7)})
    assert len(differences(file(), file(other))) == 1


def test_parameters_by_value_or_as_airflow_makes_them():
    plain = pairs(x=Literal(3))
    made = pairs(x=ObjectCall("airflow.sdk.Param", {"schema": Dict(()), "default": Literal(3)}))
    checked = pairs(x=ObjectCall("airflow.sdk.Param", {"schema": pairs(type=Literal("string")), "default": Literal(3)}))
    assert differences(dag_with(params=plain), dag_with(params=made)) == []
    assert len(differences(dag_with(params=pairs(x=Literal(4))), dag_with(params=made))) == 1
    assert len(differences(dag_with(params=plain), dag_with(params=checked))) == 1


def test_airflow_gives_each_task_the_parameters_of_its_dag():
    both, own = pairs(x=Literal(1), y=Literal(2)), pairs(y=Literal(2))
    dag = {"params": pairs(x=Literal(1), y=Literal(0))}
    one, other = (change(DAG, kwargs=dag, calls=(change(B, kwargs={"params": found}),)) for found in (own, both))
    assert differences(file(one), file(other)) == []
    assert len(differences(file(change(one, kwargs={"params": pairs(x=Literal(7))})), file(other))) > 0


def test_what_airflow_2_has_in_other_words():
    tags = Literal("a"), Literal("b")
    assert differences(dag_with(tags=Set(tags)), dag_with(tags=List(tags))) == []
    assert len(differences(dag_with(tags=Set(tags)), dag_with(tags=List(tags[:1])))) == 1
    by_assets, made = List((ObjectCall("airflow.sdk.Asset"),)), ObjectCall("a.DatasetTriggeredTimetable")
    assert differences(dag_with(schedule=by_assets), dag_with(schedule=made)) == []
    assert len(differences(dag_with(schedule=Literal("@daily")), dag_with(schedule=made))) == 1
    shown = change(DAG, groups=(change(DAG.groups[0], kwargs={"add_suffix_on_collision": Literal(True)}),))
    assert differences(file(shown), change(file(), dialect="2.11.2")) == []
    assert len(differences(file(shown), change(file(), dialect="3.3.2"))) == 1
    daily = TimetableCall("a.DeltaDataIntervalTimetable", seconds=86400.0, width=86400.0)
    unsaid, said = (
        change(DAG, timetable=daily),
        change(DAG, timetable=daily, kwargs={**DAG.kwargs, "schedule": Delta(86400)}),
    )
    assert differences(file(unsaid), file(said)) == []
    assert len(differences(file(DAG), file(said))) == 1
    old, new = (with_call(kwargs={**A.kwargs, "trigger_rule": Literal(rule)}) for rule in ("dummy", "always"))
    assert differences(file(old), file(new)) == []
    left_out = change(DAG, kwargs={}, defaults={"catchup": Literal(True)})
    assert differences(file(left_out), file()) == []


def dag_with(**kwargs: Value) -> DagFile:
    return file(change(DAG, kwargs=kwargs))


def code(sort: str, span: Span) -> CodeRef:
    return CodeRef(module="", qualname="f", sort=sort, span=span)


def pairs(**values: Value) -> Dict:
    return Dict(tuple((Literal(name), value) for name, value in values.items()))


EQUAL: list[tuple[Value, Value]] = [
    (DateTime("2026-01-01T00:00:00"), DateTime("2026-01-01T00:00:00+00:00", foreign=True)),
    (DateTime("2026-07-01T02:00:00", "Europe/Berlin"), DateTime("2026-07-01T00:00:00", "UTC")),
    (Delta(60), Delta(60.0, foreign=True)),
    (Set((Literal(1), Literal(2))), Set((Literal(2), Literal(1)), frozen=True)),
    (pairs(a=Literal(1), b=UNKNOWN), pairs(b=Literal(2), a=Literal(1))),
    (ObjectCall("airflow.sdk.Asset"), ObjectCall("airflow.datasets.Dataset")),
    (ObjectCall("a.X", {"n": Literal(1)}), ObjectCall("b.X", {"m": Literal(2)})),
    (code("function", Span("a.py", 3)), code("async", Span("/x/a.py", 3))),
]
UNEQUAL: list[tuple[Value, Value]] = [
    (Literal(1), Literal(True)),
    (Literal("a"), Template("a")),
    (List((Literal(1),)), Tuple((Literal(1),))),
    (List((Literal(1),)), List((Literal(1), Literal(2)))),
    (Set((Literal(1), Literal(2))), Set((Literal(1), Literal(3)))),
    (DateTime("2026-01-01T00:00:00"), DateTime("2026-01-01T00:00:00+02:00")),
    (Delta(60), Delta(61)),
    (OutputRef("a"), OutputRef("a", "key")),
    (ObjectCall("a.X"), ObjectCall("a.Y")),
    (code("function", Span("a.py", 3)), code("function", Span("a.py", 9))),
    (Dict(((Literal("a"), Literal(1)),)), Dict(((Literal("a"), Literal(2)),))),
]


@pytest.mark.parametrize("pair", EQUAL, ids=repr)
def test_the_same_in_other_words(pair: tuple[Value, Value]):
    assert same(*pair)
    assert same(*reversed(pair))


@pytest.mark.parametrize("pair", UNEQUAL, ids=repr)
def test_not_the_same(pair: tuple[Value, Value]):
    assert not same(*pair)
    assert not same(*reversed(pair))


#: Read anew, they have another temporary folder, or another time of day.
UNSTABLE = {"venv_cache_path", "target_time"}


@pytest.mark.airflow
def test_live_and_stub_say_the_same_of_what_is_installed():
    files = example_files()
    both = zip(load(files, time_limit=200), load(files, stub=True, time_limit=200), strict=True)
    found = [each for live, stub in both for each in differences(stub, live)]
    assert [each for each in found if each.name not in UNSTABLE] == []

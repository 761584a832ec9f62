"""Two readings of one file, compared: what the static loader says against what a live Airflow, or a stubbed one, says.

A value that either side cannot tell differs from nothing: it is refused anyway where it matters. So an empty list of
differences means that the static reading is right, or says itself that it does not know.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from transpilers.airflow.call import (
    CodeRef,
    DagCall,
    DagFile,
    DateTime,
    Delta,
    Dict,
    EdgeCall,
    GroupCall,
    ItemRef,
    List,
    Literal,
    Mapped,
    ObjectCall,
    OperatorCall,
    OutputRef,
    ParamRef,
    Set,
    Template,
    Tuple,
    Unresolved,
    Value,
    XComConcat,
    XComMap,
    XComZip,
)
from transpilers.airflow.policies import OLD_RULES

LONGEST = 120
#: Arguments of groups that Airflow 2 does not keep, or has no word for.
NOT_KEPT_2 = frozenset({"add_suffix_on_collision", "doc_md", "tooltip"})
DATES = ("start_date", "end_date")
#: Classes that have been renamed.
RENAMED = {"Dataset": "Asset", "DatasetAlias": "AssetAlias", "DatasetAny": "AssetAny", "DatasetAll": "AssetAll"}
#: Stands for an argument that is not there: the same as one that cannot be told, and as no other.
MISSING = ParamRef("")


class Difference(msgspec.Struct, frozen=True):
    """One thing on which two readings differ.

    `kind`: dag, task, operator, edge, group, argument or expansion. `subject`: the task or group, "" for the DAG.
    `static` and `live` are what each says, "" for nothing. `line`: where the thing stands, 0 if unknown.
    """

    dag: str
    kind: str
    subject: str
    name: str
    static: str
    live: str
    line: int = 0


def differences(static: DagFile, live: DagFile) -> list[Difference]:
    """Everything on which two readings of one file differ; what one of them has refused is not compared."""
    ours, theirs = {dag.dag_id: dag for dag in static.dags}, {dag.dag_id: dag for dag in live.dags}
    refused = {fault.dag_id for file in (static, live) for fault in file.faults}
    found: list[Difference] = []
    for dag_id in dict.fromkeys([*ours, *theirs]):
        if dag_id in ours and dag_id in theirs:
            found += _of_dag(ours[dag_id], theirs[dag_id], second=live.dialect.startswith("2."))
        elif dag_id not in refused and not refused & {""}:
            found.append(Difference(dag_id, "dag", "", dag_id, _there(dag_id in ours), _there(dag_id in theirs)))
    return found


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same to a run. Times are compared as instants, naive ones as UTC."""
    match one, other:
        case (Unresolved(), _) | (_, Unresolved()):
            return True
        case (ObjectCall(name), _) | (_, ObjectCall(name)) if name.endswith(".ParamsDict"):
            # Its content does not cross.
            return True
        case Literal(a), Literal(b):
            return type(a) is type(b) and a == b
        case (List(a), List(b)) | (Tuple(a), Tuple(b)) | (XComConcat(a), XComConcat(b)):
            return _each(a, b)
        case Set(a), Set(b):
            return len(a) == len(b) and all(any(same(x, y) for y in b) for x in a)
        case (Dict(a), Dict(b)) if any(isinstance(key, Unresolved) for key, _ in (*a, *b)):
            return True
        case Dict(a), Dict(b):
            return len(a) == len(b) and all(any(same(k, j) and same(v, w) for j, w in b) for k, v in a)
        case DateTime() as a, DateTime() as b:
            return _instant(a) == _instant(b)
        case Delta(a), Delta(b):
            return abs(a - b) < 1e-6
        case (ObjectCall(made), CodeRef(qualname=called, sort="object")) | (
            CodeRef(qualname=called, sort="object"),
            ObjectCall(made),
        ):
            return _short(made) == _short(called)
        case CodeRef(sort="partial"), CodeRef(sort="partial"):
            return True
        case CodeRef() as a, CodeRef() as b:
            # Python's own library has other lines in another version.
            standard = a.module.partition(".")[0] in sys.stdlib_module_names
            return (a.module, a.qualname) == (b.module, b.qualname) and (standard or _line(a) == _line(b))
        case (OutputRef(), OutputRef()) | (ItemRef(), ItemRef()):
            return one == other
        case XComMap(a, f), XComMap(b, g):
            return same(a, b) and _each(f, g)
        case XComZip(a, f), XComZip(b, g):
            return _each(a, b) and same(f or Unresolved(""), g or Unresolved(""))
        case Mapped(s, a), Mapped(t, b):
            return s == t and same(a, b)
        case (Template(a), Template(b)) | (ParamRef(a), ParamRef(b)):
            return a == b
        case ObjectCall(a, x), ObjectCall(b, y):
            return _short(a) == _short(b) and all(same(x[name], y[name]) for name in x.keys() & y.keys())
        case _:
            return False


def _of_dag(ours: DagCall, theirs: DagCall, *, second: bool) -> Iterator[Difference]:
    for one in _arguments(ours.dag_id, "", ours, theirs, _line(ours)):
        # Airflow 2 has a schedule that nobody gave: both are read for what it makes of that.
        unsaid = one.name == "schedule" and not one.static and _same_timetable(ours, theirs)
        # It gives a date of default_args to the tasks alone.
        of_tasks = second and one.name in DATES and one.name not in theirs.kwargs
        if not unsaid and not of_tasks:
            yield one
    calls, others = {call.task_id: call for call in ours.calls}, {call.task_id: call for call in theirs.calls}
    for task in dict.fromkeys([*calls, *others]):
        if task in calls and task in others:
            yield from _of_task(ours, calls[task], others[task])
        else:
            line = _line(calls.get(task) or others[task])
            yield Difference(ours.dag_id, "task", task, task, _there(task in calls), _there(task in others), line)
    yield from _edges(ours, theirs)
    for one in _groups(ours, theirs):
        if not (second and one.kind == "argument" and one.name in NOT_KEPT_2):
            yield one


def _of_task(dag: DagCall, ours: OperatorCall, theirs: OperatorCall) -> Iterator[Difference]:
    line, task = _line(ours), ours.task_id
    if not _same_class(ours.class_name, theirs.class_name):
        yield Difference(dag.dag_id, "operator", task, "class", ours.class_name, theirs.class_name, line)
    if not same(ours.mapped or MISSING, theirs.mapped or MISSING):
        yield Difference(dag.dag_id, "expansion", task, "expand", _shown(ours.mapped), _shown(theirs.mapped), line)
    if "params" in dag.kwargs:
        # Airflow gives each task the parameters of its DAG.
        given = _merged(dag.kwargs["params"], ours.kwargs["params"]) if "params" in ours.kwargs else Unresolved("")
        ours = msgspec.structs.replace(ours, kwargs={**ours.kwargs, "params": given})
    yield from _arguments(dag.dag_id, task, ours, theirs, line)


def _arguments(
    dag_id: str,
    subject: str,
    static: DagCall | OperatorCall | GroupCall,
    live: DagCall | OperatorCall | GroupCall,
    line: int,
) -> Iterator[Difference]:
    """What a reading leaves out as the default is looked at; what a constructor made by itself is not."""
    ours, theirs, defaults = static.kwargs, live.kwargs, live.defaults
    for name in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(name), theirs.get(name)
        left_out = defaults.get(name) if other is None else None
        if one is None and isinstance(live, OperatorCall) and name in live.derived:
            continue
        if one is None and other is not None and name in static.defaults and _alike(name, static.defaults[name], other):
            # Given, and the default of the Airflow that the file was written for.
            continue
        if one == Literal(None) and other is None and left_out is None and "." not in getattr(live, "class_name", "."):
            # The default of a parameter of the file's own class.
            continue
        if one is not None and left_out is not None and (_alike(name, one, left_out) or _both_empty(one, left_out)):
            continue
        if not _alike(name, one or MISSING, other or MISSING):
            yield Difference(dag_id, "argument", subject, name, _shown(one), _shown(other or left_out), line)


def _alike(name: str, one: Value, other: Value) -> bool:
    """Whether two values of one argument are the same, as Airflow's constructors put them: seconds, one callback."""
    if name in ("inlets", "outlets") or (name.startswith("on_") and name.endswith("_callback")):
        one, other = _single(one), _single(other)
    match one, other:
        case Literal(str() as a), Literal(str() as b) if name == "trigger_rule":
            return OLD_RULES.get(a, a) == OLD_RULES.get(b, b)
        case ((List(a) | Tuple(a) | Set(a)), (List(b) | Tuple(b) | Set(b))) if name == "tags":
            return _each_way(a, b)
        case Dict(a), Dict(b) if name == "params":
            return same(_unwrapped(one), _unwrapped(other)) if len(a) == len(b) else False
        case _, ObjectCall(made) if name == "schedule" and made.endswith(
            ("DatasetTriggeredTimetable", "AssetTriggeredTimetable")
        ):
            # Airflow 2 keeps of the datasets only what it made of them, which does not cross.
            return not isinstance(one, (Literal, Delta))
        case (Literal(int() | float() as number), Delta(seconds)) | (
            Delta(seconds),
            Literal(int() | float() as number),
        ):
            return number == seconds
        case _:
            return same(one, other)


def _same_timetable(ours: DagCall, theirs: DagCall) -> bool:
    one, other = ours.timetable, theirs.timetable
    if one is None or other is None:
        return False
    return (one.cron, one.zone, one.seconds) == (other.cron, other.zone, other.seconds)


def _merged(of_dag: Value, of_task: Value) -> Value:
    match of_dag, of_task:
        case Dict(a), Dict(b):
            return Dict((*(pair for pair in a if all(pair[0] != name for name, _ in b)), *b))
        case _:
            return of_task


def _unwrapped(params: Dict) -> Dict:
    """Parameters without a schema by their values: Airflow makes a Param of each."""
    return Dict(tuple((name, _plain(value)) for name, value in params.items))


def _plain(value: Value) -> Value:
    match value:
        case ObjectCall(made, kwargs) if made.endswith(".Param") and _empty(kwargs.get("schema", Unresolved(""))):
            return kwargs.get("default", Literal(None))
        case _:
            return value


def _each_way(one: tuple[Value, ...], other: tuple[Value, ...]) -> bool:
    return all(any(same(a, b) for b in other) for a in one) and all(any(same(a, b) for a in one) for b in other)


def _single(value: Value) -> Value:
    return value.items[0] if isinstance(value, List) and len(value.items) == 1 else value


def _both_empty(one: Value, other: Value) -> bool:
    return _empty(one) and _empty(other)


def _edges(ours: DagCall, theirs: DagCall) -> Iterator[Difference]:
    lines = {call.task_id: _line(call) for call in ours.calls}
    one, other = _by_ends(ours.edges), _by_ends(theirs.edges)
    for ends in dict.fromkeys([*one, *other]):
        a, b = one.get(ends, ""), other.get(ends, "")
        if a != b:
            yield Difference(ours.dag_id, "edge", ends[1], " >> ".join(ends), a, b, lines.get(ends[1], 0))


def _groups(ours: DagCall, theirs: DagCall) -> Iterator[Difference]:
    one, other = {group.id: group for group in ours.groups}, {group.id: group for group in theirs.groups}
    for name in dict.fromkeys([*one, *other]):
        a, b = one.get(name), other.get(name)
        if a is None or b is None:
            yield Difference(ours.dag_id, "group", name, name, _there(a is not None), _there(b is not None))
            continue
        if _place(a) != _place(b):
            yield Difference(ours.dag_id, "group", name, "members", str(_place(a)), str(_place(b)))
        if (a.mapped is None) != (b.mapped is None):
            yield Difference(ours.dag_id, "expansion", name, "expand", _shown(a.mapped), _shown(b.mapped))
        yield from _arguments(ours.dag_id, name, a, b, 0)


def _place(group: GroupCall) -> tuple[str | None, list[str]]:
    return group.parent, sorted(group.tasks)


def _by_ends(edges: Iterable[EdgeCall]) -> dict[tuple[str, str], str]:
    return {(edge.upstream, edge.downstream): f"there {edge.label!r}" if edge.label else "there" for edge in edges}


def _each(one: tuple[Value, ...], other: tuple[Value, ...]) -> bool:
    return len(one) == len(other) and all(map(same, one, other))


def _same_class(one: str, other: str) -> bool:
    """By the last part of the name: a class has lived in several modules over Airflow's versions.

    The class that a missing decorator makes goes by the decorator's name in a stubbed reading.
    """
    return one == other or _short(one) == _short(other) or _decorator(one) == _decorator(other) != ""


def _decorator(name: str) -> str:
    if name.startswith("airflow.sdk.task."):
        return _short(name).replace("_", "").lower()
    short = _short(name)
    return short[1:].removesuffix("DecoratedOperator").lower() if short.startswith("_") else ""


def _short(name: str) -> str:
    short = name.rpartition(".")[2]
    return RENAMED.get(short, short)


def _instant(moment: DateTime) -> object:
    try:
        parsed = datetime.fromisoformat(moment.iso).replace(fold=moment.fold)
        zone = ZoneInfo(moment.zone) if moment.zone else None
    except (ValueError, ZoneInfoNotFoundError):
        return moment
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=zone or UTC)
    return aware.astimezone(UTC)


def _line(made: DagCall | OperatorCall | CodeRef) -> int:
    return made.span.line if made.span else 0


def _empty(value: Value) -> bool:
    match value:
        case Literal(inner):
            return inner is None
        case List(items) | Tuple(items) | Set(items) | Dict(items):
            return not items
        case _:
            return False


def _there(there: bool) -> str:
    return "there" if there else ""


def _shown(value: Value | None) -> str:
    """A value as the JSON of the wire, cut where it is long."""
    if value is None:
        return ""
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."

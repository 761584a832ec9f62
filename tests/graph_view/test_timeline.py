"""Timelines and the critical path: what is predicted when a bundle is compiled, and what its records say of a run."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from graph_view.pictures import HOSTILE, bundle, hostile, manifest, written
from typer.testing import CliRunner

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from core_compiler.ir import Edge, Mapping, NoOp, Output, Shell, Task, TriggerRule, Workflow
from core_compiler.plan import Durations
from handler.items import Items, Manifest, manifest_key, manifest_to_bytes
from handler.keys import task_keys
from handler.records import Done, ErrorInfo, Start, TryFailure, done_to_bytes, failure_to_bytes, start_to_bytes
from handler.rules import Status
from handler.store import open_store
from transpilers.cli.main import app
from transpilers.graph import (
    Chart,
    Stroke,
    chart,
    machine_picture,
    read_machine,
    read_manifest,
    read_tries,
    source_picture,
    to_bars,
    to_gantt,
    to_mermaid,
)
from transpilers.graph.axis import ticks, words
from transpilers.graph.history import Try
from transpilers.graph.mermaid import MOST_CHARACTERS
from transpilers.graph.timeline import Bar

SECONDS = {"a": 0.3, "b": 1.0, "c": 1.2, "d": 0.3, "e": 0.1}
RUN = "crossing/e/t"


@pytest.fixture
def crossing(tmp_path: Path) -> Path:
    """A bundle whose task d has parents in two branches; e is decided by the first failure."""
    ends = (Edge("a", "c"), Edge("a", "d"), Edge("b", "d"), Edge("c", "e"), Edge("d", "e"))
    tasks = tuple(
        Task(
            id=name,
            component=Shell("true"),
            duration=seconds,
            rule=TriggerRule.ONE_FAILED if name == "e" else TriggerRule.ALL_SUCCESS,
        )
        for name, seconds in SECONDS.items()
    )
    sink = Sink()
    compiled = compile_workflow(Workflow(name="crossing", tasks=tasks, edges=ends), sink, structure_name="rendezvous")
    assert compiled is not None
    assert write_bundle(compiled, tmp_path / "bundle", sink)
    return tmp_path / "bundle"


def graph(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    done = CliRunner().invoke(app, ["graph", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_awaits_and_the_critical_path_are_drawn(crossing: Path):
    read = read_manifest(crossing, Sink())
    assert read is not None
    picture = source_picture(read)
    assert {node.id for node in picture.nodes if node.critical} == {"a", "c", "e"}
    assert [(line.tail, line.head) for line in picture.lines if line.critical] == [("a", "c"), ("c", "e")]
    waits = {(line.tail, line.head) for line in picture.lines if line.stroke is Stroke.AWAIT}
    assert waits == {("a", "d"), ("c", "e"), ("d", "e")}, "d is placed under b, which ends later than a"
    assert "stroke:#ea580c" in to_mermaid(picture, Sink())


def test_the_machine_shows_who_waits_for_whom(crossing: Path):
    machine = read_machine(crossing, Sink())
    assert machine is not None
    picture = machine_picture(machine, "crossing")
    assert not any(node.detail for node in picture.nodes if node.shape == "await")
    waits = {(line.tail, line.head) for line in picture.lines if line.stroke is Stroke.AWAIT}
    assert waits == {("a", "await d"), ("c", "await e"), ("d", "await e")}
    assert {node.id for node in picture.nodes if node.shape == "await"} == {"await d", "await e"}


def test_a_wait_for_a_mapped_task_is_for_its_record(tmp_path: Path):
    tasks = (
        Task(id="list", component=NoOp(), duration=0.1),
        Task(id="many", component=NoOp(), duration=0.1, mapping=Mapping({"x": Output("list")})),
        Task(id="long", component=NoOp(), duration=9.0),
        *(Task(id=name, component=NoOp(), duration=1.0) for name in ("beside", "after")),
    )
    ends = (Edge("list", "many"), Edge("many", "beside"), Edge("many", "after"), Edge("long", "after"))
    sink = Sink()
    compiled = compile_workflow(Workflow(name="w", tasks=tasks, edges=ends), sink, structure_name="rendezvous")
    assert compiled is not None
    assert write_bundle(compiled, tmp_path / "b", sink)
    machine = read_machine(tmp_path / "b", sink)
    assert machine is not None
    waits = [(line.tail, line.head) for line in machine_picture(machine, "w").lines if line.stroke is Stroke.AWAIT]
    assert waits == [("record many", "await after")]


def test_a_predicted_timeline(crossing: Path):
    code, out, _ = graph(crossing, "--timeline", "--json")
    assert code == 0
    chart = json.loads(out)["picture"]
    bars = {bar["task"]: bar for bar in chart["predicted"]}
    assert {task: round(bar["end"] - bar["start"], 3) for task, bar in bars.items()} == SECONDS
    assert bars["d"]["start"] >= max(bars["a"]["end"], bars["b"]["end"])
    assert chart["run"] == []
    code, out, _ = graph(crossing, "--timeline")
    assert code == 0
    assert out.startswith("gantt\n  title crossing (red is the critical path)\n")
    assert "  c :crit, " in out


def test_the_timeline_of_a_run(crossing: Path, tmp_path: Path):
    url = (tmp_path / "store").as_uri()
    store = open_store(url)
    for task, start, end, status in (
        ("a", 100, 101, "success"),
        ("b", 100.5, 103, "failed"),
        ("d", None, 103.5, "upstream_failed"),
    ):
        record = Done(task, status, "x", int(start is not None), end, {}, started=start)
        store.put(task_keys(RUN, task).done, done_to_bytes(record))
    code, out, _ = graph(crossing, "--timeline", "--run", RUN, "--store", url)
    assert code == 0
    assert out.partition("section the run, 3.5 s\n")[2].splitlines() == [
        "  a :done, 0, 1000",
        "  b (failed) :crit, 500, 3000",
        "  d (upstream_failed) :crit, milestone, 3500, 3500",
    ]
    code, out, _ = graph(crossing, "--timeline", "--run", RUN, "--store", url, "--format", "svg")
    assert code == 0
    titles = [
        title.text or "" for title in ElementTree.fromstring(out.encode()).iter("{http://www.w3.org/2000/svg}title")
    ]
    assert "b: failed, 0.50 s to 3.00 s" in titles
    assert len(titles) == len(SECONDS) + 3


def test_a_mapped_task_is_at_work_as_long_as_its_items(crossing: Path, tmp_path: Path):
    url = (tmp_path / "store").as_uri()
    store = open_store(url)
    counts: dict[Status, int] = {"success": 2, "skipped": 1}
    for name, start, end, items in (
        ("a", None, 110, Items(counts, ())),
        ("a[0]", 100, 104, None),
        ("a[1]", 101, 109, None),
        ("a[2]", None, 100, None),
        ("b", 100, 101, None),
    ):
        record = Done(name, "success", "x", int(start is not None), end, {}, started=start, items=items)
        store.put(task_keys(RUN, name).done, done_to_bytes(record))
    code, out, _ = graph(crossing, "--timeline", "--run", RUN, "--store", url)
    assert code == 0
    assert out.partition("section the run, 9 s\n")[2].splitlines() == ["  a :done, 0, 9000", "  b :done, 0, 1000"]


LATER = 1_767_225_600 + 100


def test_every_try_is_drawn_from_the_start_of_the_run_on(crossing: Path, tmp_path: Path):
    """b has failed twice and works; a has failed once and waits; c began and left nothing; d awaits."""
    url, run = (tmp_path / "store").as_uri(), "crossing/e/2026-01-01T000000.000Z"
    store, zero = open_store(url), LATER - 100
    for task, number, start, failed, deadline in (
        ("b", 1, 2, 3, 900),
        ("b", 2, 5, 7, 900),
        ("b", 3, 9, None, 900),
        ("a", 1, 4, 6, 900),
        ("c", 1, 20, None, 30),
        ("e", 1, 40, None, 900),
    ):
        keys = task_keys(run, task)
        store.put(keys.start(number), start_to_bytes(Start("x", zero + start, zero + deadline)))
        if failed is not None:
            failure = TryFailure("x", zero + failed, ErrorInfo("ValueError", "no\nmore"))
            store.put(keys.failed(number), failure_to_bytes(failure))
    done = Done("b", "success", "x", 3, zero + 12, {}, started=zero + 9)
    store.put(task_keys(run, "b").done, done_to_bytes(done))
    read = read_manifest(crossing, Sink())
    assert read is not None
    tries = read_tries(url, run, read, Sink(), LATER)
    assert tries is not None
    drawn = chart(read, tries, run)
    assert {(bar.task, bar.number, bar.start, bar.end, bar.status) for bar in drawn.run} == {
        ("b", 1, 2, 3, "retried"),
        ("b", 2, 5, 7, "retried"),
        ("b", 3, 9, 12, "success"),
        ("a", 1, 4, 6, "retried"),
        ("c", 1, 20, 30, "unfinished"),
        ("e", 1, 40, 100, "running"),
    }
    assert drawn.run[1].words == "ValueError: no"
    gantt = to_gantt(drawn, Sink())
    assert "section the run, 100 s so far\n" in gantt
    assert "  b try 1 (retried) :active, crit, 2000, 3000\n" in gantt
    for text in ("b, try 2: retried, 5.00 s to 7.00 s (ValueError: no)", "began, and left no end", "100 s so far"):
        assert text in to_bars(drawn)


def test_items_of_a_run_that_is_going_are_at_work_until_now(crossing: Path, tmp_path: Path):
    url = (tmp_path / "store").as_uri()
    store = open_store(url)
    store.put(manifest_key(RUN, "a"), manifest_to_bytes(Manifest(3, {"x": 3})))
    store.put(task_keys(RUN, "a[0]").done, done_to_bytes(Done("a[0]", "success", "x", 1, 104, {}, started=101)))
    store.put(task_keys(RUN, "a[1]").start(1), start_to_bytes(Start("x", 102, 900)))
    content = json.loads((crossing / "manifest.json").read_text())
    content["events"]["a"]["over"] = {"arguments": {}}
    (crossing / "manifest.json").write_text(json.dumps(content))
    read = read_manifest(crossing, Sink())
    assert read is not None
    assert {node.id: node.detail for node in source_picture(read).nodes}["a"] == "for each item"
    assert read_tries(url, RUN, read, Sink(), 110) == {"a": (Try(1, 101, 110, "running", "3 items"),)}


def test_the_predicted_timeline_is_of_the_durations_that_were_given(tmp_path: Path):
    sink = Sink()
    tasks = tuple(Task(id=name, component=Shell("true")) for name in ("a", "b"))
    workflow = Workflow(name="two", tasks=tasks, edges=(Edge("a", "b"),))
    compiled = compile_workflow(workflow, sink, durations=Durations({"a": 3.0, "b": 4.5}))
    assert compiled is not None
    assert write_bundle(compiled, tmp_path / "bundle", sink)
    _, out, _ = graph(tmp_path / "bundle", "--timeline", "--json")
    bars = {bar["task"]: bar["end"] - bar["start"] for bar in json.loads(out)["picture"]["predicted"]}
    assert bars == {"a": pytest.approx(3.0), "b": pytest.approx(4.5)}


def test_a_run_that_is_not_there(crossing: Path, tmp_path: Path):
    code, out, err = graph(crossing, "--timeline", "--run", "no/such/run", "--store", tmp_path.as_uri())
    assert (code, out) == (1, "")
    assert "SW625" in err
    assert "no/such/run" in err
    store = open_store(tmp_path.as_uri())
    for run in ("crossing/z/2026-01-01T000000.000Z", "crossing/a/2026-01-02T000000.000Z"):
        store.put(task_keys(run, "a").done, done_to_bytes(Done("a", "success", "x", 1, 2, {}, started=1)))
    _, _, err = graph(crossing, "--timeline", "--run", "no/such/run", "--store", tmp_path.as_uri())
    assert "it holds the run 'crossing/a/2026-01-02T000000.000Z'" in err


def test_a_chart_that_mermaid_refuses_is_told_of(tmp_path: Path):
    bars = tuple(Bar(f"task_{number}", number, number + 1, "predicted") for number in range(2500))
    for some, told in ((bars[:900], []), (bars, ["SW624"])):
        sink = Sink()
        assert (len(to_gantt(Chart("t", some, (), ()), sink)) > MOST_CHARACTERS) == bool(told)
        assert [one.code for one in sink.diagnostics] == told


@pytest.mark.parametrize("seconds", [0.0, 0.013, 1.0, 7.4, 59.0, 600.0, 7200.0, 90_000.0, 5_000_000.0])
def test_an_axis_has_few_ticks_that_differ(seconds: float):
    found = list(ticks(seconds))
    assert found[0] == 0
    assert found[-1] <= seconds
    assert len({words(at) for at in found}) == len(found) <= 9
    assert seconds < 0.02 or len(found) > 3


def test_lengths_of_time_in_words():
    said = {2.5: "2.5 s", 150: "2 min 30 s", 7200: "2 h", 11_100: "3 h 5 min", 187_200: "2 d 4 h"}
    assert {seconds: words(seconds) for seconds in said} == said


def test_long_names_can_be_told_apart():
    group = "gro\x00up." * 20
    bars = tuple(Bar(f"{group}task_{number}", 0, 1, "predicted") for number in range(2))
    drawn = ElementTree.fromstring(to_bars(Chart("t", bars, (), (bars[0].task,))).encode())
    names = [text for text in drawn.iter("{http://www.w3.org/2000/svg}text") if text.get("text-anchor") == "end"]
    assert [text.text and text.text[-6:] for text in names] == ["task_0", "task_1"]
    assert [text.get("class") for text in names] == ["critical", None], "CSS has the last word about weight"


@pytest.mark.parametrize(
    "options",
    [
        ("--timeline", "--machine"),
        ("--timeline", "--format", "dot"),
        ("--run", "r"),
        ("--timeline", "--store", "file:///s"),
    ],
    ids=" ".join,
)
def test_options_that_do_not_go_together(options: tuple[str, ...], crossing: Path):
    code, out, err = graph(crossing, *options)
    assert (code, out) == (2, "")
    assert options[0] in err or "--format" in err or "--store" in err


def test_awkward_names(tmp_path: Path):
    folder = bundle(hostile(), tmp_path / "b")
    code, out, _ = graph(folder, "--timeline", "--format", "svg")
    assert code == 0
    assert len(list(ElementTree.fromstring(out.encode()).iter("{http://www.w3.org/2000/svg}title"))) == len(HOSTILE)
    code, out, _ = graph(folder, "--timeline")
    rows = out.partition("section predicted, ")[2].splitlines()[1:]
    assert len(rows) == len(HOSTILE)
    assert all(line.count(":") == 1 for line in rows)


def test_a_bundle_of_before_has_no_timeline(tmp_path: Path):
    folder = bundle(Workflow(name="w", tasks=(Task(id="a", component=NoOp()),)), tmp_path / "b")
    content = json.loads((folder / "manifest.json").read_text())
    del content["timeline"], content["awaits"]
    (folder / "manifest.json").write_text(json.dumps(content))
    code, out, _ = graph(folder, "--timeline", "--format", "svg")
    assert code == 0
    assert ElementTree.fromstring(out.encode()).tag.endswith("svg")


def test_a_wait_for_a_task_of_another_machine_says_so(tmp_path: Path):
    call = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
    waiting = {"op": "await", "task": "d", "others": ["x", "y"]}
    machine = {"StartAt": "await d", "States": {"await d": {**call, "Arguments": {"Payload": waiting}}}}
    read = read_machine(written(tmp_path, manifest(), machine), Sink())
    assert read is not None
    assert [node.detail for node in machine_picture(read, "d").nodes] == ["x and 1 more, in another machine"]


def test_a_part_of_the_machine_is_drawn_by_its_number(crossing: Path):
    (crossing / "machines").mkdir()
    part = {"StartAt": "inside", "States": {"inside": {"Type": "Pass", "End": True}}}
    (crossing / "machines" / "part-1.asl.json").write_text(json.dumps(part))
    code, out, _ = graph(crossing, "--machine", "--part", 1)
    assert code == 0
    assert 'title: "crossing, part 1"' in out
    assert "inside" in out
    code, _, err = graph(crossing, "--machine", "--part", 2)
    assert code == 2
    assert "part-2.asl.json" in err
    assert "starts no part 2: its parts are 1 to 1" in err
    assert graph(crossing, "--part", 1)[0] == 2

"""Many batches run level by level, as the items of one task: the same values, failures and news of every call."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import dask
import dask.array as da
import pytest
from dask.callbacks import Callback

from core_compiler.emit import kept
from core_compiler.ir import Workflow
from handler.binary import KEY_VARIABLE, inline_binary, pack
from handler.keys import task_keys
from handler.records import Done, ErrorInfo, done_to_bytes
from handler.store import open_store
from transpilers.dask import api, get, lower, scheduler
from transpilers.dask.engine import Ended
from transpilers.dask.graph import graph_of


def double(x: int) -> int:
    return 2 * x


def refuse_seven(x: int) -> int:
    if x == 7:
        raise ZeroDivisionError(f"no {x}")
    return x


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(scheduler, "MOST_TASKS", 4)


def computed(made: object, **keywords: object) -> object:
    graph = made.__dask_graph__()
    [key] = api.flat(made.__dask_keys__())
    return get(graph, key, batch=1, **keywords)


def test_levels_give_what_the_synchronous_scheduler_gives(monkeypatch: pytest.MonkeyPatch):
    """Also where there are so many items that no state has room for their event."""
    monkeypatch.setattr(kept, "LARGEST", 0)
    x = da.arange(24, chunks=4)
    made = (x * x[::-1] + x.sum()).sum(split_every=2)
    assert computed(made) == made.compute(scheduler="sync")


def test_calls_of_one_level_are_one_task_and_read_only_levels_before():
    made = dask.delayed(sum)([dask.delayed(double)(dask.delayed(double)(n)) for n in range(9)])
    lowered = lower.lower(graph_of(dict(made.dask), [made.key]), "x", 1, results={made.key}, most=4)
    tasks = {task.id: task for task in lowered.workflow.tasks}
    assert list(tasks) == ["level-0", "level-1", made.key]
    assert tasks["level-0"].mapping.size() == tasks["level-1"].mapping.size() == 9
    assert {(edge.upstream, edge.downstream) for edge in lowered.workflow.edges} == {
        ("level-0", "level-1"),
        ("level-1", made.key),
    }


def test_the_exception_of_a_call_is_raised_and_not_the_word_of_an_item_that_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(KEY_VARIABLE, "a key")
    store, run = open_store(tmp_path.as_uri()), "m/e/t"
    raised = {"exception": {"inline": inline_binary(pack((ZeroDivisionError("no 7"), "the traceback")))}}
    for task, values in (("level-0[0]", {}), ("level-0[1]", raised)):
        error = ErrorInfo("TaskFailed", "level-0[1] failed")
        record = Done(task, "failed", "attempt", 1, 0.0, values, error=error)
        store.put(task_keys(run, task).done, done_to_bytes(record))
    lowered = lower.Lowered(Workflow(name="x", tasks=()), {}, {"level-0[0]": (), "level-0[1]": ()}, 1)
    with pytest.raises(ZeroDivisionError, match="no 7"):
        scheduler._values(SimpleNamespace(store=tmp_path.as_uri(), key="a key"), Ended("FAILED", "", run), lowered)


def test_a_failure_of_one_item_is_raised_as_it_was():
    made = dask.delayed(sum)([dask.delayed(refuse_seven)(n) for n in range(8)])
    with pytest.raises(ZeroDivisionError, match="no 7") as caught:
        computed(made)
    assert "in refuse_seven" in str(caught.value.__cause__)


def test_callbacks_hear_of_every_item():
    heard: list[object] = []
    made = dask.delayed(sum)([dask.delayed(double)(n) for n in range(6)])

    class Heard(Callback):
        def _posttask(self, key, result, dsk, state, worker_id):
            heard.append(key)

    with Heard():
        assert computed(made) == 30
    assert sorted(map(str, heard)) == sorted(map(str, made.dask))

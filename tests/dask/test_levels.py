"""Many batches run level by level, as the items of one task: the same values, failures and news of every call."""

from __future__ import annotations

import dask
import dask.array as da
import pytest
from dask.callbacks import Callback

from transpilers.dask import api, get, lower, scheduler
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


def test_levels_give_what_the_synchronous_scheduler_gives():
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


def test_a_failure_of_one_item_is_raised_as_it_was():
    """Found by this: an item that was stopped because another one failed was taken for the failure."""
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

"""Dask's own synchronous scheduler is the judge: every kind of collection gives the same through ours."""

from __future__ import annotations

import operator
import os
import sys
import threading
from types import SimpleNamespace

import dask
import dask.array as da
import dask.bag as db
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from dask.callbacks import Callback
from dask.dataframe.utils import assert_eq as frames_equal

from transpilers.dask import get


def double(x: int) -> int:
    return 2 * x


def refuse(x: int) -> int:
    raise ZeroDivisionError(f"no {x}")


def both(collection):
    return collection.compute(scheduler=get), collection.compute(scheduler="sync")


def test_delayed_calls_with_containers_and_keywords():
    parts = [dask.delayed(double)(n) for n in range(9)]
    ours, theirs = both(dask.delayed(dict)(total=dask.delayed(sum)(parts), first=parts[0], pair=(parts[1], [parts[2]])))
    assert ours == theirs == {"total": 72, "first": 0, "pair": (2, [4])}


def test_arrays():
    x = da.from_array(np.arange(144.0).reshape(12, 12), chunks=(5, 4))
    ours, theirs = both((x @ x.T - x.mean(axis=0)).cumsum(axis=1)[::2])
    assert np.array_equal(ours, theirs)
    assert ours.dtype == theirs.dtype


def test_bags():
    words = db.from_sequence(["a", "b", "c", "a", "b", "a"], npartitions=3)
    ours, theirs = both(words.frequencies())
    assert sorted(ours) == sorted(theirs) == [("a", 3), ("b", 2), ("c", 1)]


def test_frames_with_a_shuffle_by_tasks():
    frame = pd.DataFrame({"k": [n % 5 for n in range(40)], "v": range(40)})
    with dask.config.set({"dataframe.shuffle.method": "tasks"}):
        made = dd.from_pandas(frame, npartitions=4)
        ours, theirs = both(made.set_index("k").v.cumsum())
    frames_equal(ours, theirs)


def test_raw_graphs_with_aliases_literals_and_nested_keys():
    graph = {"x": 1, "y": (operator.add, "x", 10), "z": "y", ("t", 0): (sum, ["x", "z"]), "l": [1, "x"]}
    keys = [["x", "z"], [("t", 0), "l"]]
    assert get(graph, keys) == dask.get(graph, keys)
    assert get(graph, "z") == 11


@pytest.mark.parametrize("batch", [1, 3, 100])
def test_every_size_of_batches_gives_the_same(batch: int):
    x = da.ones((8, 8), chunks=2)
    graph = dict((x + x.T).sum(split_every=2).__dask_graph__())
    key = next(iter((x + x.T).sum(split_every=2).__dask_keys__()))
    assert get(graph, key, batch=batch) == 128


def test_an_exception_comes_back_as_it_was_with_its_remote_traceback():
    with pytest.raises(ZeroDivisionError, match="no 4") as caught:
        dask.delayed(double)(dask.delayed(refuse)(dask.delayed(double)(2))).compute(scheduler=get)
    assert "in refuse" in str(caught.value.__cause__)


def test_after_a_failure_the_next_computation_works():
    with pytest.raises(ZeroDivisionError):
        dask.delayed(refuse)(1).compute(scheduler=get)
    assert dask.delayed(double)(4).compute(scheduler=get) == 8


def test_what_cannot_be_pickled_is_named():
    with pytest.raises(Exception, match=r"lock.*cannot pickle|cannot pickle.*lock"):
        dask.delayed(threading.Lock)().compute(scheduler=get)


def test_retries_are_those_of_the_annotation(tmp_path):
    def fails_twice(folder: str) -> int:
        tries = len(os.listdir(folder))
        open(os.path.join(folder, str(tries)), "w").close()
        if tries < 2:
            raise ConnectionError(f"try {tries}")
        return tries

    with dask.annotate(retries=2):
        made = dask.delayed(fails_twice)(str(tmp_path))
    assert made.compute(scheduler=get, optimize_graph=False) == 2
    (tmp_path / "again").mkdir()
    with pytest.raises(ConnectionError, match="try 0"):
        dask.delayed(fails_twice)(str(tmp_path / "again")).compute(scheduler=get)


def test_callbacks_hear_of_every_call():
    class Heard(Callback):
        def __init__(self):
            self.told = []

        def _start_state(self, dsk, state):
            self.whole = len(state["ready"]) + len(state["waiting"])

        def _pretask(self, key, dsk, state):
            self.told.append(("pre", key))

        def _posttask(self, key, result, dsk, state, worker_id):
            self.told.append(("post", key))

        def _finish(self, dsk, state, failed):
            self.told.append(("finish", failed))

    with Heard() as heard:
        dask.delayed(sum)([dask.delayed(double)(n) for n in range(5)]).compute(scheduler=get, optimize_graph=False)
    assert heard.told[-1] == ("finish", False)
    for kind in ("pre", "post"):
        assert len({key for told, key in heard.told if told == kind}) == heard.whole == 6


def test_a_cache_of_values_is_refused(monkeypatch: pytest.MonkeyPatch):
    from dask.cache import Cache

    # The package that Dask's cache counts with; here it is only made, never asked.
    monkeypatch.setitem(sys.modules, "cachey", SimpleNamespace(Cache=dict, nbytes=len))
    with pytest.raises(NotImplementedError, match="stay in the workers"), Cache({}):
        dask.delayed(double)(1).compute(scheduler=get)

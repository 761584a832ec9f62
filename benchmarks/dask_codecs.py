"""What values of Dask cost as pickles (protocol 5) and in formats of their own: CPU milliseconds and bytes.

python benchmarks/dask_codecs.py
"""

from __future__ import annotations

import io
import pickle
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

ROUNDS = 7


def arrow(value: Any) -> bytes:
    """An Arrow stream."""
    table = value if isinstance(value, pa.Table) else pa.Table.from_pandas(value)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def from_arrow(data: bytes, like: Any) -> Any:
    """What an Arrow stream holds."""
    table = pa.ipc.open_stream(data).read_all()
    return table if isinstance(like, pa.Table) else table.to_pandas()


def npy(value: Any) -> bytes:
    """numpy's own file format."""
    file = io.BytesIO()
    np.save(file, value, allow_pickle=False)
    return file.getvalue()


def _milliseconds(work: Callable[[], Any]) -> tuple[float, Any]:
    best, made = float("inf"), None
    for _ in range(ROUNDS):
        began = time.process_time()
        made = work()
        best = min(best, time.process_time() - began)
    return best * 1000, made


def main() -> None:
    """Print the table."""
    random = np.random.default_rng(0)
    words = {"k": random.choice(["aa", "bb", "cc"], 300_000), "v": random.integers(0, 99, 300_000)}
    values: dict[str, Any] = {
        "array, 10 MB of floats": random.random(1_250_000),
        "frame, 10 MB of floats": pd.DataFrame({name: random.random(312_500) for name in "abcd"}),
        "frame with words": pd.DataFrame(words),
        "Arrow table with words": pa.table(words),
    }
    print("| value | as | write, ms | read, ms | MB |\n|---|---|---|---|---|")
    for name, value in values.items():
        own = ("npy", npy, lambda data, like: np.load(io.BytesIO(data)))
        other = own if isinstance(value, np.ndarray) else ("Arrow", arrow, from_arrow)
        for kind, write, read in (("pickle", lambda v: pickle.dumps(v, 5), lambda d, _: pickle.loads(d)), other):
            took, data = _milliseconds(lambda write=write, value=value: write(value))
            back, _ = _milliseconds(lambda read=read, data=data, value=value: read(data, value))
            print(f"| {name} | {kind} | {took:.1f} | {back:.1f} | {len(data) / 1e6:.1f} |")


if __name__ == "__main__":
    main()

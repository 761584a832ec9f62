"""Mutants of real DAG files: an answer each, and nothing done on the way: no file written, no socket, no process."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.canary import watching
from support.mutations import HOSTILE, STATEMENTS, mutant

from transpilers.airflow.call import decode, encode
from transpilers.airflow.static import load
from transpilers.airflow.static.loader import OURS

FIXTURES = Path(__file__).parents[2] / "fixtures"
SOURCES = [path.read_text() for path in sorted(FIXTURES.rglob("*.py")) if path.stat().st_size < 6000]


def read(source: str, folder: Path) -> None:
    path = folder / "dag.py"
    path.write_bytes(source.encode(errors="surrogatepass"))
    with watching() as acts:
        [found] = load([path])
    assert acts == []
    assert found.dags or found.faults
    assert not any(OURS in fault.message for fault in found.faults), found.faults
    assert decode(encode(found)) == found


def test_the_canary_sings(tmp_path: Path) -> None:
    with watching() as acts:
        (tmp_path / "canary").write_text("x")
    assert acts


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 2**32))
def test_mutants(tmp_path: Path, seed: int) -> None:
    choose = random.Random(seed)
    read(mutant(choose.choice(SOURCES), SOURCES, choose), tmp_path)


def test_each_hostile_piece_alone(tmp_path: Path) -> None:
    head = "from airflow.sdk import DAG, task, BaseOperator, chain\nfrom datetime import datetime, timedelta\n"
    for piece in HOSTILE:
        read(f"{head}with DAG('d') as dag:\n    x = {piece}\n    a = task(lambda: x)()\n    {piece}\n", tmp_path)
    for piece in STATEMENTS:
        read(f"{head}{piece}\n", tmp_path)

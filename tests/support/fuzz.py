"""`make fuzz`: atheris over mutated DAG files. Ends at the first that is not answered, acts, or takes over 2 s.

    python -m support.fuzz FOLDER SECONDS

The fuzzer's bytes choose a file and its changes (`support.mutations`); coverage of the evaluator leads it. A canary
watches the interpreter's audit events for files written, sockets and processes.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["transpilers.airflow.static"]):
    from transpilers.airflow.static import load
    from transpilers.airflow.static.loader import OURS

from support.canary import watching
from support.mutations import mutant

ROOT = Path(__file__).parents[2]
SOURCES = [path.read_text() for path in sorted((ROOT / "fixtures").rglob("*.py")) if path.stat().st_size < 6000]
LONGEST = 2.0


def one(data: bytes, path: Path) -> None:
    """One input: the first bytes seed the mutations, all of them may replace a part of the text."""
    choose = random.Random(data[:8])
    source = mutant(choose.choice(SOURCES), SOURCES, choose)
    if len(data) > 8:
        at = choose.randrange(len(source) + 1)
        source = source[:at] + data[8:].decode(errors="ignore") + source[at:]
    path.write_bytes(source.encode(errors="surrogatepass"))
    started = time.process_time()
    with watching() as acts:
        [found] = load([path])
    assert not acts, (acts, source)
    assert found.dags or found.faults, source
    assert not any(OURS in fault.message for fault in found.faults), (found.faults, source)
    assert time.process_time() - started < LONGEST, source


def main(argv: list[str]) -> None:
    """Fuzz for some seconds in a folder of its own."""
    folder = Path(argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "dag.py"
    options = [f"-max_total_time={argv[2]}", "-max_len=256", f"-artifact_prefix={folder}/"]
    atheris.Setup([argv[0], *options], lambda data: one(data, path))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)

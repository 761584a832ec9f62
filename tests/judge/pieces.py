"""Long campaigns in pieces: what this very code has judged already is not judged again."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

ROOT = Path(__file__).parents[2]
#: All code that can change what is found.
CODE = ("core_compiler", "handler", "transpilers", "tests/judge", "tests/judge_values")
#: The exit code where some pieces are still to be judged.
UNFINISHED = 3
Piece = TypeVar("Piece", bound=msgspec.Struct)


def cut(seeds: range, size: int) -> Iterator[range]:
    """Neighbours of at most `size`."""
    for start in range(seeds.start, seeds.stop, size):
        yield range(start, min(start + size, seeds.stop))


def judged(
    campaign: str, kind: type[Piece], pieces: dict[str, Callable[[], Piece]], minutes: float | None
) -> dict[str, Piece]:
    """What each piece came to, by name; those not judged when `minutes` were over are missing.

    `campaign` names all that was asked for beside the pieces: what is kept is kept for it and for this code alone.
    """
    kept = ROOT / "build" / "judge" / f"{hashlib.sha256(f'{campaign} {_code()}'.encode()).hexdigest()[:16]}.jsonl"
    kept.parent.mkdir(parents=True, exist_ok=True)
    done: dict[str, Piece] = {}
    for line in kept.read_text().splitlines() if kept.exists() else []:
        name, piece = msgspec.json.decode(line, type=tuple[str, kind])
        done[name] = piece
    began = time.monotonic()
    for name, judge in pieces.items():
        if name in done:
            continue
        if minutes is not None and time.monotonic() - began > 60 * minutes:
            break
        done[name] = judge()
        with kept.open("ab") as lines:
            lines.write(msgspec.json.encode((name, done[name])) + b"\n")
        print(f"{campaign}: {len(done)} of {len(pieces)} pieces", file=sys.stderr, flush=True)
    return {name: done[name] for name in pieces if name in done}


def _code() -> str:
    paths = sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py"))
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()

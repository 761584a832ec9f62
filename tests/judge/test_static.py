"""The static loader reads the files of random DAGs: what it says is what the live loader would, for both Airflows."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from judge.features import supported
from judge.generate import generate
from judge.shrink import shown
from judge.slow import read_statically, written

FRESH = random.SystemRandom().randrange(1_000_000, 2_000_000_000)


@pytest.mark.parametrize("major", [3, 2])
def test_files_are_read_without_running_them(tmp_path: Path, major: int) -> None:
    specs = [generate(seed, supported(major=major)) for seed in (*range(25), *range(FRESH, FRESH + 15))]
    found = read_statically(specs, written(specs, tmp_path.resolve() / "source"))
    differing = [shown(spec, one, spec.name) for spec, one in zip(specs, found, strict=True) if one]
    assert not differing, "\n".join(differing[:2])

"""Random DAGs in bad weather: nothing hangs, starts early or has two stories; and the weather is bad enough to tell."""

from __future__ import annotations

import random

import pytest
from chaos.campaign import brave
from chaos.mutants import MUTANTS
from chaos.service import FAULTS, STORM
from judge.features import supported

RUNS = 40
FRESH = random.SystemRandom().randrange(1 << 30)


@pytest.mark.parametrize("first", [0, FRESH], ids=["fixed", "fresh"])
@pytest.mark.parametrize("structure", ["rendezvous", "auto"])
def test_nothing_hangs_or_starts_early_or_has_two_stories(first: int, structure: str):
    seen = brave(range(first, first + RUNS // 2), supported(), STORM, structure=structure, most=30)
    assert seen.wrong == []
    assert seen.runs == RUNS // 2
    assert {"crash", "timeout", "duplicate", "store"} <= {name for name in FAULTS if seen.faults[name]}


def test_a_failure_that_loses_to_a_success_stops_nothing():
    """Found by this: a task was settled while its zombie succeeded, and the rest of the run was skipped."""
    assert brave([1113], supported(), STORM).wrong == []


def test_the_weather_is_never_worse_than_the_platforms_retries_heal():
    """Found by this: throttles were not counted by task, so a wait could be refused seven times and be given up."""
    assert brave([1056369775], supported(), STORM, most=30).wrong == []


@pytest.mark.parametrize("name", MUTANTS)
def test_each_rule_of_the_protocol_that_is_taken_away_is_missed(name: str):
    with MUTANTS[name]():
        for seed in range(1120, 1320):
            if brave([seed], supported(), STORM, most=24).wrong:
                return
    pytest.fail("200 runs without it, and nothing went wrong")

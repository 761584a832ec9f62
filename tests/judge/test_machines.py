"""Random DAGs compiled, run by an interpreter with the real handler, held to the model: a fixed seed and a new one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from judge.campaign import judge_seeds
from judge.fast import KILLS, NO_KILLS, judge_machine
from judge.features import supported
from judge.sandbox import Kills
from judge.spec import Spec
from judge.strategy import specs

from core_compiler.plan import STRUCTURES

DAGS = 80
FRESH = random.SystemRandom().randrange(1_000_000, 2_000_000_000)


@pytest.mark.parametrize("kills", [NO_KILLS, KILLS], ids=["undisturbed", "killed"])
@pytest.mark.parametrize("first", [0, FRESH], ids=["fixed", "fresh"])
@pytest.mark.parametrize("structure", ["auto", "rendezvous"])
def test_machines_do_what_the_model_says(first: int, kills: Kills, structure: str) -> None:
    campaign = judge_seeds(range(first, first + DAGS), supported(), kills, structure=structure, show=1)
    assert not campaign.differing, f"first seed {first}\n" + "\n".join(campaign.shown)
    assert campaign.dags == DAGS
    assert (campaign.deaths > 0) == (kills.rate > 0)
    assert {"success", "failed", "skipped", "upstream_failed"} <= set(campaign.statuses)


def test_those_of_airflow_2_do_what_its_model_says() -> None:
    first = FRESH + DAGS
    campaign = judge_seeds(range(first, first + 40), supported(major=2), KILLS, show=1)
    assert not campaign.differing, f"first seed {first}\n" + "\n".join(campaign.shown)


@settings(max_examples=60)
@given(specs(supported(), most=8))
def test_a_difference_shrinks(spec: Spec) -> None:
    for structure in STRUCTURES:
        assert not judge_machine(spec, structure=structure)

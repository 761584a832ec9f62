"""Random DAGs run by Airflow itself: its word against the machine's, the ticks' and the wire's."""

from __future__ import annotations

import random

import pytest
from judge.features import supported
from judge.generate import generate
from judge.shrink import shown
from judge.slow import judge_airflow

FRESH = random.SystemRandom().randrange(1_000_000, 2_000_000_000)


@pytest.mark.airflow
@pytest.mark.slow
def test_machines_do_what_airflow_does() -> None:
    calm = [generate(seed, supported(races=False), most=10) for seed in (*range(4), *range(FRESH, FRESH + 4))]
    racing = [generate(seed, supported(), most=10) for seed in (FRESH + 4, FRESH + 5)]
    found = list(judge_airflow([*calm, *racing]))
    differing = [shown(one.spec, one.all, one.spec.name) for one in found if one.differs]
    assert not differing, "\n".join(differing)
    assert len(found) == 10

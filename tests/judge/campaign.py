"""Many seeds on the fast arm, and what came of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from judge.compare import Difference, Ran, differences
from judge.fast import NO_KILLS, Refused, compiled_from, interpret
from judge.generate import FEWEST, MOST, generate
from judge.sandbox import Kills
from judge.shrink import shown, shrunk
from judge.spec import Features, Spec
from judge.wire import wire

#: Shrinking one runs hundreds of DAGs; the first few say what is wrong.
MOST_SHOWN = 3


class Campaign(msgspec.Struct):
    """What many DAGs came to: counts, statuses seen, and the differing DAGs by seed, the first of them as text."""

    dags: int = 0
    tasks: int = 0
    invocations: int = 0
    deaths: int = 0
    timed_out: int = 0
    seconds: float = 0.0
    statuses: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    differing: list[int] = msgspec.field(default_factory=list)
    shown: list[str] = msgspec.field(default_factory=list)


def summed(campaigns: Sequence[Campaign]) -> Campaign:
    """One campaign of all."""
    statuses: Counter[str] = Counter()
    for one in campaigns:
        statuses.update(one.statuses)
    return Campaign(
        dags=sum(one.dags for one in campaigns),
        tasks=sum(one.tasks for one in campaigns),
        invocations=sum(one.invocations for one in campaigns),
        deaths=sum(one.deaths for one in campaigns),
        timed_out=sum(one.timed_out for one in campaigns),
        seconds=sum(one.seconds for one in campaigns),
        statuses=statuses,
        differing=[seed for one in campaigns for seed in one.differing],
        shown=[text for one in campaigns for text in one.shown][:MOST_SHOWN],
    )


def judge_seeds(
    seeds: Iterable[int],
    features: Features,
    kills: Kills = NO_KILLS,
    *,
    structure: str = "auto",
    most: int = MOST,
    show: int = MOST_SHOWN,
    stop_at: int | None = None,
) -> Campaign:
    """Judge the DAG of each seed. `stop_at`: so many differing ones are enough."""
    campaign = Campaign()
    began = time.perf_counter()
    for seed in seeds:
        spec = generate(seed, features, FEWEST, most)
        found = _judged(spec, seed, kills, campaign, structure)
        if found:
            campaign.differing.append(seed)
            if len(campaign.shown) < show:
                campaign.shown.append(smallest(spec, seed, kills, structure))
        if stop_at is not None and len(campaign.differing) >= stop_at:
            break
    campaign.seconds = time.perf_counter() - began
    return campaign


def smallest(spec: Spec, seed: int, kills: Kills, structure: str = "auto") -> str:
    """A differing DAG, shrunk and shown."""
    least, found = shrunk(spec, lambda tried: _judged(tried, seed, kills, Campaign(), structure))
    return shown(least, found, f"seed {seed}, {structure}{', with kills' if kills.rate else ''}:")


def _judged(spec: Spec, seed: int, kills: Kills, campaign: Campaign, structure: str) -> list[Difference]:
    campaign.dags += 1
    campaign.tasks += len(spec.tasks)
    try:
        ran = interpret(compiled_from(wire(spec), structure=structure, major=spec.major), seed, kills)
    except Refused as refused:
        return [Difference("", "a machine", str(refused))]
    _count(campaign, ran)
    return differences(spec, ran)


def _count(campaign: Campaign, ran: Ran) -> None:
    campaign.invocations += ran.invocations
    campaign.deaths += ran.deaths
    campaign.timed_out += sum(ran.timed_out.values())
    for end in ran.tasks.values():
        status = "none" if end is None else end.status
        campaign.statuses[status] = campaign.statuses.get(status, 0) + 1

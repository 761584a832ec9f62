"""The same descriptions as hypothesis draws them, so that a difference shrinks to the smallest DAG that has it."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st
from judge.generate import styled
from judge.rules import RULES
from judge.spec import End, Features, Kind, Role, Spec, Task, faults

NAME = "shrunk"


@st.composite
def specs(draw: st.DrawFn, features: Features, most: int = 12) -> Spec:
    """A DAG of 1 to `most` tasks."""
    count = draw(st.integers(1, most))
    fail_fast = features.fail_fast and draw(st.booleans())
    grouped = features.groups and draw(st.booleans())
    tasks: list[Task] = []
    for number in range(count):
        group = draw(st.sampled_from(("", "g", "g.h"))) if grouped else ""
        name = f"{group}.t{number}" if group else f"t{number}"
        upstream = tuple(draw(st.lists(st.sampled_from([task.id for task in tasks]), unique=True))) if tasks else ()
        tasks.append(_task(draw, features, name, group, upstream, fail_fast))
    if features.setups:
        tasks = _roles(draw, tasks)
    tasks = [styled(_chosen(draw, task, tasks), number) for number, task in enumerate(tasks)]
    groups = ("g", "g.h") if any(task.group for task in tasks) else ()
    spec = Spec(NAME, tuple(tasks), groups, fail_fast)
    wrong = faults(spec)
    assert not wrong, wrong
    return spec


def _task(
    draw: st.DrawFn, features: Features, name: str, group: str, upstream: tuple[str, ...], fail_fast: bool
) -> Task:
    kinds = [Kind.EMPTY, Kind.PYTHON, Kind.BASH]
    kinds += [Kind.BRANCH] if features.branches else []
    kinds += [Kind.SHORT_CIRCUIT] if features.short_circuits else []
    kind = draw(st.sampled_from(kinds))
    plain = kind in (Kind.PYTHON, Kind.BASH)
    ends = [end for end in End if plain and (kind is Kind.PYTHON or end is not End.GIVEN_UP)] or [End.SUCCESS]
    end = draw(st.sampled_from(ends))
    retries = draw(st.integers(0, 2)) if kind is not Kind.EMPTY else 0
    counts = kind not in (Kind.EMPTY, Kind.BASH) and end is not End.FAILED
    ruled = features.rules and upstream and not fail_fast
    short = kind is Kind.SHORT_CIRCUIT
    return Task(
        id=name,
        kind=kind,
        end=end,
        fails=draw(st.integers(0, retries + 1)) if retries and counts else 0,
        retries=retries,
        rule=draw(st.sampled_from(RULES)) if ruled else "all_success",
        upstream=upstream,
        group=group,
        holds=draw(st.booleans()) if short else True,
        keeps_rules=draw(st.booleans()) if short else False,
    )


def _roles(draw: st.DrawFn, tasks: list[Task]) -> list[Task]:
    """Some tasks become setups; a task below one may become its teardown."""
    found: list[Task] = []
    setups: set[str] = set()
    for task in tasks:
        plain = task.kind in (Kind.PYTHON, Kind.BASH, Kind.EMPTY)
        above = tuple(name for name in task.upstream if name in setups)
        if above and plain and draw(st.booleans()):
            teardown = {"role": Role.TEARDOWN, "rule": "all_done_setup_success", "setups": above}
            found.append(msgspec.structs.replace(task, **teardown, fails_run=draw(st.booleans())))
            continue
        if plain and draw(st.booleans()):
            setups.add(task.id)
            task = msgspec.structs.replace(task, role=Role.SETUP)
        found.append(msgspec.structs.replace(task, rule="all_success") if above else task)
    return found


def _chosen(draw: st.DrawFn, task: Task, tasks: list[Task]) -> Task:
    below = [other.id for other in tasks if task.id in other.upstream]
    if task.kind is not Kind.BRANCH or not below:
        return task
    chosen = draw(st.none() | st.lists(st.sampled_from(below), unique=True).map(tuple))
    return msgspec.structs.replace(task, chosen=chosen)

"""A plan as a graph of moments: the start and the end of each of its nodes, and which comes before which.

    start(Series) -> start(first) ... end(first) -> start(second) ... end(last) -> end(Series)
    end(Run(other)) -> end(Await(task, (other,)))

The plan can be carried out to its end exactly if these arrows have no circle, since branches run without limit: an
Await holds no worker. A wait for a rule is taken as one for all, which it is at worst.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from core_compiler.plan.nodes import Await, Each, Finish, Node, Parallel, Run, Series


class Moments(NamedTuple):
    """`after[m]`: the moments right after m. `starts` and `ends` give those of the tasks, `names` words for people."""

    after: list[list[int]]
    starts: dict[str, int]
    ends: dict[str, int]
    names: list[str]


def moments(plan: Node, waits_for: Callable[[Await], tuple[str, ...]]) -> Moments:
    """The moments of a plan; `waits_for` says which of its others an Await is taken to wait for."""
    found = Moments([], {}, {}, [])
    awaits: list[tuple[tuple[str, ...], int]] = []
    stack: list[tuple[Node, int, int]] = [(plan, _new(found, "the start"), _new(found, "the end"))]
    while stack:
        node, start, end = stack.pop()
        match node:
            case Run(task):
                found.after[start].append(end)
                found.starts[task], found.ends[task] = start, end
                found.names[end] = task
            case Await():
                found.after[start].append(end)
                found.names[end] = f"await {node.task}"
                awaits.append((waits_for(node), end))
            case Finish():
                found.after[start].append(end)
                found.names[end] = "finish"
            case Each(body=body):
                stack.append((body, start, end))
            case Series(steps):
                at = start
                for step in steps:
                    begin, over = _new(found, ""), _new(found, "")
                    found.after[at].append(begin)
                    stack.append((step, begin, over))
                    at = over
                found.after[at].append(end)
            case Parallel(branches):
                for branch in branches:
                    begin, over = _new(found, ""), _new(found, "")
                    found.after[start].append(begin)
                    found.after[over].append(end)
                    stack.append((branch, begin, over))
    for others, end in awaits:
        for other in others:
            if other in found.ends:
                found.after[found.ends[other]].append(end)
    return found


def _new(found: Moments, name: str) -> int:
    found.after.append([])
    found.names.append(name)
    return len(found.after) - 1

"""Branches that await something, taken out of inner forks: what costs three states then costs two.

    a, then c beside d, where c awaits b;  b      becomes      a, then d; b; c, which awaits a and b

A task that awaits enters two states after the last task that it waits for has ended. In an inner fork it enters the
fork too, and where that leads on from the same task, three. As a branch of the outermost fork it is entered at the
start, and awaits what came before that fork as well. Often the inner fork then has one branch left, and is none.

Nothing is taken out from before a join, unless what follows there awaits something anyhow: it would have to await the
branch, in a state more. No order is added.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from core_compiler.plan.auto.timing import awaited_in
from core_compiler.plan.nested.trees import Tree, flat, fork, row


def eased(tree: Tree, before: Sequence[Sequence[int]]) -> Tree:
    """The same leaves, with fewer forks. `before`: as for TreeTiming; `tree` is not deep (see `hoisted`)."""
    awaiting = awaited_in(tree, before)
    if isinstance(tree, int):
        return tree
    if tree.kind == "parallel":
        return _Outermost(awaiting).eased(tree, True)
    steps = flat(tree)
    free = _may_wait_longer(steps, True, awaiting)
    return row([_Outermost(awaiting).eased(*pair) for pair in zip(steps, free, strict=True)])


class _Outermost:
    """One outermost fork, and the branches on their way to it."""

    def __init__(self, awaiting: Container[int]) -> None:
        self._awaiting = awaiting
        self._taken: list[Tree] = []

    def eased(self, tree: Tree, free: bool) -> Tree:
        if isinstance(tree, int):
            return tree
        done = [self._without(branch, free) for branch in flat(tree)]
        for branch in self._taken:
            # Grows while it is gone through.
            done.append(self._without(branch, True))
        return fork([part for part in done if part is not None])

    def _without(self, tree: Tree, free: bool) -> Tree | None:
        """What stays; `free`: nothing waits for the end of this part, or what does awaits something anyhow."""
        if isinstance(tree, int):
            return tree
        left: list[Tree] = []
        if tree.kind == "series":
            steps = flat(tree)
            for step, may in zip(steps, _may_wait_longer(steps, free, self._awaiting), strict=True):
                if (rest := self._without(step, may)) is not None:
                    left.append(rest)
            return row(left) if left else None
        for branch in flat(tree):
            if free and _first(branch) in self._awaiting:
                self._taken.append(branch)
            elif (rest := self._without(branch, free)) is not None:
                left.append(rest)
        return fork(left) if left else None


def _may_wait_longer(steps: Sequence[Tree], free: bool, awaiting: Container[int]) -> list[bool]:
    """For each step, whether what follows it awaits something, and the last's `free`."""
    return [*(isinstance(step, int) and step in awaiting for step in steps[1:]), free]


def _first(tree: Tree) -> int:
    """The task that a branch begins with; -1 if it begins with several."""
    while not isinstance(tree, int):
        if tree.kind == "parallel":
            return -1
        tree = tree.parts[0]
    return tree

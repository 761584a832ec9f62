"""No forks inside forks without end.

How deep Step Functions itself can go is not documented; parsers of JSON commonly stop at 1,000 levels, and a fork is
four of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core_compiler.plan.nested.search import layered_tree
from core_compiler.plan.nested.trees import Inner, Tree, fork, substituted, tasks_of

DEEPEST = 32


def shallow(tree: Tree, before: Sequence[Sequence[int]], deepest: int = DEEPEST) -> Tree:
    """The same leaves in a tree of at most `deepest` forks inside each other: parts that lie deeper become layers.

    `before`: the direct predecessors of each leaf.
    """

    def layers(part: Tree) -> Tree:
        tasks = sorted(tasks_of(part))
        place = {task: index for index, task in enumerate(tasks)}
        edges = [(place[u], place[v]) for v in tasks for u in before[v] if u in place]
        return substituted(layered_tree(len(tasks), edges), tasks)

    found = _replaced(tree, deepest - 2, layers)
    assert found is not None
    return found


def hoisted(tree: Tree, deepest: int = DEEPEST) -> Tree:
    """The same leaves in a tree of at most `deepest` forks inside each other, where what is not in order is awaited.

    Parts that lie deeper become branches of the whole.
    """
    done: list[Tree] = []
    waiting = [tree]
    while waiting:
        rest = _replaced(waiting.pop(), deepest - 1, waiting.append)
        assert rest is not None
        done.append(rest)
    return fork(done)


def _replaced(tree: Tree, deepest: int, replace: Callable[[Tree], Tree | None]) -> Tree | None:
    values: list[Tree | None] = []
    # A tree with the forks around it, or an inner node whose parts are done.
    stack: list[tuple[Tree, int] | Inner] = [(tree, 0)]
    while stack:
        item = stack.pop()
        if isinstance(item, Inner):
            count = len(item.parts)
            kept = tuple(value for value in values[-count:] if value is not None)
            del values[-count:]
            values.append(kept[0] if len(kept) == 1 else Inner(item.kind, kept) if kept else None)
            continue
        part, depth = item
        if isinstance(part, int):
            values.append(part)
            continue
        inside = depth + (part.kind == "parallel")
        if inside > deepest:
            values.append(replace(part))
            continue
        stack.append(part)
        stack.extend((inner, inside) for inner in reversed(part.parts))
    return values[0]

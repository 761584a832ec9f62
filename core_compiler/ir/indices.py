"""From tasks' ids to the integer graphs of `core_compiler.graph`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from core_compiler.graph.pairs import SMALL
from core_compiler.ir.arguments import Literal, Output, read_tasks
from core_compiler.ir.decisions import ORDERING_GATES
from core_compiler.ir.workflow import Edge, Task

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Ends(NamedTuple):
    """The two ends of each edge, as two columns of ids."""

    upstream: Sequence[str]
    downstream: Sequence[str]

    def __add__(self, other: tuple[object, ...]) -> Ends:
        """The edges of both."""
        assert isinstance(other, Ends)
        return Ends([*self.upstream, *other.upstream], [*self.downstream, *other.downstream])


def numbered(ids: Iterable[str]) -> dict[str, int]:
    """Each id's place, from 0; the ids differ."""
    return dict(zip(ids, count()))


def ends_of(edges: Sequence[Edge]) -> Ends:
    """The ends of edges, in their order."""
    return Ends([edge.upstream for edge in edges], [edge.downstream for edge in edges])


def values_read(tasks: Iterable[Task]) -> Ends:
    """An edge for each value that a task reads, in the order of tasks and arguments; several where it reads several."""
    upstream: list[str] = []
    downstream: list[str] = []
    for task in tasks:
        for argument in task.arguments():
            # Most arguments are of these two kinds, and large graphs have hundreds of thousands of them.
            if type(argument) is Output:
                upstream.append(argument.task)
                downstream.append(task.id)
            elif type(argument) is not Literal:
                found = list(read_tasks([argument]))
                upstream += found
                downstream += [task.id] * len(found)
    return Ends(upstream, downstream)


def gates_between(tasks: Iterable[Task]) -> Ends:
    """An edge for each gate that orders its two tasks, and from each deciding task to what it may skip."""
    pairs: list[tuple[str, str]] = []
    for task in tasks:
        if task.gates:
            pairs += [(gate.task, task.id) for gate in task.gates if gate.kind in ORDERING_GATES]
        if task.decision is not None:
            pairs += [(task.id, target) for target in task.decision.targets]
    return Ends([up for up, _ in pairs], [down for _, down in pairs])


def indexed(number: Mapping[str, int], ends: Ends) -> Sequence[tuple[int, int]] | npt.NDArray[np.integer[Any]]:
    """The edges as integers: pairs for a small graph, an array for a large one, as `core_compiler.graph` likes them.

    Raises KeyError for an id that `number` lacks.
    """
    if len(number) <= SMALL or len(ends.upstream) < 2:
        return [(number[up], number[down]) for up, down in zip(ends.upstream, ends.downstream, strict=True)]
    import numpy as np

    # One call for a whole column: looking up one id after another takes several times as long.
    columns = [np.array(itemgetter(*column)(number), np.int64) for column in ends]
    return np.stack(columns, axis=1)

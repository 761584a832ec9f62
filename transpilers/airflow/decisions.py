"""What a branch or a short circuit skips, as tables (`providers/standard/utils/skipmixin.py`)."""

from __future__ import annotations

from collections.abc import Iterable

from core_compiler.ir import Branch, Decision, ShortCircuit
from transpilers.airflow.call import Literal, OperatorCall
from transpilers.airflow.operators.lowered import Decides
from transpilers.airflow.shape import Shape


def decision(call: OperatorCall, decides: Decides | None, shape: Shape) -> Decision | None:
    """The decision of a task, by what kind its operator makes."""
    match decides:
        case None:
            return None
        case Decides.BRANCH:
            return _branch(call.task_id, shape)
        case Decides.SHORT_CIRCUIT:
            return _short_circuit(call, shape)


def _branch(task: str, shape: Shape) -> Branch:
    """Every task and group may be returned; with it stay those direct downstream tasks that it is, or leads to.

    A group stands for its roots.
    """
    targets = shape.downstream[task]
    names = {name: _kept((name,), targets, shape) for name in shape.tasks}
    names |= {group: _kept(roots, targets, shape) for group, roots in shape.roots.items()}
    follows = {name: kept for name, kept in names.items() if kept}
    others = tuple(name for name in names if name not in follows)
    return Branch(targets, follows, others, keeps_value=shape.major == 2)


def _kept(chosen: Iterable[str], targets: tuple[str, ...], shape: Shape) -> tuple[str, ...]:
    reached = {name for one in chosen for name in (one, *shape.below(one))}
    return tuple(target for target in targets if target in reached)


def _short_circuit(call: OperatorCall, shape: Shape) -> ShortCircuit:
    """All tasks below, or only the direct ones; teardowns still clean up."""
    whole = call.kwargs.get("ignore_downstream_trigger_rules", Literal(True)) == Literal(True)
    below = shape.below(call.task_id) if whole else set(shape.downstream[call.task_id])
    return ShortCircuit(shape.ordered(below - shape.teardowns), keeps_value=shape.major == 2)

"""Gates: what is looked at before a task's rule.

A skip that another task decided holds against every rule (`ti_deps/deps/not_previously_skipped_dep.py`). Then what the
task requires without having it as a direct upstream task: a failure goes before a skip, and the rule `always` overrides
both (`_evaluate_setup_constraint` in `ti_deps/deps/trigger_rule_dep.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias, get_args

from handler.rules import Decision, Rule, Seen

GateKind: TypeAlias = Literal["may_skip", "requires", "setup"]
KINDS: tuple[GateKind, ...] = get_args(GateKind)


class Gate(NamedTuple):
    """Another task that has a say in whether this one runs."""

    task: str
    kind: GateKind


class SeenGate(NamedTuple):
    """A gate and how its task ended; `skips`: it decided that this task is skipped."""

    kind: GateKind
    status: Seen
    skips: bool = False


def decide_gates(rule: Rule, gates: Iterable[SeenGate]) -> Decision:
    """`run` where the rule decides; else what becomes of the task, whatever its rule says. Not done is no answer yet.

    A task that may skip this one and is not done has no say: this one may start before it only if its rule may be
    decided early.
    """
    gates = list(gates)
    if any(gate.skips for gate in gates):
        return "skipped"
    required = [gate.status for gate in gates if gate.kind == "requires"]
    if rule == "always":
        return "run"
    if "failed" in required or "upstream_failed" in required:
        return "upstream_failed"
    if "skipped" in required:
        return "skipped"
    return "wait" if "none" in required else "run"

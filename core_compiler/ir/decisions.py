"""Who may skip whom, and what is looked at before a task's rule."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class GateKind(StrEnum):
    """What the end of another task means for this one, before its rule is looked at.

    `may_skip`: that task decides whether this one is skipped, whatever its rule.
    `requires`: this one is skipped where that one was, and cannot run where that one did not succeed; the rule `always`
    overrides it.
    `setup`: that one, a direct upstream task, prepares something: all_done_setup_success wants one such to succeed.
    `after`: this one only starts after it.
    """

    MAY_SKIP = "may_skip"
    REQUIRES = "requires"
    SETUP = "setup"
    AFTER = "after"


#: Gates that say that the other task comes first. A setup is upstream, so that an edge says so.
ORDERING_GATES = frozenset({GateKind.MAY_SKIP, GateKind.REQUIRES, GateKind.AFTER})


class Gate(msgspec.Struct, frozen=True, gc=False):
    """Another task that has a say in whether this one runs."""

    task: str
    kind: GateKind


class Branch(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="branch"):
    """The task returns the names it follows (one, several, or None for none), and skips the other `targets`.

    `follows`: for each name, the targets that stay. `others`: names that may be returned and keep no target. Any other
    value makes the task fail. A task that skips something leaves no value, unless it `keeps_value`.
    """

    targets: tuple[str, ...]
    follows: dict[str, tuple[str, ...]] = {}
    others: tuple[str, ...] = ()
    keeps_value: bool = False


class ShortCircuit(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="short_circuit"):
    """The task skips all `targets` if what it returns is falsy, and then leaves no value unless it `keeps_value`."""

    targets: tuple[str, ...]
    keeps_value: bool = False


Decision = Branch | ShortCircuit

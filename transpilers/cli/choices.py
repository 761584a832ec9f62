"""What `--structure auto` had to choose from, as a table: nothing else is both faster and cheaper than one shown."""

from __future__ import annotations

from collections.abc import Sequence

from core_compiler.asl.limits import DOLLARS_PER_1000_TRANSITIONS
from core_compiler.compiler import Compiled
from core_compiler.plan import Choice


def choices_of(compiled: Compiled) -> list[str]:
    """The Pareto front of time and transitions, and layers for comparison; nothing where there was no choice."""
    shown = _front(compiled.choices)
    if len(shown) < 2:
        return []
    path = compiled.critical_path
    lines = [f"predicted: {path:.1f} s on the critical path"]
    for choice in shown:
        ratio = f"{choice.seconds / path:.2f} x" if path else ""
        dollars = choice.transitions * DOLLARS_PER_1000_TRANSITIONS
        lines.append(
            f"  {'*' if choice.taken else ' '} {choice.name:<10} {choice.seconds:>9.1f} s {ratio:>7}"
            f" {choice.transitions:>7} transitions  ${dollars:.3f} for 1,000 runs"
        )
    return lines


def _front(choices: Sequence[Choice]) -> list[Choice]:
    kept = [
        choice
        for choice in choices
        if choice.taken or choice.name == "layers" or not any(_better(other, choice) for other in choices)
    ]
    same = {(round(choice.seconds, 6), choice.transitions) for choice in kept}
    return sorted(kept, key=lambda choice: -choice.seconds) if len(same) > 1 else []


def _better(one: Choice, other: Choice) -> bool:
    return (
        one.seconds <= other.seconds
        and one.transitions <= other.transitions
        and (one.seconds, one.transitions) != (other.seconds, other.transitions)
    )

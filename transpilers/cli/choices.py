"""What `--structure auto` had to choose from, as a table: nothing else is both faster and cheaper than one shown."""

from __future__ import annotations

from collections.abc import Sequence

from core_compiler.asl.limits import DOLLARS_PER_1000_TRANSITIONS
from core_compiler.compiler import Compiled
from core_compiler.plan import Choice
from core_compiler.plan.timeline import timeline


def choices_of(compiled: Compiled) -> list[str]:
    """The Pareto front of time and transitions, and layers for comparison; nothing where there was no choice.

    Where durations are not sure its seconds are means over draws of them, so what the timeline draws is said too.
    """
    shown = _front(compiled.choices)
    if len(shown) < 2:
        return []
    path = compiled.critical_path
    drawn = compiled.draws > 1
    means = f", as means over {compiled.draws} draws of how long tasks may take" if drawn else ""
    lines = [f"predicted: {path:.1f} s on the critical path{means}"]
    for choice in shown:
        ratio = f"{choice.seconds / path:.2f} x" if path else ""
        dollars = choice.transitions * DOLLARS_PER_1000_TRANSITIONS
        lines.append(
            f"  {'*' if choice.taken else ' '} {choice.name:<10} {choice.seconds:>9.1f} s {ratio:>7}"
            f" {choice.transitions:>7} transitions  ${dollars:.3f} for 1,000 runs{_late(choice)}"
        )
    if drawn:
        expected = timeline(compiled.plan, compiled.workflow, compiled.durations)
        lines.append(
            f"    if each task takes what is expected of it: {max(expected.ends.values()):.1f} s (graph --timeline)"
        )
    return lines


def _late(choice: Choice) -> str:
    """Why it could not be taken, if so."""
    if not choice.late:
        return ""
    late = "1 task later than its rule" if choice.late == 1 else f"{choice.late} tasks later than their rules"
    return f"; starts {late} would"


def _front(choices: Sequence[Choice]) -> list[Choice]:
    """What nothing else is both faster and cheaper than, the slowest first; of what looks alike, the one taken."""
    kept = [
        choice
        for choice in choices
        if choice.taken or choice.name == "layers" or not any(_better(other, choice) for other in choices)
    ]
    kept.sort(key=lambda choice: (-choice.seconds, not choice.taken))
    alike: dict[tuple[float, int], Choice] = {}
    for choice in sorted(kept, key=lambda choice: not choice.taken):
        alike.setdefault((round(choice.seconds, 1), choice.transitions), choice)
    return [choice for choice in kept if choice in alike.values()] if len(alike) > 1 else []


def _better(one: Choice, other: Choice) -> bool:
    return (
        one.seconds <= other.seconds
        and one.transitions <= other.transitions
        and (one.seconds, one.transitions) != (other.seconds, other.transitions)
    )

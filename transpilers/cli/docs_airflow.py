"""What of Airflow is supported: a table for README.md, and docs/airflow.md with every argument and its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from transpilers.airflow.dag_arguments import DAG_ARGUMENTS, DAG_ARGUMENTS_2, DAG_KEPT, GROUP_ARGUMENTS, GROUP_KEPT
from transpilers.airflow.table import OPERATORS, REASONS, title
from transpilers.airflow.task_arguments import KEPT, TASK_ARGUMENTS, TASK_ARGUMENTS_2
from transpilers.airflow.uses import Effect, Use

PAGE_HEAD = """\
# Airflow: every argument

What an argument does to a run decides what becomes of it. **Kept**: the machine does the same. **No effect**: it does
nothing to a run. **Changed**: what it did beside the tasks is lost, and a warning says so. **Refused**: the machine
would behave otherwise, so the DAG is not compiled. An argument that is in no table is refused too.
"""
NO_COUNTERPART = """\
## Operators that are refused

Of Airflow's and its providers' operators, besides those above, every one is refused, with a reason: """
SECOND = """\
The version of Airflow that reads a file decides how its runs are compiled. For 2.11 these rows are otherwise; a branch
or a short circuit that skips something leaves its value; a teardown waits for what is right above it alone; tuples
inside other values come back as lists; and a DAG without a schedule runs daily."""
_WORDS: Mapping[Effect, str] = {Effect.NONE: "no effect", Effect.CHANGES: "changed", Effect.REFUSED: "refused"}


class Taker(msgspec.Struct, frozen=True):
    """Something of Airflow that takes arguments."""

    name: str
    kept: frozenset[str]
    uses: Mapping[str, Use]


def takers() -> list[Taker]:
    """A DAG, a task group, any operator, then each supported operator by the names it goes by."""
    families = {family.title: family for family in OPERATORS.values()}
    names: dict[str, list[str]] = {heading: [] for heading in families}
    for class_name, family in OPERATORS.items():
        called = "@task" if class_name.endswith("_PythonDecoratedOperator") else title(class_name)
        if called not in names[family.title]:
            names[family.title].append(called)
    return [
        Taker("`DAG`", DAG_KEPT, DAG_ARGUMENTS),
        Taker("`TaskGroup`", GROUP_KEPT, GROUP_ARGUMENTS),
        Taker("every operator", KEPT, TASK_ARGUMENTS),
        *(
            Taker(", ".join(f"`{name}`" for name in names[heading]), family.kept, family.uses)
            for heading, family in sorted(families.items())
        ),
    ]


def support_table() -> str:
    """The table of README.md: what is kept by name, the rest counted; docs/airflow.md has the reasons."""
    lines = ["| Airflow | kept | no effect on a run | changed, with a warning | refused |", "|---|---|---|---|---|"]
    for taker in takers():
        counts = [sum(use.effect is effect for use in taker.uses.values()) for effect in Effect]
        shown = " | ".join(str(count) if count else "" for count in counts)
        lines.append(f"| {taker.name} | {_names(taker.kept)} | {shown} |")
    lines += ["", "[docs/airflow.md](docs/airflow.md) has each argument and the reason. Other operators are refused."]
    return "\n".join(lines) + "\n"


def arguments_page() -> str:
    """docs/airflow.md."""
    parts = [PAGE_HEAD]
    for taker in takers():
        heading = taker.name.replace("every", "Every")
        parts.append(
            "\n".join([f"## {heading}", "", "| argument | becomes | why |", "|---|---|---|", *_rows(taker), ""])
        )
    parts.append(_of_airflow_2())
    reasons = dict.fromkeys(why for _, why in REASONS)
    parts.append(NO_COUNTERPART + "; ".join(reasons) + "; or there is no counterpart for it yet.\n")
    return "\n".join(parts)


def _of_airflow_2() -> str:
    lines = ["## Files of Airflow 2", "", SECOND, "", "| of | argument | becomes | why |", "|---|---|---|---|"]
    for name, old, new in (
        ("`DAG`", DAG_ARGUMENTS_2, DAG_ARGUMENTS),
        ("every operator", TASK_ARGUMENTS_2, TASK_ARGUMENTS),
    ):
        own = {argument: use for argument, use in old.items() if new.get(argument) != use}
        lines += [f"| {name} {row}" for row in _rows(Taker(name, frozenset(), own))]
    for family in {one.title: one for one in OPERATORS.values()}.values():
        lines += [f"| `{family.title}` {row}" for row in _rows(Taker(family.title, frozenset(), family.second))]
    return "\n".join([*lines, ""])


def _rows(taker: Taker) -> Iterator[str]:
    for name in sorted(taker.kept):
        yield f"| `{name}` | kept | |"
    for effect, word in _WORDS.items():
        for name, use in sorted(taker.uses.items()):
            if use.effect is effect:
                harmless = f"; {_names(map(repr, use.harmless))} asks for nothing" if use.harmless else ""
                yield f"| `{name}` | {word} | {use.reason}{harmless} |"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))

"""Nine scientific workflows of about 120 tasks as the recipes of WfCommons make them, with recorded durations.

The recipes enlarge the graphs of recorded runs and draw durations from those that were recorded. `recipes.json` holds
their graphs. To make it again, with WfCommons, which nothing else here needs:

    uv run --no-project --with wfcommons==1.6 --with msgspec python benchmarks/recipes.py
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import seed as seed_random

import msgspec

FILE = Path(__file__).with_suffix(".json")
#: The recipe that makes each. Rnaseq is left out: WfCommons 1.6 makes it without edges.
RECIPES: Mapping[str, str] = {
    "Montage": "MontageRecipe",
    "Epigenomics": "EpigenomicsRecipe",
    "1000Genome": "GenomeRecipe",
    "Cycles": "CyclesRecipe",
    "Seismology": "SeismologyRecipe",
    "SoyKB": "SoykbRecipe",
    "SRASearch": "SrasearchRecipe",
    "BLAST": "BlastRecipe",
    "BWA": "BwaRecipe",
}
TASKS, SEED = 120, 1


class Made(msgspec.Struct, frozen=True):
    """Number of tasks, edges between their numbers, and the seconds of each."""

    tasks: int
    edges: list[tuple[int, int]]
    seconds: list[float]


@cache
def made() -> dict[str, Made]:
    """The workflows of `recipes.json`."""
    return msgspec.json.decode(FILE.read_bytes(), type=dict[str, Made])


def shape(name: str) -> Callable[[int], tuple[int, list[tuple[int, int]]]]:
    """A workflow as a family of one graph."""
    return lambda _: (made()[name].tasks, made()[name].edges)


def main() -> None:
    """Make all nine and write them."""
    import numpy as np
    import wfcommons
    from wfcommons.wfgen import WorkflowGenerator

    found: dict[str, Made] = {}
    for name, recipe in RECIPES.items():
        seed_random(SEED)
        np.random.seed(SEED)
        generator = WorkflowGenerator(getattr(wfcommons, recipe).from_num_tasks(TASKS))
        workflow = generator.build_workflow()
        place = {task: number for number, task in enumerate(workflow.nodes())}
        # A task of no time at all is not what was recorded.
        seconds = [max(float(workflow.tasks[task].runtime or 0), 0.01) for task in workflow.nodes()]
        edges = [(place[u], place[v]) for u, v in workflow.edges()]
        found[name] = Made(len(place), edges, seconds)
    lines = [
        f"{msgspec.json.encode(name).decode()}: {msgspec.json.encode(one).decode()}" for name, one in found.items()
    ]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()

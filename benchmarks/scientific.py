"""Shapes of well-known scientific workflows, and small random ones: each returns the number of nodes and its edges.

Source of the shapes: the workflow descriptions of the WfCommons and Pegasus projects.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from random import Random

Shape = tuple[int, list[tuple[int, int]]]


class _Made:
    """Nodes numbered as they are made, so that edges lead from smaller to larger numbers."""

    def __init__(self) -> None:
        self.count = 0
        self.edges: list[tuple[int, int]] = []

    def node(self, *before: int) -> int:
        self.edges += [(other, self.count) for other in before]
        self.count += 1
        return self.count - 1

    def chain(self, length: int, *before: int) -> int:
        last = self.node(*before)
        for _ in range(length - 1):
            last = self.node(last)
        return last

    @property
    def shape(self) -> Shape:
        return self.count, self.edges


def article(_: int) -> Shape:
    """x -> 2x, and layers that make it wait for y and z."""
    made = _Made()
    x, y, z = (made.node() for _ in range(3))
    made.node(x)
    both = made.node(x, y)
    made.node(both, z)
    return made.shape


def montage(_: int) -> Shape:
    """A mosaic of 4 x 5 images: neighbours are compared, one model corrects all."""
    made = _Made()
    images = {place: made.node() for place in product(range(4), range(5))}
    pairs = [
        (images[row, column], images[below])
        for row, column in images
        for below in ((row + 1, column), (row, column + 1), (row + 1, column + 1))
        if below in images
    ]
    model = made.chain(2, *[made.node(*pair) for pair in pairs])
    corrected = [made.node(image, model) for image in images.values()]
    made.chain(4, *corrected)
    return made.shape


def epigenomics(_: int) -> Shape:
    """Lanes, each split into chunks of four steps that are merged again."""
    made = _Made()
    lanes: list[int] = []
    for chunks in (9, 12, 7):
        split = made.node()
        lanes.append(made.node(*[made.chain(4, split) for _ in range(chunks)]))
    made.chain(2, made.node(*lanes))
    return made.shape


def genome(_: int) -> Shape:
    """1000 Genomes: individuals are merged and sifted for each chromosome, then tested for each population."""
    made = _Made()
    populations = [made.node() for _ in range(6)]
    for _chromosome in range(4):
        merged = made.node(*[made.node() for _ in range(10)])
        sifted = made.node()
        for population in populations:
            made.node(merged, sifted, population)
            made.node(merged, sifted, population)
    return made.shape


def cycles(_: int) -> Shape:
    """Crop simulations: a baseline, then variants whose outputs are parsed and summarised across sites."""
    made = _Made()
    parsed: list[int] = []
    outputs: list[int] = []
    for _site in range(6):
        baseline = made.node()
        for _crop in range(3):
            run = made.node(baseline)
            fertilised = made.node(baseline, run)
            parsed.append(made.node(run, fertilised))
            outputs.append(made.node(run))
    summary = made.node(*parsed)
    made.node(*outputs)
    made.node(summary, *outputs)
    return made.shape


def seismology(_: int) -> Shape:
    """Many deconvolutions, one wrapper."""
    made = _Made()
    made.node(*[made.node() for _ in range(80)])
    return made.shape


def soykb(_: int) -> Shape:
    """Samples go through a long chain, then are called for each chromosome, all samples together."""
    made = _Made()
    samples = [made.chain(6) for _ in range(6)]
    calls: list[int] = []
    for _chromosome in range(5):
        called = [made.node(sample) for sample in samples]
        calls.append(made.node(*called))
    merged = [made.node(sample) for sample in samples]
    combined = made.node(*calls)
    both = [made.chain(2, combined), made.chain(2, combined)]
    made.node(*both, *merged)
    return made.shape


def srasearch(_: int) -> Shape:
    """Archives are fetched and aligned against one index, then merged in two steps."""
    made = _Made()
    index = made.node()
    aligned = [made.chain(2, made.node(), index) for _ in range(24)]
    parts = [made.node(*aligned[at : at + 6]) for at in range(0, 24, 6)]
    made.node(*parts)
    return made.shape


def bwa(_: int) -> Shape:
    """Two inputs are prepared, chunks are aligned with both, and two summaries read them all."""
    made = _Made()
    reference, reads = made.node(), made.node()
    chunks = [made.node(reference, reads) for _ in range(40)]
    made.node(made.node(*chunks), made.node(*chunks))
    return made.shape


def airflow(n: int) -> Callable[[int], Shape]:
    """Stages of short chains between a start and an end, with cross dependencies and shortcuts."""

    def make(seed: int) -> Shape:
        random = Random(seed)
        made = _Made()
        open_ends = [made.node()]
        while made.count < n - 1:
            fresh: list[int] = []
            for _ in range(random.choice((1, 1, 2, 3, 4, 6, 8))):
                length = min(random.choice((1, 1, 2, 3, 4)), n - 1 - made.count)
                if length <= 0:
                    break
                before = random.sample(open_ends, min(len(open_ends), random.choice((1, 1, 1, 2, 3))))
                for _step in range(length):
                    if made.count and random.random() < 0.15:
                        before = [*before, random.randrange(made.count)]
                    before = [made.node(*set(before))]
                fresh += before
            open_ends = fresh + [end for end in open_ends if random.random() < 0.35]
        busy = {u for u, _ in made.edges}
        made.node(*[u for u in range(made.count) if u not in busy])
        return made.shape

    return make


def layered(seed: int) -> Shape:
    """Twelve layers of eight, a random quarter of the edges from the layer before, an eighth from the one above."""
    random = Random(seed)
    edges = [
        (u, v)
        for v in range(96)
        for u in range(v)
        if (gap := v // 8 - u // 8) in (1, 2) and random.random() < 0.25 / gap
    ]
    return 96, edges


def fixed(make: Callable[[int], tuple[int, object]], n: int) -> Callable[[int], Shape]:
    """A family of `families` at one size."""

    def shape(_: int) -> Shape:
        count, edges = make(n)
        rows: Sequence[Sequence[int]] = edges.tolist()  # type: ignore[attr-defined]
        return count, [(u, v) for u, v in rows]

    return shape

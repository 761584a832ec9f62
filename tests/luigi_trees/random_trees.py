"""Random task trees as modules: failures, requirements at run time, existing outputs, external inputs, wrappers."""

from __future__ import annotations

import random
from typing import NamedTuple

SOURCE = """
import os

import luigi
from luigi.mock import MockTarget

NODES = {nodes!r}


def target(i, kind):
    match kind:
        case "relative":
            return luigi.LocalTarget(f"out/{{i}}.txt")
        case "absolute":
            return luigi.LocalTarget(f"/srv/data/{{i}}.txt")
        case "gzip":
            return luigi.LocalTarget(f"zip/{{i}}.gz", format=luigi.format.Gzip)
        case "folder":
            return luigi.LocalTarget(f"folders/{{i}}")
        case "bytes":
            return luigi.LocalTarget(f"raw/{{i}}.bin", format=luigi.format.Nop)
        case "mock":
            return MockTarget(f"mock/{{i}}")


def task(i):
    return {{"task": Node, "wrapper": Wrapper, "external": Outside}}[NODES[i]["sort"]](i)


def shaped(i):
    tasks = [task(one) for one in NODES[i]["requires"]]
    match NODES[i]["shape"]:
        case "dict":
            return {{f"k{{number}}": one for number, one in enumerate(tasks)}}
        case "nested":
            return {{"first": tasks[:1], "rest": tuple(tasks[1:])}}
        case "single" if len(tasks) == 1:
            return tasks[0]
    return tasks


class Known(luigi.Task):
    i = luigi.IntParameter()

    def output(self):
        return [target(self.i, kind) for kind in NODES[self.i]["outputs"]]


class Outside(Known, luigi.ExternalTask):
    pass


class Wrapper(luigi.WrapperTask):
    i = luigi.IntParameter()

    def requires(self):
        return shaped(self.i)


class Node(Known):
    noise = luigi.Parameter(default="x", significant=False)

    def requires(self):
        return shaped(self.i)

    def complete(self):
        if NODES[self.i]["broken"]:
            raise ValueError("its complete() is broken")
        return super().complete()

    def run(self):
        read = []
        for found in luigi.task.flatten(self.input()):
            read.append(self.look(found))
        for wave in NODES[self.i]["asks"]:
            for found in luigi.task.flatten((yield [task(one) for one in wave])):
                read.append(self.look(found))
        if NODES[self.i]["fails"] == "before":
            raise RuntimeError(f"{{self.i}} fails")
        for kind, found in zip(NODES[self.i]["outputs"], self.output()):
            self.write(kind, found, read)
        if NODES[self.i]["fails"] == "after":
            raise RuntimeError(f"{{self.i}} fails late")

    def look(self, found):
        if isinstance(found, luigi.LocalTarget) and os.path.isdir(found.path):
            return sorted(os.listdir(found.path))
        with found.open() as file:
            return len(file.read())

    def write(self, kind, found, read):
        text = f"{{self.i}} read {{read}}\\n"
        if kind == "folder":
            with found.temporary_path() as folder:
                os.makedirs(folder)
                for name in ("a", "b"):
                    with open(os.path.join(folder, name), "w") as file:
                        file.write(text + name)
        elif kind == "absolute":
            found.makedirs()
            with open(found.path, "w") as file:
                file.write(text)
        elif kind == "bytes":
            with found.open("w") as file:
                file.write(text.encode())
        else:
            with found.open("w") as file:
                file.write(text)


def make():
    return task({root})
"""
FILES = {"relative": "out/{}.txt", "absolute": "/srv/data/{}.txt", "bytes": "raw/{}.bin"}


class Case(NamedTuple):
    """A module `work` with a factory `make`, and the files that are there before."""

    source: str
    staged: dict[str, bytes]


def case(seed: int) -> Case:
    """The tree of a seed, the same each time."""
    draw = random.Random(seed)
    count = draw.randint(3, 12)
    nodes: dict[int, dict[str, object]] = {}
    staged: dict[str, bytes] = {}
    for i in range(count):
        below = list(range(max(0, i - 5), i))
        sort = draw.choices(("task", "wrapper", "external"), (8, 1 if below else 0, 1 if i < count - 1 else 0))[0]
        kinds = ["relative", "absolute", "gzip", "folder", "bytes"] + (["mock"] if sort == "task" else [])
        outputs = draw.sample(kinds[:2] if sort == "external" else kinds, draw.choices((1, 2), (4, 1))[0])
        asks = _asks(draw, [one for one in below if nodes[one]["sort"] == "task" and nodes[one]["fails"] != "after"])
        nodes[i] = {
            "sort": sort,
            "outputs": outputs,
            "requires": sorted(draw.sample(below, min(len(below), draw.choices((0, 1, 2, 3), (1, 4, 3, 1))[0]))),
            "shape": draw.choice(("list", "dict", "nested", "single")),
            "asks": asks if sort == "task" else [],
            "fails": draw.choices(("", "before", "after"), (20, 1, 1))[0] if sort == "task" else "",
            "broken": sort == "task" and draw.random() < 0.03,
        }
        if draw.random() < (0.8 if sort == "external" else 0.12):
            staged |= {FILES[kind].format(i): f"staged {i}\n".encode() for kind in outputs if kind in FILES}
    return Case(SOURCE.format(nodes=nodes, root=count - 1), staged)


def _asks(draw: random.Random, askable: list[int]) -> list[list[int]]:
    """Waves of tasks that a task asks for while it runs. One that fails late would be complete or not by chance."""
    if not askable or draw.random() > 0.3:
        return []
    return [draw.sample(askable, draw.randint(1, min(2, len(askable)))) for _ in range(draw.randint(1, 2))]

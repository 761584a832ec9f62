"""Requirements that are asked for while a task runs: run, resumed, shared, nested, refused where they never end."""

from __future__ import annotations

from pathlib import Path

import pytest
from luigi_trees.trees import bundle, files, run, tree
from support.validators import complaints

from core_compiler.emit.expected import Cost
from transpilers.local import RunResult

SOURCE = """
import os


class Out(luigi.Task):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"out/{type(self).__name__}{self.n}")

    def write(self, text):
        with self.output().open("w") as file:
            file.write(text)


class Leaf(Out):
    def run(self):
        self.write(f"leaf {self.n}")


class Above(Out):
    def requires(self):
        return [Leaf(self.n), Leaf(self.n + 1)]

    def run(self):
        self.write(" ".join(target.open().read() for target in self.input()))


class Asks(Out):
    def run(self):
        first = yield Above(self.n)
        many = yield [Leaf(self.n), Nested(self.n)]
        named = yield {"a": Leaf(self.n + 2)}
        found = [target.open().read() for target in (first, *many, named["a"])]
        self.write(", ".join(found))


class Nested(Out):
    def run(self):
        inner = yield Inner(self.n)
        self.write("nested in " + inner.open().read())


class Inner(Out):
    def run(self):
        deepest = yield Leaf(self.n + 7)
        self.write("inner of " + deepest.open().read())


class Two(luigi.WrapperTask):
    def requires(self):
        return [Asks(1), Asks(2)]


class Cycle(Out):
    def run(self):
        yield Back(self.n)


class Back(Out):
    def requires(self):
        return Cycle(self.n)


class Forever(Out):
    def run(self):
        yield Without()


class Without(luigi.Task):
    def run(self):
        pass


class Deep(Out):
    def run(self):
        yield Deep(self.n + 1)


class Broken(Out):
    def run(self):
        raise ValueError("broken")


class AsksBroken(Out):
    def run(self):
        yield [Broken(1), Leaf(1)]
        self.write("never")


class Hidden(Out):
    def run(self):
        return self.more()

    def more(self):
        yield Leaf(90)


def all_of_them():
    return [Two(), Cycle(1), Forever(1), Deep(1), AsksBroken(1), Hidden(1)]
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """All trees of the module in one machine, run once."""
    folder = tmp_path_factory.mktemp("dynamic")
    made = bundle(tree(folder, SOURCE + "\n\nmake = all_of_them\n"), folder / "bundle")
    result = run(made, folder / "store")
    logs = [(path.parent.name, path.read_text()) for path in (folder / "store").rglob("log/*/*")]
    return {"result": result, "files": files(folder / "store"), "bundle": made, "store": folder / "store", "logs": logs}


def status(ran: dict[str, object], family: str) -> str | None:
    result = ran["result"]
    return next(found for task, found in result.tasks.items() if task.startswith(family))  # pyright: ignore


def said(ran: dict[str, object], family: str) -> str:
    return "".join(text for task, text in ran["logs"] if task.startswith(family))  # pyright: ignore


def test_what_is_asked_for_runs_with_what_it_requires(ran: dict[str, object]):
    found: dict[str, bytes] = ran["files"]  # pyright: ignore
    assert status(ran, "Two") == "success"
    assert found["out/Asks1"] == b"leaf 1 leaf 2, leaf 1, nested in inner of leaf 8, leaf 3"
    assert found["out/Asks2"] == b"leaf 2 leaf 3, leaf 2, nested in inner of leaf 9, leaf 4"
    # Nothing but their records tells of them.
    assert (status(ran, "Leaf_3_"), status(ran, "Inner_1_")) == ("success", "success")


def test_asking_costs_what_was_predicted(ran: dict[str, object]):
    result: RunResult = ran["result"]  # pyright: ignore
    assert result.expected == Cost(result.transitions, result.events)


def test_what_two_tasks_ask_for_runs_once(ran: dict[str, object]):
    store: Path = ran["store"]  # pyright: ignore
    runs = [path for path in store.rglob("log/Leaf_2_*/*") if "running" in path.read_text()]
    assert len(runs) == 1


def test_a_cycle_is_told(ran: dict[str, object]):
    assert status(ran, "Cycle") == "failed"
    assert "make a cycle: Cycle_1_" in said(ran, "Cycle")
    assert "> Back_1_" in said(ran, "Cycle")


def test_what_never_becomes_complete_is_told(ran: dict[str, object]):
    assert status(ran, "Forever") == "failed"
    assert "which ran and is not complete: Luigi would never end" in said(ran, "Forever")


def test_too_deep_is_told(ran: dict[str, object]):
    assert status(ran, "Deep_1_") == "failed"
    assert "nested more than 50 deep" in said(ran, "Deep_1_")


def test_a_failure_leaves_the_asking_task_pending(ran: dict[str, object]):
    found: dict[str, bytes] = ran["files"]  # pyright: ignore
    assert status(ran, "AsksBroken") == "upstream_failed"
    assert "cannot be had: Broken_1_" in said(ran, "AsksBroken")
    assert found["out/Leaf1"] == b"leaf 1"
    assert "out/AsksBroken1" not in found


def test_a_yield_that_could_not_be_seen_fails_loudly(ran: dict[str, object]):
    assert status(ran, "Hidden") == "failed"
    assert "is no generator function" in said(ran, "Hidden")


def test_the_machine_passes_every_validator(ran: dict[str, object]):
    import json

    made: Path = ran["bundle"]  # pyright: ignore
    assert complaints({"dynamic": json.loads((made / "machine.asl.json").read_bytes())}) == []

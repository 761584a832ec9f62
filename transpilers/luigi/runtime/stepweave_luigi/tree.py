"""The frozen tree: every task that was known when the machine was made, by its id."""

from __future__ import annotations

import functools
import importlib
import json
import os
from collections.abc import Mapping
from typing import Any

from stepweave_luigi.describe import make
from stepweave_luigi.structure import thaw_structure

#: Beside this package, in the function's folder.
FILE = "stepweave_luigi_tree.json"


class Tree:
    """Makes tasks again. Each requires what it did when the tree was frozen; tasks that are not in it are as live."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.roots: list[str] = content["roots"]
        self.settings: dict[str, Any] = content.get("settings", {})
        self.module: str = content.get("module", "")
        self.described: dict[str, dict[str, Any]] = content["tasks"]
        self._made: dict[str, Any] = {}

    def __contains__(self, task_id: str) -> bool:
        """Whether the task was known when the machine was made."""
        return task_id in self.described

    def load(self) -> None:
        """Import the module that Luigi would begin with: it may name classes, and handle events of all tasks."""
        if self.module:
            importlib.import_module(self.module)

    def task(self, task_id: str) -> Any:
        """The task, the same object each time. Raises NotFound where it cannot be made again."""
        found = self._made.get(task_id)
        if found is None:
            found = self._made[task_id] = self.frozen(make(self.described[task_id], task_id))
        return found

    def frozen(self, task: Any) -> Any:
        """The same task, which requires what the tree says, if the tree knows it."""
        described = self.described.get(task.task_id)
        if described is not None and "requires" in described:
            task.requires = functools.partial(thaw_structure, described["requires"], self.task)
            if "deps" in described:
                task.deps = lambda: [self.task(name) for name in described["deps"]]
        return task

    def forget(self) -> None:
        """Drop the tasks that were made: a warm process is to begin like a new one."""
        from luigi.task_register import Register

        self._made.clear()
        Register.clear_instance_cache()


def shipped() -> Tree:
    """The tree of the machine that this package ships with."""
    return _read(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), FILE))


@functools.cache
def _read(path: str) -> Tree:
    with open(path, encoding="utf-8") as file:
        return Tree(json.load(file))

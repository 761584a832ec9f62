"""moto's AWS Batch, loaded when somebody asks for it.

moto's interpreter needs one enumeration of it (`moto.batch.utils`), and importing the package loads every instance type
of EC2 and where each is offered: 95 MB, and most of a second. Importing this module puts a package in its place that
loads the rest with the first look at it; it has to come before the interpreter's own import.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

import moto

NAME = "moto.batch"


class Deferred(ModuleType):
    """A package whose `models` are loaded with the first name that is looked for in it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(f"{NAME}.models"), name)


if NAME not in sys.modules:
    package = Deferred(NAME)
    package.__path__ = [f"{folder}/batch" for folder in moto.__path__]
    sys.modules[NAME] = package
    setattr(moto, "batch", package)  # noqa: B010  # as an import would

"""Where in the user's file each task and DAG was made: live objects carry no line, so constructors are watched."""

from __future__ import annotations

import inspect
import os
from functools import cache
from types import FrameType
from typing import Any

from .engine import engine

#: The name under which the user's file is imported.
MODULE = "stepweave_dag_file"


class Frames:
    """While entered, notes the place of every operator, mapped operator and DAG that is made."""

    def __init__(self, path: str, shown: str) -> None:
        import airflow

        self.path, self.shown = path, shown
        self._airflow = os.path.dirname(os.path.abspath(airflow.__file__)) + os.sep
        self._made: dict[int, tuple[int, Any, dict[str, Any] | None, frozenset[str], frozenset[str]]] = {}
        self._classes: list[Any] = []

    def __enter__(self) -> None:
        self._classes = [engine().dag, engine().operator, engine().mapped]
        for cls in self._classes:
            told = _signature(cls)
            new = self._watched()
            new.__signature__ = told
            cls.__new__ = staticmethod(new)

    def __exit__(self, *_: object) -> None:
        for cls in self._classes:
            # Without a `__new__` of its own, `object.__new__` would refuse the constructor's arguments.
            cls.__new__ = staticmethod(_plain)

    def _watched(self) -> Any:
        def new(cls: Any, *_args: Any, **kwargs: Any) -> Any:
            made = object.__new__(cls)
            # Holding the object keeps its id from being given to another.
            place, defaults = self._caller(inspect.currentframe()), frozenset(kwargs.get("default_args") or ())
            self._made[id(made)] = (len(self._made), made, place, frozenset(kwargs), defaults)
            return made

        return new

    def _caller(self, frame: FrameType | None) -> dict[str, Any] | None:
        """The innermost frame in the user's file, else the innermost outside Airflow."""
        outside: FrameType | None = None
        while frame is not None:
            name = frame.f_code.co_filename
            if name == self.path:
                return self._span(frame)
            if outside is None and name != __file__ and not name.startswith((self._airflow, "<")):
                outside = frame
            frame = frame.f_back
        return self._span(outside) if outside and os.path.exists(outside.f_code.co_filename) else None

    def _span(self, frame: FrameType) -> dict[str, Any]:
        span = self.place(frame.f_code.co_filename, frame.f_lineno)
        positions = getattr(frame.f_code, "co_positions", None)
        if positions is not None:
            line, _, column, _ = list(positions())[frame.f_lasti // 2]
            if line == frame.f_lineno and column is not None:
                span["column"] = column + 1
        return span

    def place(self, filename: str, line: int) -> dict[str, Any]:
        """A span; the file itself by the name it is shown as."""
        return {"path": self.shown if filename == self.path else filename, "line": line}

    def span(self, made: Any) -> dict[str, Any] | None:
        """Where `made` was made, None where nobody watched."""
        return self._made[id(made)][2] if id(made) in self._made else None

    def passed(self, made: Any) -> frozenset[str]:
        """The names of the arguments that its constructor was called with."""
        return self._made[id(made)][3] if id(made) in self._made else frozenset()

    def defaults(self, made: Any) -> frozenset[str]:
        """The names in the `default_args` that its constructor was called with."""
        return self._made[id(made)][4] if id(made) in self._made else frozenset()

    def number(self, made: Any) -> int:
        """The how manieth it was, counted from 0: an order that is the same each time."""
        return self._made[id(made)][0] if id(made) in self._made else len(self._made)


@cache
def _signature(cls: type[Any]) -> inspect.Signature:
    """What a class says of itself before it is watched: Airflow asks it which of default_args a mapped task takes."""
    told = inspect.signature(cls)
    first = inspect.Parameter("cls", inspect.Parameter.POSITIONAL_ONLY)
    rest = [
        each.replace(kind=max(each.kind, inspect.Parameter.POSITIONAL_OR_KEYWORD)) for each in told.parameters.values()
    ]
    return told.replace(parameters=[first, *rest])


def _plain(cls: type[Any], *_args: object, **_kwargs: object) -> Any:
    return object.__new__(cls)

"""What the source engine's context has and the machine does not: every use is an error, never a wrong value."""

from __future__ import annotations

from typing import Any, NoReturn

from handler.errors import Failed


class ContextMissing(Failed):
    """A task asked its context for something that the machine does not have: no retry helps."""


def missing(what: str) -> ContextMissing:
    """The error about one thing."""
    return ContextMissing(f"{what} is not there: the machine has no such part of the engine's context")


class Absent:
    """Stands for a part of the context that is not there. It can be passed on and printed, and nothing else."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __repr__(self) -> str:
        return f"<{self._what}: not there>"

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing(f"{self._what}.{name}")

    def _refuse(self, *_: Any) -> NoReturn:
        raise missing(self._what)

    __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = __call__ = __int__ = __float__ = _refuse
    __str__ = __format__ = _refuse  # pyright: ignore[reportAssignmentType]
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __sub__ = __radd__ = __rsub__ = _refuse


class Model:
    """An object of the context: the attributes that are known, a clear error for all others."""

    def __getattr__(self, name: str) -> Any:
        # Python and its libraries probe for special names.
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing(f"{type(self).__name__}.{name}")

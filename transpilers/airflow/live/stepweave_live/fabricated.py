"""Stand-ins for what a missing module holds: they carry their name, and note where they decide about the file.

A stand-in may be passed on, called and looked into. What would need its real value (a condition, a loop, a dependency,
a number) is noted in `Notes.decided`: the graph that came out may then not be the real one.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from types import FrameType
from typing import Any

from .engine import engine

#: Around the name of a stand-in where it became part of a string: no other text has these characters.
OPEN, CLOSE = "\ue7f0", "\ue7f1"
_LIBRARIES = tuple(
    {os.path.abspath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    | {os.path.dirname(os.path.abspath(__file__)) + os.sep}
)
_FUNCTION = type(lambda: None)


class Notes:
    """What was fabricated while one file was read: `modules` by name, and `decided` (name, how, file, line)."""

    def __init__(self) -> None:
        self.modules: set[str] = set()
        self.decided: list[tuple[str, str, str, int]] = []


#: Of the file that is being read.
notes = Notes()


class Fabricated:
    """The stand-in named `name`: a dotted path, or the expression that would have given the value."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "stepweave_name", name)
        object.__setattr__(self, "__name__", name.rpartition(".")[2])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if "task_id" in kwargs:
            from .operators import operator, partial

            if self.stepweave_name.endswith(".partial"):
                return partial(self.stepweave_name.removesuffix(".partial"), kwargs)
            return operator(self.stepweave_name)(*args, **kwargs)
        if len(args) == 1 and not kwargs and isinstance(args[0], _FUNCTION):
            # A decorator: the function below it is what there is to see.
            return args[0]
        makes = next((name for name in ("dag_id", "group_id", "dag", "task_group") if name in kwargs), None)
        if makes or any(_of_graph(value) for value in args):
            self._decides("what a call makes")
        return Fabricated(f"{self.stepweave_name}(...)")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name in ("set_upstream", "set_downstream"):
            self._decides("a dependency")
        return Fabricated(f"{self.stepweave_name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        return None

    def __getitem__(self, key: Any) -> Any:
        return Fabricated(f"{self.stepweave_name}[{key!r}]")

    def __setitem__(self, key: Any, value: Any) -> None:
        return None

    def __str__(self) -> str:
        return f"{OPEN}{self.stepweave_name}{CLOSE}"

    __repr__ = __str__

    def __format__(self, _: str) -> str:
        return str(self)

    def __fspath__(self) -> str:
        return str(self)

    def __hash__(self) -> int:
        return hash(self.stepweave_name)

    def __mro_entries__(self, _: Any) -> tuple[type, ...]:
        return (object,)

    def __bool__(self) -> bool:
        return self._asked("a condition", True)

    def __eq__(self, other: object) -> bool:
        return self is other or self._asked("a comparison", False)

    def __lt__(self, _: object) -> bool:
        return self._asked("a comparison", False)

    __gt__ = __le__ = __ge__ = __lt__

    def __instancecheck__(self, _: object) -> bool:
        return self._asked("a comparison", False)

    def __contains__(self, _: object) -> bool:
        return self._asked("a comparison", False)

    def __iter__(self) -> Any:
        self._decides("a loop")
        return iter(())

    def __len__(self) -> int:
        self._decides("a length")
        return 0

    def __enter__(self) -> Any:
        if _open_dag():
            self._decides("a `with` statement")
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __rshift__(self, other: Any) -> Any:
        self._decides("a dependency")
        return other

    __lshift__ = __rshift__

    def __rrshift__(self, _: Any) -> Any:
        self._decides("a dependency")
        return self

    __rlshift__ = __rrshift__

    def _combined(self, *_: Any) -> Any:
        return Fabricated(f"{self.stepweave_name} ...")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _combined
    __floordiv__ = __mod__ = __rmod__ = __pow__ = __or__ = __ror__ = __and__ = __rand__ = __neg__ = _combined

    def _asked(self, how: str, answer: bool) -> bool:
        """Only the user's own question decides about the file: Airflow asks of whatever it is given."""
        if _in_users_code(sys._getframe(2)):  # pyright: ignore[reportPrivateUsage]
            self._decides(how)
        return answer

    def _decides(self, how: str) -> None:
        frame: FrameType | None = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
        while frame is not None and not _in_users_code(frame):
            frame = frame.f_back
        place = frame.f_code.co_filename if frame else ""
        notes.decided.append((self.stepweave_name, how, place, frame.f_lineno if frame else 0))


def plain(text: str) -> str:
    """Text without the marks around the names of stand-ins."""
    return text.replace(OPEN, "").replace(CLOSE, "")


def inside(text: str) -> str:
    """The name of the first stand-in that became part of `text`, "" where there is none."""
    return text.partition(OPEN)[2].partition(CLOSE)[0] if OPEN in text else ""


def from_users_code() -> bool:
    """Whether the caller's caller is code of the user's."""
    return _in_users_code(sys._getframe(2))  # pyright: ignore[reportPrivateUsage]


def asks_for_import() -> bool:
    """Whether the import that is under way stands in the user's code, or in a module that stands there in turn."""
    frame: FrameType | None = sys._getframe(2)  # pyright: ignore[reportPrivateUsage]
    while frame is not None and frame.f_code.co_filename.startswith(("<frozen importlib", __file__)):
        frame = frame.f_back
    return frame is not None and _in_users_code(frame)


def _in_users_code(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    return not name.startswith(_LIBRARIES) and not name.startswith("<")


def _open_dag() -> bool:
    context: Any = engine().dag_context
    return (context.get_current() if engine().major == 3 else context.get_current_dag()) is not None


def _of_graph(value: Any) -> bool:
    return isinstance(value, engine().dag) or any(cls.__name__ == "DependencyMixin" for cls in type(value).__mro__)

"""Finds what runs a task: a component of the handler by name, or one of the user's."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from handler.deadline import Limit
from handler.errors import InvalidEvent
from handler.invocation import Invocation
from handler.json_types import JsonObject
from handler.reader import Reader
from handler.values import Stored

if TYPE_CHECKING:
    from handler.context import Context

#: Components whose settings are those of the IR's struct of the same name.
BUILT_IN = frozenset({"python", "shell", "noop", "constant", "calendar", "wait", "pickled", "source"})
USER_VARIABLE = "STEPWEAVE_USER"
_USER_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "user")


class Origin(NamedTuple):
    """Where a call comes from: the run's prefix, the task, its invocation, and whether an attempt before it crashed."""

    run: str
    task: str
    invocation: Invocation
    again: bool


class Call(NamedTuple):
    """What a component is called with: its settings, the task's arguments, the time limit it runs under, the run.

    `origin` is None for a published event, which is no task of a run. `context` is there for tasks that use it.
    """

    config: JsonObject
    args: list[object]
    kwargs: dict[str, object]
    limit: Limit
    reader: Reader
    origin: Origin | None = None
    context: Context | None = None


class Outputs(NamedTuple):
    """Returned by a component that encodes its values itself: stored bytes by key, or where it has put them."""

    values: dict[str, Stored]


Component: TypeAlias = Callable[[Call], object]


def find(name: str) -> Component:
    """The component with this name; InvalidEvent where there is none.

    Those of `BUILT_IN` are the handler's. Any other is `module:attribute`, or an attribute of the user's module
    `components`: a class is made with the settings as keywords and its instance called with the arguments, anything
    else is called with both.
    """
    if name in BUILT_IN:
        return cast("Component", importlib.import_module(f"handler.components.{name}").run)
    found = _find_user(name)

    def run(call: Call) -> object:
        if isinstance(found, type):
            instance = cast("Callable[..., Callable[..., object]]", found)(**call.config)
            return instance(*call.args, **call.kwargs)
        return cast("Callable[..., object]", found)(*call.args, **call.kwargs, **call.config)

    return run


def resolve(path: str) -> object:
    """The object at `module:qualified.name`; ImportError or AttributeError where there is none."""
    module, _, attributes = path.partition(":")
    found: object = import_user_module(module)
    for attribute in attributes.split("."):
        found = getattr(found, attribute)
    return found


def import_user_module(name: str) -> ModuleType:
    """A module of the user's code: `user/` beside the handler, or the folders in `STEPWEAVE_USER`."""
    add_user_folders()
    return importlib.import_module(name)


def add_user_folders() -> None:
    """Have the user's modules found, as `import_user_module` does."""
    for folder in user_folders():
        if folder not in sys.path and os.path.isdir(folder):
            sys.path.insert(_before_site_packages(), folder)


def user_folders() -> list[str]:
    """Where the user's files are: `user/` beside the handler, and the folders in `STEPWEAVE_USER`."""
    return [_USER_FOLDER, *filter(None, os.environ.get(USER_VARIABLE, "").split(os.pathsep))]


def _before_site_packages() -> int:
    """The user's modules go before installed ones, and never before the standard library."""
    names = ("site-packages", "dist-packages")
    return next((at for at, folder in enumerate(sys.path) if folder.rstrip("/").endswith(names)), len(sys.path))


def _find_user(name: str) -> object:
    path = name if ":" in name else f"components:{name}"
    module = path.partition(":")[0]
    try:
        return resolve(path)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise InvalidEvent(f"component_name: {name!r} is not known, and there is no module {module}") from error
    except AttributeError as error:
        raise InvalidEvent(f"component_name: {name!r} is not known: {error}") from error

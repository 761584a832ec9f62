"""Luigi's local targets over `Files`: paths lead into the sandbox, and what is asked for is fetched from the store."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import luigi
from luigi.local_target import LocalFileSystem, LocalTarget, atomic_file

from stepweave_luigi.files import Files


class _Current:
    """The files of the task that runs now; None before and after, when targets are as Luigi made them."""

    files: Files | None = None


def use(files: Files | None) -> None:
    """Let all local targets lead to `files`, or be as Luigi made them."""
    _Current.files = files


def local_outputs(task: Any) -> Iterator[str]:
    """The paths of a task's local outputs."""
    for target in luigi.task.flatten(task.output()):
        if isinstance(target, LocalTarget):
            yield _raw(target)


def install() -> None:
    """Change Luigi's classes, once a process."""
    if getattr(LocalTarget, "_stepweave", False):
        return
    LocalTarget._stepweave = True  # pyright: ignore[reportAttributeAccessIssue]
    LocalTarget.path = property(_path, _set_path)  # pyright: ignore[reportAttributeAccessIssue]
    LocalTarget.__str__ = _raw  # pyright: ignore[reportAttributeAccessIssue]
    LocalTarget.exists = _exists  # pyright: ignore[reportAttributeAccessIssue]
    LocalTarget.open = _opening(LocalTarget.open)
    LocalFileSystem.exists = _fs_exists  # pyright: ignore[reportAttributeAccessIssue]
    for name, count in (("copy", 2), ("move", 2), ("isdir", 1), ("listdir", 1), ("remove", 1), ("mkdir", 1)):
        setattr(LocalFileSystem, name, _fetching(getattr(LocalFileSystem, name), count))


def _raw(target: Any) -> str:
    return target.__dict__["_stepweave_path"]


def _set_path(target: Any, path: str) -> None:
    files = _Current.files
    # A path made out of another target's leads into the sandbox: the target is known by what it stands for.
    target.__dict__["_stepweave_path"] = files.places.name(path) if files and _inside(files, path) else path


def _path(target: Any) -> str:
    raw, files = _raw(target), _Current.files
    return raw if files is None else _shown(files, raw, files.fetch(raw))


def _inside(files: Files, path: str) -> bool:
    return any(os.path.normpath(path).startswith(top) for top in files.places.tops)


def _shown(files: Files, raw: str, local: str) -> str:
    """A relative path stays as it is: the task runs in the folder that it is relative to."""
    if not os.path.isabs(raw) and local.startswith(files.places.work):
        return raw
    return local + os.sep if raw.endswith(os.sep) else local


def _exists(target: Any) -> bool:
    files, raw = _Current.files, _raw(target)
    return os.path.exists(raw) if files is None else files.exists(raw)


def _fs_exists(_: Any, path: str) -> bool:
    return os.path.exists(path) if _Current.files is None else _Current.files.exists(path)


def _opening(original: Any) -> Any:
    def open_target(target: Any, mode: str = "r") -> Any:
        files = _Current.files
        if files is None or mode.replace("b", "").replace("t", "") != "w":
            return original(target, mode)
        return target.format.pipe_writer(atomic_file(files.local(_raw(target))))

    return open_target


def _fetching(original: Any, count: int) -> Any:
    """The method of the file system, whose first `count` arguments are paths."""

    def method(fs: Any, *args: Any, **kwargs: Any) -> Any:
        files = _Current.files
        if files is None:
            return original(fs, *args, **kwargs)
        paths = [_shown(files, path, files.fetch(path)) for path in map(os.fspath, args[:count])]
        return original(fs, *paths, *args[count:], **kwargs)

    return method

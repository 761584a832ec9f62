"""A bundle, read for running."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, cast

import msgspec

from transpilers.local.account import machine_arn
from transpilers.local.waits import cap_retry_waits

MACHINE, MANIFEST, CHILDREN, LAMBDA = "machine.asl.json", "manifest.json", "machines", "lambda"
#: What the emitter writes for the handler function's ARN.
HANDLER = "${HandlerArn}"
NO_ARNS: Mapping[str, str] = {}


class BundleError(Exception):
    """The folder is no bundle, or a broken one; the message says what is wrong."""


class Bundle(msgspec.Struct, frozen=True):
    """What a run needs of a bundle: `machine` and `children` (by name) are definitions, `tasks` the ids in order.

    `name` is the machine's, `workflow` the workflow's.
    """

    folder: Path
    name: str
    workflow: str
    machine: dict[str, object]
    children: dict[str, dict[str, object]]
    tasks: tuple[str, ...]

    @property
    def code(self) -> Path:
        """The Lambda function's folder."""
        return self.folder / LAMBDA

    @property
    def pickles(self) -> bool:
        """Whether its tasks are pickled calls, whose values are pickles too and have to be signed."""
        return (self.code / "user" / "pickled").is_dir()

    def with_retry_waits(self, most: int) -> Bundle:
        """The same bundle, whose retries wait at most so many seconds."""
        return msgspec.structs.replace(
            self,
            machine=cap_retry_waits(self.machine, most),
            children={name: cap_retry_waits(child, most) for name, child in self.children.items()},
        )


def load_bundle(folder: Path, handler_arn: str) -> Bundle:
    """Read the bundle at `folder`, the handler's ARN filled in. Raises BundleError."""
    if not folder.is_dir():
        raise BundleError(f"{folder} is not a folder")
    manifest = _read(folder / MANIFEST)
    if manifest.get("v") != 1:
        raise BundleError(f"{folder / MANIFEST} is of version {manifest.get('v')}, not 1")
    name, tasks = manifest.get("machine", manifest.get("name")), manifest.get("tasks")
    if not isinstance(name, str) or not isinstance(tasks, dict):
        raise BundleError(f"{folder / MANIFEST} lacks the machine's name or the tasks")
    if not (folder / LAMBDA).is_dir():
        raise BundleError(f"{folder / LAMBDA} is missing")
    parts = _parts(manifest, folder)
    arns = {HANDLER: handler_arn, **{part.placeholder: machine_arn(part.machine) for part in parts}}
    return Bundle(
        folder=folder,
        name=name,
        workflow=str(manifest.get("name", name)),
        machine=_read(folder / MACHINE, arns),
        children={part.machine: _read(part.path, arns) for part in parts},
        tasks=tuple(cast("dict[str, object]", tasks)),
    )


class _Part(NamedTuple):
    """A machine that another starts: its file, what it is called, and what stands for its ARN."""

    path: Path
    machine: str
    placeholder: str


def _parts(manifest: dict[str, object], folder: Path) -> list[_Part]:
    found: list[_Part] = []
    for name, entry in cast("dict[str, object]", manifest.get("parts") or {}).items():
        match entry:
            case {"machine": str(machine), "placeholder": str(placeholder)}:
                found.append(_Part(folder / CHILDREN / f"{name}.asl.json", machine, placeholder))
            case _:
                raise BundleError(f"{folder / MANIFEST} says not what to call the machine {name}")
    return found


def _read(path: Path, arns: Mapping[str, str] = NO_ARNS) -> dict[str, object]:
    try:
        text = path.read_text("utf-8")
        for placeholder, arn in arns.items():
            text = text.replace(placeholder, arn)
        content = json.loads(text)
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BundleError(f"{path} is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise BundleError(f"{path} holds no JSON object")
    return cast("dict[str, object]", content)

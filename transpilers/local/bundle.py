"""A bundle, read for running."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import msgspec

from transpilers.local.waits import cap_retry_waits

MACHINE, MANIFEST, CHILDREN, LAMBDA = "machine.asl.json", "manifest.json", "machines", "lambda"
#: What the emitter writes for the handler function's ARN.
HANDLER = "${HandlerArn}"


class BundleError(Exception):
    """The folder is no bundle, or a broken one; the message says what is wrong."""


class Bundle(msgspec.Struct, frozen=True):
    """What a run needs of a bundle: `machine` and `children` (by name) are definitions, `tasks` the ids in order."""

    folder: Path
    name: str
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
    return Bundle(
        folder=folder,
        name=name,
        machine=_read(folder / MACHINE, handler_arn),
        children={
            path.name.removesuffix(".asl.json"): _read(path, handler_arn)
            for path in sorted((folder / CHILDREN).glob("*.asl.json"))
        },
        tasks=tuple(cast("dict[str, object]", tasks)),
    )


def _read(path: Path, handler_arn: str = "") -> dict[str, object]:
    try:
        content = json.loads(path.read_text("utf-8").replace(HANDLER, handler_arn))
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BundleError(f"{path} is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise BundleError(f"{path} holds no JSON object")
    return cast("dict[str, object]", content)

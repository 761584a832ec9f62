"""The wire format: what the loader says about a task tree. JSON both ways; no live object crosses."""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics import Span


class TaskCall(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One task, by its Luigi id.

    `description` makes it again (`stepweave_luigi.describe`), `requires` is what its requires() returned
    (`stepweave_luigi.structure`, None where that cannot be frozen), `deps` the ids of all it depends on, which with
    `other_deps` are not just those. `looks`: its requires() asked clock or store. `batched`: parameters with a
    batch method; `secrets`: those that should not be written down. `contrib`: the class of luigi.contrib that its own
    is made of. `resources` are amounts by name; times are seconds.
    """

    id: str
    family: str
    description: dict[str, object]
    requires: dict[str, object] | None = None
    deps: tuple[str, ...] = ()
    other_deps: bool = False
    external: bool = False
    dynamic: bool = False
    disabled: bool = False
    retry_count: int | None = None
    worker_timeout: float | None = None
    disable_window: float | None = None
    disable_hard_timeout: float | None = None
    resources: dict[str, float] = {}
    priority: float = 0
    batched: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    contrib: str = ""
    looks: bool = False
    span: Span | None = None


class Target(msgspec.Struct, frozen=True, omit_defaults=True):
    """A class of targets that tasks of the tree have as outputs, and the first such task."""

    class_name: str
    task: str


class Module(msgspec.Struct, frozen=True):
    """A module of the user's: its path below the folder that it is imported from, and its text."""

    path: str
    text: str


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that cannot be taken. `sort` names the rule; `subject` is the task or module."""

    sort: str
    message: str
    subject: str = ""
    span: Span | None = None


class Settings(msgspec.Struct, frozen=True, omit_defaults=True):
    """What Luigi's configuration says, where it has an effect on a machine; the files it was read from, and how it is
    called where it ships. `ignored`: other settings that were made, and have no effect."""

    retry_count: int | None = None
    retry_delay: float = 900.0
    worker_timeout: float = 0
    keep_alive: bool = False
    retry_external_tasks: bool = False
    check_unfulfilled_deps: bool = True
    check_complete_on_run: bool = False
    workers: int = 1
    resources: dict[str, float] = {}
    path: str = ""
    config_name: str = ""
    ignored: tuple[str, ...] = ()


class Tree(msgspec.Struct, frozen=True, omit_defaults=True):
    """A loaded tree. `libraries` are the distributions that the modules need, `name==version`.

    `inputs`: local files that external tasks stand for and that are there, by the path that Luigi knows.
    """

    version: str = ""
    roots: tuple[str, ...] = ()
    tasks: tuple[TaskCall, ...] = ()
    targets: tuple[Target, ...] = ()
    inputs: tuple[str, ...] = ()
    modules: tuple[Module, ...] = ()
    libraries: tuple[str, ...] = ()
    settings: Settings = Settings()
    config: str = ""
    faults: tuple[Fault, ...] = ()


def decode(data: bytes) -> Tree:
    """The tree of the loader's answer."""
    return msgspec.json.decode(data, type=Tree)

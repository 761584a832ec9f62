"""Where a local path lives: in this task's sandbox here, and in the store, from where other tasks have it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from handler.keys import segment
from handler.store import Store, open_store

DURABLE = "durable/files"


class Place(NamedTuple):
    """One path: `name` is how Luigi knows it, normalised; `local` where it is here; `key` in `store` where it stays.

    `encoded`: each segment of the key is encoded; in a store that the user named, keys are as they are.
    """

    name: str
    local: str
    store: Store
    key: str
    encoded: bool


class Places:
    """Places of one task. `folder` is its sandbox; `maps` are stores by prefix of path (`/data` to `s3://bucket/data`).

    A relative path is the same here, since the task runs in the sandbox's `work`; an absolute one lies below `root`,
    one that leads out of the working folder below `up`.
    """

    def __init__(self, folder: str, store: Store, maps: Mapping[str, str]) -> None:
        self.work = os.path.join(folder, "work")
        self.root = os.path.join(folder, "root")
        self.up = os.path.join(folder, "up")
        self._store = store
        self._maps = sorted(((os.path.normpath(prefix), url) for prefix, url in maps.items()), reverse=True)
        self._opened: dict[str, Store] = {}

    @property
    def tops(self) -> tuple[str, str, str]:
        """The folders of the sandbox."""
        return self.work, self.root, self.up

    def place(self, path: str) -> Place:
        """The place of a path, as user code writes it or as it was given here."""
        name = self.name(path)
        store, key, encoded = self._stored(name)
        return Place(name, self.local(name), store, key, encoded)

    def name(self, path: str) -> str:
        """The path as Luigi on one computer would have it, normalised."""
        normal = os.path.normpath(path)
        top = next((top for top in self.tops if normal == top or normal.startswith(top + os.sep)), None)
        inside = "" if top is None else normal[len(top) + 1 :]
        if top is None:
            # Python keeps two slashes at the beginning, which POSIX leaves open and Linux takes as one.
            return f"/{normal.lstrip('/')}" if normal.startswith("//") else normal
        if top == self.up:
            steps, _, rest = inside.partition(os.sep)
            return os.path.normpath(os.path.join(*[".."] * int(steps or 1), rest))
        return inside or "." if top == self.work else f"/{inside}"

    def local(self, name: str) -> str:
        """Where a normalised path is here."""
        if name.startswith("/"):
            return os.path.normpath(os.path.join(self.root, name.lstrip("/")))
        steps = name.split(os.sep)
        up = steps.count("..")
        return os.path.join(self.up, str(up), *steps[up:]) if up else os.path.normpath(os.path.join(self.work, name))

    def _stored(self, name: str) -> tuple[Store, str, bool]:
        for prefix, url in self._maps:
            if name == prefix or name.startswith(prefix.rstrip("/") + "/"):
                if url not in self._opened:
                    self._opened[url] = open_store(url)
                return self._opened[url], name[len(prefix) :].strip("/") or ".", False
        kind = "root" if name.startswith("/") else "work"
        return self._store, "/".join((DURABLE, kind, *map(segment, name.strip("/").split("/")))), True

"""The files of one task: fetched from the store when they are asked for, put there when the task has run.

A folder is its files. Where a task leaves one as an output, a mark says when all of it is there, so that a task that
is interrupted leaves no folder that `exists()` takes for whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from handler.keys import segment
from handler.store import Store
from stepweave_luigi.places import Place, Places

#: The key of a folder's mark: no file's own segment is empty.
MARK = segment("")
PARTIAL, WHOLE = b"partial", b"whole"
#: What Luigi calls a file that is still being written.
DRAFT = "luigi-tmp-"
#: Where so few are asked for, one after the other is as good.
_FEW = 2
_LOOKERS = 16


class State(NamedTuple):
    """What shows that a file was changed."""

    inode: int
    size: int
    changed: int


class Files:
    """The sandbox of one task, empty at first."""

    def __init__(self, folder: str, store: Store, maps: Mapping[str, str]) -> None:
        self.places = Places(folder, store, maps)
        for top in self.places.tops:
            os.makedirs(top)
        #: What was fetched or looked for, by local path; None: it was not there.
        self._seen: dict[str, State | None] = {}
        self._folders: set[str] = set()
        self._parents: set[str] = set()
        self._there: dict[str, bool] = {}

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder, here or in the store; nothing is fetched."""
        place = self.places.place(path)
        if os.path.lexists(place.local):
            return os.path.exists(place.local) and not self._only_made_as_parent(place)
        if place.local in self._seen or place.local in self._folders:
            return False
        return self._there[place.name] if place.name in self._there else _is_there(place)

    def look(self, paths: Iterable[str]) -> None:
        """Ask the store at once whether there are files or folders of these paths, for `exists()` to know."""
        places = [place for place in map(self.places.place, dict.fromkeys(paths)) if place.name not in self._there]
        if len(places) < _FEW:
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_LOOKERS) as pool:
            self._there.update(zip([place.name for place in places], pool.map(_is_there, places), strict=True))

    def fetch(self, path: str) -> str:
        """The local path, the file or folder fetched if it is in the store and not here yet; its parent is there."""
        place = self.places.place(path)
        if place.local not in self._seen and place.local not in self._folders:
            self._fetch(place)
        return place.local

    def local(self, path: str) -> str:
        """The local path, for writing: nothing is fetched."""
        local = self.places.place(path).local
        self._make_parent(local)
        return local

    def keep(self, outputs: Iterable[str]) -> None:
        """Put into the store what was written or changed here, the outputs last, and remove what was removed."""
        last = list(dict.fromkeys(self.places.place(path).local for path in outputs))
        changed = [local for local in self._written() if self._state(local) != self._seen.get(local)]
        folders = [local for local in dict.fromkeys((*sorted(self._folders), *last)) if os.path.isdir(local)]
        inside = {
            local: [one for one in changed if one.startswith(local + os.sep)] for local in folders if local in last
        }
        late = {one for found in inside.values() for one in found} | set(last)
        for local in changed:
            if local not in late:
                self._upload(local)
        for local in last:
            if local in inside and (inside[local] or local not in self._folders):
                self._upload_folder(local, inside[local])
            elif local in changed:
                self._upload(local)
        for local, state in self._seen.items():
            if state is not None and not os.path.lexists(local):
                place = self.places.place(local)
                place.store.delete(place.key)

    def _fetch(self, place: Place) -> None:
        self._make_parent(place.local)
        if os.path.lexists(place.local) and not self._only_made_as_parent(place):
            return
        if self._download(place.store, place.key, place.local):
            return
        self._seen[place.local] = None
        if not _is_folder(place.store, place.key):
            return
        del self._seen[place.local]
        self._folders.add(place.local)
        os.makedirs(place.local, exist_ok=True)
        for key in place.store.list(place.key + "/"):
            steps = key[len(place.key) + 1 :].split("/")
            if steps[-1] != MARK:
                local = os.path.join(place.local, *(map(unquote, steps) if place.encoded else steps))
                self._make_parent(local)
                self._download(place.store, key, local)

    def _download(self, store: Store, key: str, local: str) -> bool:
        if local in self._seen:
            return self._seen[local] is not None
        draft = f"{local}-{DRAFT}fetched"
        try:
            with open(draft, "wb") as target:
                found = store.download(key, target)
            if found:
                os.replace(draft, local)
                self._seen[local] = self._state(local)
        finally:
            if os.path.exists(draft):
                os.unlink(draft)
        return found

    def _upload(self, local: str) -> None:
        place = self.places.place(local)
        with open(local, "rb") as source:
            place.store.upload(place.key, source)

    def _upload_folder(self, local: str, changed: Iterable[str]) -> None:
        place = self.places.place(local)
        mark = f"{place.key}/{MARK}"
        place.store.put(mark, PARTIAL)
        here = {self.places.place(one).key for one in self._written() if one.startswith(local + os.sep)}
        for key in list(place.store.list(f"{place.key}/")):
            if key not in here and key != mark:
                # Left by an attempt that was interrupted, or removed here.
                place.store.delete(key)
        for one in changed:
            self._upload(one)
        place.store.put(mark, WHOLE)

    def _written(self) -> Iterator[str]:
        """The files that are here and whole."""
        for top in self.places.tops:
            for folder, folders, names in os.walk(top):
                folders[:] = sorted(name for name in folders if DRAFT not in name)
                yield from (os.path.join(folder, name) for name in sorted(names) if DRAFT not in name)

    def _make_parent(self, local: str) -> None:
        parent = os.path.dirname(local)
        while not os.path.isdir(parent):
            self._parents.add(parent)
            parent = os.path.dirname(parent)
        os.makedirs(os.path.dirname(local), exist_ok=True)

    def _only_made_as_parent(self, place: Place) -> bool:
        """Whether a local folder is there only because a file below it was asked for: the store knows better."""
        if place.local not in self._parents:
            return False
        for folder, _, names in os.walk(place.local):
            if any(self._seen.get(os.path.join(folder, name)) is None for name in names):
                return False
        return not _is_folder(place.store, place.key)

    def _state(self, local: str) -> State:
        found = os.stat(local)
        return State(found.st_ino, found.st_size, found.st_mtime_ns)


def _is_there(place: Place) -> bool:
    return place.store.has(place.key) or _is_folder(place.store, place.key)


def _is_folder(store: Store, key: str) -> bool:
    """Whether files lie below a key, or an empty folder was left there; one that is only in part is none."""
    first = next(iter(store.list(key + "/")), None)
    if first is None:
        return False
    mark = store.get(f"{key}/{MARK}")
    return mark is None or mark == WHOLE

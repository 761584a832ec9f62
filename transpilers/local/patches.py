"""Replacing attributes of other modules for as long as an engine is open."""

from __future__ import annotations

import inspect
import sys


class Patches:
    """Replacements made through this object, undone in reverse order."""

    def __init__(self) -> None:
        self._undo: list[tuple[object, str, object]] = []

    def replace(self, owner: object, name: str, value: object) -> None:
        """Set `owner.name`; the attribute must exist, here or in a base class."""
        self._undo.append((owner, name, vars(owner).get(name, _INHERITED)))
        inspect.getattr_static(owner, name)
        setattr(owner, name, value)

    def replace_imported(self, package: str, name: str, value: object) -> None:
        """Set `name` in every loaded module of `package` that has imported it."""
        for module_name, module in list(sys.modules.items()):
            if module_name.startswith(package) and name in vars(module):
                self.replace(module, name, value)

    def undo(self) -> None:
        """Put everything back."""
        while self._undo:
            owner, name, value = self._undo.pop()
            if value is _INHERITED:
                delattr(owner, name)
            else:
                setattr(owner, name, value)


_INHERITED = object()

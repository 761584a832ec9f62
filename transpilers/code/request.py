"""What is asked of the slicer, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from core_compiler.ir import SourceFile


class CodeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One callable to take out of a Python source file.

    `qualname`: as Python has it (`f`, `Cls.method`, `outer.<locals>.f`, `<lambda>`), or the name of a module-level
    variable that holds a callable, or `<partial>` for a `functools.partial(...)` call. `line`: where its definition
    starts, counted from 1, on its first decorator or its `def`; 0 if unknown. Needed for what has no unique name.
    `closure`: values of closure cells in the store's JSON codec, as a live loader saw them.
    `root`: the folder on the module search path that the file is imported from; None for the file's own folder, or,
    where the file uses relative imports, the folder above its outermost package.
    `replacements`: full import name to `module:attribute`; the import is rewritten, the local name stays.
    `refused_prefixes`: packages that do not ship; needing any other name of theirs is an error.
    `drop_decorators`: packages whose decorators are taken off the callable itself, and whose context managers at
    module level only group statements.
    `subject`: who needs it, for diagnostics.
    """

    path: Path
    qualname: str
    line: int = 0
    closure: Mapping[str, object] = {}
    root: Path | None = None
    replacements: Mapping[str, str] = {}
    refused_prefixes: tuple[str, ...] = ()
    drop_decorators: tuple[str, ...] = ()
    subject: str = ""


class TakenOut(msgspec.Struct, frozen=True, kw_only=True):
    """A callable that can ship.

    `callable`: `module:qualified.name` within `files`. `whole`: its module ships as it is, not sliced.
    `requires`: top-level names of the modules it imports that are neither shipped nor in the standard library.
    """

    callable: str
    files: tuple[SourceFile, ...]
    whole: bool = False
    requires: tuple[str, ...] = ()

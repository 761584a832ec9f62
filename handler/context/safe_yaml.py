"""`macros.yaml`: PyYAML, with its C library and its safe dumper, as Airflow has it (its `yaml` module)."""

from __future__ import annotations

from typing import Any, cast

import yaml

_library = cast("Any", yaml)


def safe_load(stream: Any) -> Any:
    """A document of plain values."""
    return _library.load(stream, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def dump(data: Any, **options: Any) -> str:
    """Plain values as a document."""
    return str(_library.dump(data, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), **options))


def __getattr__(name: str) -> Any:
    return getattr(yaml, name)

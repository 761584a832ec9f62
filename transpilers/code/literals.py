"""Values in the store's JSON codec, written as Python source."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

DECODER = "from handler.codec import decode as _decode"


def source_of(value: object) -> str:
    """An expression that makes the value anew.

    Containers are written as displays. Scalars that Python has no literal for (dates, decimals) are decoded by the
    handler's codec, which ships anyway: the module must hold `DECODER` where `_decode` stands in the text.
    Raises TypeError for what is not in the codec.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    if isinstance(value, list):
        return f"[{_items(cast('list[object]', value))}]"
    if not isinstance(value, dict):
        raise TypeError(f"{type(value).__name__} is not a value of the codec")
    tree = cast("dict[str, object]", value)
    if "$type" not in tree:
        return "{" + ", ".join(f"{key!r}: {source_of(item)}" for key, item in tree.items()) + "}"
    inner = tree.get("$value")
    if tree.keys() != {"$type", "$value"}:
        raise TypeError("a tagged value has the keys `$type` and `$value`")
    display = _DISPLAYS.get(str(tree["$type"]))
    if display is None:
        return f"_decode({tree!r})"
    if not isinstance(inner, list):
        raise TypeError(f"the value of a {tree['$type']} is a list")
    return display(cast("list[object]", inner))


def _items(values: list[object]) -> str:
    return ", ".join(map(source_of, values))


def _tuple(values: list[object]) -> str:
    return f"({_items(values)}{',' if len(values) == 1 else ''})"


def _set(values: list[object]) -> str:
    return f"{{{_items(values)}}}" if values else "set()"


def _dict(pairs: list[object]) -> str:
    written: list[str] = []
    for pair in pairs:
        if not isinstance(pair, list) or len(cast("list[object]", pair)) != 2:
            raise TypeError("a tagged dict is a list of pairs")
        written.append(": ".join(map(source_of, cast("list[object]", pair))))
    return "{" + ", ".join(written) + "}"


_DISPLAYS: dict[str, Callable[[list[object]], str]] = {
    "tuple": _tuple,
    "set": _set,
    "frozenset": lambda values: f"frozenset({_set(values) if values else ''})",
    "dict": _dict,
}

"""Values that the JSON codec has no word for: a header of JSON, then bytes. Pickles are signed, and refused unsigned.

    b"SWV1" · length of the header (4 bytes, big endian) · header · payload

header: {"form": "pickle", "type": class name, "repr": the value's beginning, "mac": HMAC-SHA256 in hex}. The signature
covers form, type, repr and payload; its key is `STEPWEAVE_KEY`, which is in no definition, record or log.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

from handler.codec import from_bytes, to_bytes
from handler.errors import Failed, InfrastructureError
from handler.json_types import Json, JsonObject

MAGIC = b"SWV1"
KEY_VARIABLE = "STEPWEAVE_KEY"
PICKLE = "pickle"
INLINE_TAG = "binary"
_LENGTH_BYTES = 4
_SHOWN_CHARACTERS = 200
_PROTOCOL = 5


class Described(NamedTuple):
    """What can be said of a stored value without reading it: its form, the name of its type, the start of its repr."""

    form: str
    type: str
    repr: str


def is_binary(data: bytes) -> bool:
    """Whether stored bytes are of this form; those of the JSON codec never are."""
    return data.startswith(MAGIC)


def pack(value: object) -> bytes:
    """A value as a signed pickle. Raises what pickling raises; Failed where there is no key to sign with."""
    import importlib

    dumps: Callable[..., bytes] = importlib.import_module("cloudpickle").dumps
    payload = dumps(value, protocol=_PROTOCOL)
    head: JsonObject = {"form": PICKLE, "type": type(value).__name__, "repr": _shown(value)}
    head["mac"] = _signature(head, payload, _key())
    header = to_bytes(head)
    return b"".join((MAGIC, len(header).to_bytes(_LENGTH_BYTES, "big"), header, payload))


def unpack(name: str, data: bytes, key: str = "") -> object:
    """The value of `pack`, signed with `key` (default: that of the environment).

    InfrastructureError, naming it, for what is broken, unsigned or signed with another key.
    """
    import pickle

    return pickle.loads(payload(name, data, key))  # noqa: S301 - signed by us


def payload(name: str, data: bytes, key: str = "") -> memoryview:
    """The pickle in what `pack` gives, its signature checked as `unpack` does; it is not read."""
    import hmac

    head, content = _parts(name, data)
    mac = head.get("mac")
    if head.get("form") != PICKLE or not isinstance(mac, str):
        raise InfrastructureError(f"{name} is a value that nobody signed, and is not read")
    if not hmac.compare_digest(mac, _signature(head, content, key.encode() or _key())):
        raise InfrastructureError(f"{name} is signed with another key, or was changed, and is not read")
    return content


def describe(name: str, data: bytes) -> Described:
    """What the header says; the value itself is not read. InfrastructureError where there is none."""
    head, _ = _parts(name, data)
    return Described(*(str(head.get(field)) for field in Described._fields))


def _parts(name: str, data: bytes) -> tuple[JsonObject, memoryview]:
    start = len(MAGIC) + _LENGTH_BYTES
    end = start + int.from_bytes(data[len(MAGIC) : start], "big")
    try:
        head = from_bytes(data[start:end])
    except ValueError:
        head = None
    if not isinstance(head, dict):
        raise InfrastructureError(f"{name} cannot be read back: its header is broken")
    return head, memoryview(data)[end:]


def _key() -> bytes:
    key = os.environ.get(KEY_VARIABLE, "")
    if not key:
        raise Failed(f"a value has to be pickled, and there is no key to sign it with: set {KEY_VARIABLE}")
    return key.encode()


def _signature(head: JsonObject, payload: bytes | memoryview, key: bytes) -> str:
    import hmac

    covered = to_bytes({field: head.get(field) for field in Described._fields})
    digest = hmac.new(key, covered, "sha256")
    digest.update(payload)
    return digest.hexdigest()


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except Exception:
        return f"<{type(value).__name__}>"
    clean = text.encode("utf-8", "backslashreplace").decode()
    return clean if len(clean) <= _SHOWN_CHARACTERS else f"{clean[: _SHOWN_CHARACTERS - 3]}..."


def inline_binary(data: bytes) -> Json:
    """The bytes of `pack` as a record holds them."""
    import base64

    return {"$type": INLINE_TAG, "$value": base64.b64encode(data).decode("ascii")}


def binary_of(tree: Json) -> bytes | None:
    """The bytes that `inline_binary` wrapped; None for any other tree."""
    if isinstance(tree, dict) and tree.get("$type") == INLINE_TAG:
        import base64

        return base64.b64decode(str(tree.get("$value")))
    return None

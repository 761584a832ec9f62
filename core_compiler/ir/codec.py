"""The IR as JSON: exact both ways, with a JSON Schema (`docs/ir.schema.json` is written from it)."""

from __future__ import annotations

import msgspec

from core_compiler.ir.workflow import Workflow

_DECODER = msgspec.json.Decoder(Workflow)


def encode(workflow: Workflow) -> bytes:
    """Compact JSON; fields at their defaults are left out."""
    return msgspec.json.encode(workflow)


def decode(data: bytes) -> Workflow:
    """The workflow that `encode` wrote. Raises msgspec.DecodeError or msgspec.ValidationError, naming the place."""
    return _DECODER.decode(data)


def schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of a workflow. A literal's value may be any JSON."""
    made = msgspec.json.schema(Workflow, schema_hook=_any)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "stepweave workflow, version 1", **made}


def _any(kind: type) -> dict[str, object]:
    if kind is object:
        # An empty schema would be taken for none.
        return {"description": "Any JSON value."}
    raise NotImplementedError(kind)

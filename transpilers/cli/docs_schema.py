"""docs/ir.schema.json: the JSON Schema of a workflow, for programs that write one."""

from __future__ import annotations

import msgspec

from core_compiler.ir import Workflow


def schema_page() -> str:
    """The schema (2020-12) as indented JSON. A literal's value may be any JSON."""
    made = msgspec.json.schema(Workflow, schema_hook=_any)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "stepweave workflow, version 1",
        **made,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode() + "\n"


def _any(kind: type) -> dict[str, object]:
    if kind is object:
        # An empty schema would be taken for none.
        return {"description": "Any JSON value."}
    raise NotImplementedError(kind)

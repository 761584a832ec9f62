"""docs/ir.schema.json: the JSON Schema of a workflow, for programs that write one."""

from __future__ import annotations

import msgspec

from core_compiler.ir.codec import schema


def schema_page() -> str:
    """The schema as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"

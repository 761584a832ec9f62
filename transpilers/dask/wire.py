"""What the process that loads a collection says: a workflow, or why there is none."""

from __future__ import annotations

import msgspec

from core_compiler.ir import Workflow


class Finding(msgspec.Struct, frozen=True):
    """A finding by its sort (`transpilers.dask.rules.BY_SORT`), with the values of its message."""

    sort: str
    values: dict[str, str]


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The workflow, without one after an error, and all findings."""

    workflow: Workflow | None = None
    findings: tuple[Finding, ...] = ()


def encode(answer: Answer) -> bytes:
    """As JSON."""
    return msgspec.json.encode(answer)


def decode(data: bytes) -> Answer:
    """From JSON; raises msgspec.ValidationError where it is of another form."""
    return msgspec.json.decode(data, type=Answer)

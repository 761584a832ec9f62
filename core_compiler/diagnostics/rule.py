"""The kinds of findings: one frozen value each, from which messages, `transpile explain` and the docs are made."""

from __future__ import annotations

import enum

import msgspec


class Severity(enum.StrEnum):
    """How much a finding weighs. An error leaves no bundle; a warning names a difference; a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of finding.

    `message` and `hint` are `str.format` templates, filled by the keyword arguments of `Sink.report`;
    `why` is the explanation shown by `transpile explain CODE` and in the documentation.
    """

    code: str
    severity: Severity
    title: str
    message: str
    why: str
    hint: str = ""

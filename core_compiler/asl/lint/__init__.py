"""What is wrong with a definition, found without asking a service: beside the validators, and before them."""

from __future__ import annotations

from collections.abc import Mapping

from core_compiler.asl.lint.forms import Forms
from core_compiler.asl.lint.model import states_of, take_apart
from core_compiler.asl.lint.rules import LINTS, RULES
from core_compiler.diagnostics import Sink

__all__ = ["LINTS", "RULES", "Forms", "lint"]


def lint(definition: Mapping[str, object], sink: Sink, *, size: int = 0, forms: Forms | None = None) -> None:
    """Report every finding about a definition (plain JSON) to `sink`; the subject is the state, `fork[0]/step`.

    `size` is the bytes of the definition as it is deployed; 0 takes its most compact form. Any JSON object is taken:
    what is misshapen is reported, never raised. With `forms`, what is wrong in one state alone is reported once for all
    that are like it, in all machines that share them.
    """
    machine = take_apart(definition, size, states_of if forms is None else forms.new)
    for rule in LINTS:
        for found in rule(machine):
            sink.report(found.rule, None, subject=found.subject, **found.values)

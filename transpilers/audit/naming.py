"""How findings are counted together: the same thing in many DAGs is one blocker."""

from __future__ import annotations

import re

from core_compiler.diagnostics import Diagnostic

#: Rules whose message is the same wherever the same thing stands: an operator, an argument. Others hold ids, text of
#: the file or numbers, and are counted by their title.
BY_MESSAGE = frozenset({"SW401", "SW403", "SW411"})
_OPERATOR = re.compile(r"^(\S+) is not supported")


def what(found: Diagnostic) -> str:
    """The name of the thing that a finding is about, "" where the rule's title says it all."""
    if found.code not in BY_MESSAGE:
        return ""
    operator = _OPERATOR.match(found.message)
    return operator[1] if operator else found.message

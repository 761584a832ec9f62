"""What may ship and what may not: the part of a request that all callables of a project share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: What stands in for the source system's base of operators.
OPERATORS = "handler.operators.base:BaseOperator"


@dataclass(frozen=True, slots=True)
class Policy:
    """Which packages do not ship, what stands in for some of their names, whose decorators come off."""

    replacements: Mapping[str, str]
    refused: tuple[str, ...]
    dropped: tuple[str, ...]

    def refuses(self, origin: str) -> bool:
        """Whether something with this full name cannot ship."""
        return _under(origin, self.refused) and origin not in self.replacements

    def drops(self, origin: str) -> bool:
        """Whether a decorator or context manager with this full name belongs to the source system alone."""
        return _under(origin, self.dropped) or self.refuses(origin)

    def makes_tasks(self, origin: str) -> bool:
        """Whether the full name is that of the class that the user's own operators stand on."""
        return self.replacements.get(origin, "").startswith(OPERATORS)


def _under(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)

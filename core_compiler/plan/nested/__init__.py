"""Nested: series-parallel structure. What the order allows is kept exactly; order is added where that costs least."""

from core_compiler.plan.nested.structure import nested

__all__ = ["nested"]

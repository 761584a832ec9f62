"""Auto: the best mix of nested order and awaits, by predicted durations and by what is asked for."""

from core_compiler.plan.auto.structure import OPTIMIZE, Choice, Chosen, auto, choose

__all__ = ["OPTIMIZE", "Choice", "Chosen", "auto", "choose"]

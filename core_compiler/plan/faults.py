"""What is raised where a plan is wrong."""

from __future__ import annotations


class BrokenPlan(Exception):
    """A plan that does not do what its workflow says: a defect of the compiler, never of the input."""

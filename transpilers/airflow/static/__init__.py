"""Reads any DAG file without running it: abstract evaluation of its syntax tree, with nothing installed.

It resolves or refuses: a value that the file alone does not tell is unknown, with a reason; what depends on one and
would change the graph is a fault.
"""

from transpilers.airflow.static.loader import load

__all__ = ["load"]

"""Runs Luigi tasks one at a time, each as Luigi's own worker would. Ships with every machine made of a task tree.

Imports luigi, the standard library and `handler`; the loader uses it too, so that both read parameters in one way.
"""

import os

_CONFIG = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "luigi.cfg")
if os.path.exists(_CONFIG):
    # Luigi looks at it once, when it is imported.
    os.environ.setdefault("LUIGI_CONFIG_PATH", _CONFIG)

"""Runs Luigi tasks one at a time, each as Luigi's own worker would. Ships with every machine made of a task tree.

Imports luigi, the standard library and `handler`; the loader uses it too, so that both read parameters in one way.
"""

import os

_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
for _name, _parser in (("luigi.cfg", "cfg"), ("luigi.toml", "toml")):
    if os.path.exists(_config := os.path.join(_FOLDER, _name)):
        # Luigi looks at them once, when it is imported.
        os.environ.setdefault("LUIGI_CONFIG_PATH", _config)
        os.environ.setdefault("LUIGI_CONFIG_PARSER", _parser)

"""A definition is parsed once.

moto parses it when the machine is created, to validate it, and again for every execution; on a machine of some hundred
states that is most of a run's time. A parsed program keeps no state of a run: a Map already shares one between items.
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

if TYPE_CHECKING:
    from transpilers.local.patches import Patches

#: A run has one machine and few children.
KEPT = 64


def single_parse(patches: Patches) -> None:
    """Keep the programs of the last definitions, for as long as the engine is open."""
    parse = lru_cache(KEPT)(AmazonStateLanguageParser.parse)
    patches.replace(AmazonStateLanguageParser, "parse", staticmethod(parse))

"""Each definition is parsed with a query language of its own.

moto keeps the stack of query languages in a class attribute of its preprocessor, shared by every parse and thread, so
that two definitions parsed at once can take each other's language. In AWS a definition is parsed alone.
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

if TYPE_CHECKING:
    from transpilers.local.patches import Patches


def query_language_scope(patches: Patches) -> None:
    """Give each preprocessor its own stack."""
    initialise = Preprocessor.__init__

    def initialise_scoped(self: Preprocessor) -> None:
        initialise(self)
        self._query_language_per_scope = []

    patches.replace(Preprocessor, "__init__", initialise_scoped)

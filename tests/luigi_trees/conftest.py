"""The packages that ship with Luigi's machines, importable."""

import sys

from transpilers.luigi.loader import RUNTIME

sys.path.append(str(RUNTIME))

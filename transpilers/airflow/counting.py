"""How many items Airflow 3's worker believes that an argument has, where a task is mapped over several.

`get_task_map_length` of `sdk/definitions/xcom_arg.py` takes the length of the whole for that of each part of a concat.
So it counts the items of a concat as often as it has parts, and then looks for some that are not there (seen with 3.3).
"""

from __future__ import annotations

from core_compiler import ir
from core_compiler.ir import Argument


def miscounted(mapping: ir.Mapping) -> tuple[str, ...]:
    """The arguments whose index comes out wrong. The first one's never does: it is what the others leave."""
    return tuple(name for name, argument in [*mapping.over.items()][1:] if _times(argument) != 1)


def _times(argument: Argument) -> int:
    """What Airflow's length is, over the real one."""
    match argument:
        case ir.Apply(source):
            return _times(source)
        case ir.Concat(sources):
            return sum(map(_times, sources))
        case ir.Zip(sources, fill):
            return (min if fill is None else max)(map(_times, sources))
        case _:
            return 1

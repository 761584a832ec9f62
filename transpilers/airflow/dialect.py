"""Which Airflow a file is written for. Where versions 2 and 3 differ in what a run does, that decides.

| | 2 | 3 |
|---|---|---|
| a branch or short circuit that skips something | leaves its value | leaves none |
| a teardown | waits for what is right above it | waits for all between its setup and itself |
| a DAG without a schedule | runs daily | is never started by a clock |
| `sla`, `sla_miss_callback` | work | are ignored |
| parameters filled from the context | `execution_date`, `next_ds` ... | those are gone |

Each has a row in a table of arguments, or a place that asks `Shape.major`.
"""

from __future__ import annotations

#: The newest major version whose semantics are known, and what a file without a dialect is read by.
NEWEST = 3


def major_of(dialect: str) -> int:
    """2 or 3, of a version or a part of one; Airflow 1 files are read as 2 runs them."""
    return 2 if dialect.partition(".")[0] in ("1", "2") else NEWEST

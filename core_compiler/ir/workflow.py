"""The neutral intermediate representation: what every importer produces and every pass takes and returns.

Frozen structs, valid JSON both ways (`core_compiler.ir.codec`). Words of one source engine stay outside.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from core_compiler.diagnostics import Span
from core_compiler.ir.arguments import Argument
from core_compiler.ir.components import Component, Wait
from core_compiler.ir.context import RunContext
from core_compiler.ir.decisions import Decision, Gate
from core_compiler.ir.mapping import Mapping


class TriggerRule(StrEnum):
    """When a task runs, given the statuses of its direct upstream tasks.

    Names and meaning are those of Apache Airflow 3 (`ti_deps/deps/trigger_rule_dep.py`).
    """

    ALL_SUCCESS = "all_success"
    ALL_FAILED = "all_failed"
    ALL_DONE = "all_done"
    ALL_DONE_MIN_ONE_SUCCESS = "all_done_min_one_success"
    ALL_DONE_SETUP_SUCCESS = "all_done_setup_success"
    ONE_SUCCESS = "one_success"
    ONE_FAILED = "one_failed"
    ONE_DONE = "one_done"
    NONE_FAILED = "none_failed"
    NONE_FAILED_MIN_ONE_SUCCESS = "none_failed_min_one_success"
    NONE_SKIPPED = "none_skipped"
    ALL_SKIPPED = "all_skipped"
    ALWAYS = "always"


#: Rules that can be decided before all upstream tasks are done: an edge into such a task implies no order.
EARLY_RULES = frozenset({TriggerRule.ONE_SUCCESS, TriggerRule.ONE_FAILED, TriggerRule.ONE_DONE, TriggerRule.ALWAYS})


class EdgeKind(StrEnum):
    """Why one task comes before another: it reads its value, or was only told to."""

    DATA = "data"
    ORDER = "order"


class FailurePolicy(StrEnum):
    """What a task's final failure means for tasks that do not depend on it.

    They go on, or the run stops, or those that have not started are skipped, but for the ones that clean up.
    """

    CONTINUE = "continue"
    STOP = "stop"
    SKIP = "skip"


class RetryRule(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a failure of one of these classes means (`module:qualified.name`, or a class below it unless `exact`).

    `fails`: no further try. Else there is one, as long as retries are left, after `delay` seconds where it is given.
    """

    errors: tuple[str, ...]
    fails: bool = False
    delay: float | None = None
    exact: bool = False


class Retry(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """How often a failed try is repeated, and after how many seconds.

    The delay before retry n (from 1) is `delay * backoff ** (n - 1)`, at most `max_delay`. The first of `rules` that
    fits the failure decides otherwise.
    """

    retries: int = 0
    delay: float = 0.0
    backoff: float = 1.0
    max_delay: float | None = None
    rules: tuple[RetryRule, ...] = ()


class Task(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """One unit of work.

    `upstream`: the tasks whose statuses the rule is evaluated over, None for those of the edges (filled in before
    any edge is reduced away). `gates`: what is looked at before the rule. `decision`: which tasks its value skips; the
    gates of those follow from it. `cleanup`: runs even where a failure makes the rest skipped. `timeout` and
    `duration` are seconds; `timeout` bounds one try. `dynamic`: may ask for tasks that are known only while it runs,
    and then runs again when they are done.
    `mapping`: it is run once for each item. `mapped_over`: others are run once for each item of its value, which has
    to be a sequence or a dict. `more_args` and `more_kwargs` are known only when it runs: a list and a dict that are
    added to the arguments. A keyword argument that reads a name which the present item lacks is left out.
    """

    id: str
    component: Component
    args: tuple[Argument, ...] = ()
    kwargs: dict[str, Argument] = {}
    more_args: Argument | None = None
    more_kwargs: Argument | None = None
    mapping: Mapping | None = None
    mapped_over: bool = False
    upstream: tuple[str, ...] | None = None
    rule: TriggerRule = TriggerRule.ALL_SUCCESS
    gates: tuple[Gate, ...] = ()
    decision: Decision | None = None
    cleanup: bool = False
    dynamic: bool = False
    retry: Retry = Retry()
    timeout: float | None = None
    duration: float | None = None
    span: Span | None = None

    @property
    def runs_again(self) -> bool:
        """Whether it may say that it is not done, and runs again."""
        return self.dynamic or isinstance(self.component, Wait)

    def arguments(self) -> tuple[Argument, ...]:
        """All that it is called with or run over; what an item holds is in none of them."""
        if self.mapping is None and self.more_args is None and self.more_kwargs is None:
            return (*self.args, *self.kwargs.values()) if self.kwargs else self.args
        more = [one for one in (self.more_args, self.more_kwargs) if one is not None]
        over = self.mapping.over.values() if self.mapping is not None else ()
        return (*self.args, *self.kwargs.values(), *more, *over)


class Edge(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """`downstream` comes after `upstream`."""

    upstream: str
    downstream: str
    kind: EdgeKind = EdgeKind.ORDER
    label: str = ""


class Group(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A named set of tasks, for people: it has no effect on a run."""

    id: str
    tasks: tuple[str, ...] = ()
    parent: str | None = None
    label: str = ""


class SourceFile(msgspec.Struct, frozen=True, gc=False):
    """A file of the user's code that ships with the machine; `path` is relative, with forward slashes."""

    path: str
    text: str


class Blob(msgspec.Struct, frozen=True, gc=False):
    """A file that is no text and ships beside the user's code (base64 in JSON); `path` is relative."""

    path: str
    data: bytes


class Source(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Where a workflow came from: the kind of source system, the file, and its name there."""

    kind: str
    path: str = ""
    name: str = ""


class Workflow(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """A whole workflow.

    `leaves`: the tasks whose final statuses decide the run's, None for those without a downstream task.
    `timeout`: seconds after which the whole run is stopped. `files`: code that ships with it;
    `blobs`: other files that do. `context`: what its runs know of themselves. `requires`: libraries that the function
    needs beside the standard library, by import name.
    """

    name: str
    tasks: tuple[Task, ...]
    edges: tuple[Edge, ...] = ()
    groups: tuple[Group, ...] = ()
    leaves: tuple[str, ...] | None = None
    failure_policy: FailurePolicy = FailurePolicy.CONTINUE
    timeout: float | None = None
    schedule: str | None = None
    source: Source | None = None
    files: tuple[SourceFile, ...] = ()
    blobs: tuple[Blob, ...] = ()
    context: RunContext | None = None
    requires: tuple[str, ...] = ()
    v: int = 1

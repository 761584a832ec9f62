"""Findings about a Dask graph."""

from core_compiler.diagnostics import Rule, Severity

CANNOT_LOAD = Rule(
    code="SW901",
    severity=Severity.ERROR,
    title="The collection cannot be loaded",
    message="{reason}",
    hint="Name it as MODULE:ATTRIBUTE, or MODULE:FACTORY for a function without parameters that makes it.",
    why="`transpile dask` imports the module in a process of its own, from the working folder, and reads the name.",
)
NOT_A_COLLECTION = Rule(
    code="SW902",
    severity=Severity.ERROR,
    title="What was named is not a Dask collection",
    message="{name} is {found}, and neither a collection nor a list, tuple or dict with one in it",
    hint="Name a delayed value, bag, array or dataframe, or a function that returns one.",
    why="Only a collection has a graph.",
)
CANNOT_PICKLE = Rule(
    code="SW903",
    severity=Severity.ERROR,
    title="A call of the graph cannot be pickled",
    message="{reason}",
    hint="Make what cannot be pickled inside of the function that needs it.",
    why="A task runs in another process, so its function and its arguments have to get there as pickles.",
)
DISK_SHUFFLE = Rule(
    code="SW904",
    severity=Severity.ERROR,
    title="The graph shuffles through a local disk",
    message="{key} partitions a dataframe through files of one machine, which other tasks do not see",
    hint="Build it with dask.config.set({{'dataframe.shuffle.method': 'tasks'}}).",
    why="Each task runs on a machine of its own. A shuffle by tasks moves the partitions through the store instead.",
)
ANNOTATION_LOST = Rule(
    code="SW905",
    severity=Severity.WARNING,
    title="An annotation has no meaning on the machine",
    message="the annotation {name} is not kept",
    hint="",
    why="Of `dask.annotate`, `retries` is kept. Priorities, workers and resources speak of a cluster that is gone.",
)
TIMED_OUT = Rule(
    code="SW906",
    severity=Severity.ERROR,
    title="Loading the collection takes too long",
    message="it was not there after {seconds} seconds",
    hint="Build less when the module is imported, or give more time with --time-limit.",
    why="The process that loads the module is ended after a while, so that a command always comes to an end.",
)
LEVELS = Rule(
    code="SW907",
    severity=Severity.NOTE,
    title="Batches run level by level",
    message="the {batches} batches of calls run in {levels} Distributed Maps, each waiting for the one before it",
    hint="Fewer, larger batches (--batch) are tasks of their own, which wait for what they read alone.",
    why="A task for each of many batches would make a definition that passes the quotas of Step Functions.",
)

RULES = (CANNOT_LOAD, NOT_A_COLLECTION, CANNOT_PICKLE, DISK_SHUFFLE, ANNOTATION_LOST, TIMED_OUT, LEVELS)
BY_SORT = {
    "load": CANNOT_LOAD,
    "collection": NOT_A_COLLECTION,
    "pickle": CANNOT_PICKLE,
    "disk": DISK_SHUFFLE,
    "annotation": ANNOTATION_LOST,
    "levels": LEVELS,
}

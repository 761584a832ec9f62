"""Findings about a bundle that is to be drawn."""

from core_compiler.diagnostics import Rule, Severity

NO_BUNDLE = Rule(
    code="SW621",
    severity=Severity.ERROR,
    title="There is no bundle to draw",
    message="cannot read it: {reason}",
    hint="Name the folder that a compile command wrote, such as build/NAME.",
    why="`transpile graph` draws what is in a bundle: its manifest, or with --machine its definition.",
)
BROKEN_BUNDLE = Rule(
    code="SW622",
    severity=Severity.ERROR,
    title="A file of the bundle is not what compile writes",
    message="{reason}",
    hint="Compile the workflow again.",
    why="The file was changed by hand, cut short, or written by another version. A drawing of it could not be trusted.",
)
LAYOUT_FAILED = Rule(
    code="SW623",
    severity=Severity.ERROR,
    title="The graph cannot be laid out",
    message="no layout of {nodes} nodes and {lines} lines: {reason}",
    hint="Use --format dot and draw it with a tool of your choice, or --format mermaid.",
    why="A picture of a dense graph takes long to lay out and is hard to read; the text formats have no such limit.",
)
TOO_MUCH_FOR_MERMAID = Rule(
    code="SW624",
    severity=Severity.WARNING,
    title="Mermaid's viewers refuse a graph of this size",
    message="{lines} lines and {characters} characters: viewers refuse more than {most_lines} or {most_characters}",
    hint="Use --format svg, or raise maxEdges and maxTextSize where you show it.",
    why="Mermaid's own limits protect the page that shows the graph. Only that page can raise them, not the graph.",
)

NO_RUN = Rule(
    code="SW625",
    severity=Severity.ERROR,
    title="There is no such run to draw",
    message="no timeline of the run {run!r}: {reason}",
    hint="Name a run as `transpile run` prints it, and with --store the store that it used.",
    why="What a run really took is read from the records that its tasks left in the store.",
)

NO_PART = Rule(
    code="SW632",
    severity=Severity.ERROR,
    title="The machine has no such part",
    message="the machine of this bundle starts no part {part}: {parts}",
    hint="Leave --part out to see the machine; its states part-1, part-2 ... start its parts.",
    why="What passes Step Functions' quotas is cut into machines of their own, which are drawn one at a time.",
)

RULES = (NO_BUNDLE, BROKEN_BUNDLE, LAYOUT_FAILED, TOO_MUCH_FOR_MERMAID, NO_RUN, NO_PART)

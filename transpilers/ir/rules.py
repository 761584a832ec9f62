"""Findings about a workflow in neutral JSON."""

from core_compiler.diagnostics import Rule, Severity

CANNOT_READ = Rule(
    code="SW121",
    severity=Severity.ERROR,
    title="The workflow's file cannot be read",
    message="cannot read it: {reason}",
    hint="Name a file of JSON in UTF-8.",
    why="`transpile ir` reads one workflow from one file.",
)
NOT_A_WORKFLOW = Rule(
    code="SW122",
    severity=Severity.ERROR,
    title="The JSON is not a workflow",
    message="{reason}",
    hint="docs/ir.md shows a workflow, docs/ir.schema.json describes it.",
    why="The JSON has to follow the published schema: a name, tasks with an id and a component, edges between them.",
)
NO_SUCH_MODULE = Rule(
    code="SW123",
    severity=Severity.ERROR,
    title="A callable's module is not on the search path",
    message="no {file} in {folders}",
    hint="Correct the callable `{callable}`, or name the folder of its module with --search.",
    why="The code of a `module:callable` ships with the machine, so its module must be found when it is compiled.",
)
NOT_A_REFERENCE = Rule(
    code="SW124",
    severity=Severity.ERROR,
    title="A callable is not written as module:name",
    message="{callable!r} is not of the form module:name",
    hint="Write `package.module:function`.",
    why="The handler imports the module and takes the name from it; one without the other is not enough.",
)

RULES = (CANNOT_READ, NOT_A_WORKFLOW, NO_SUCH_MODULE, NOT_A_REFERENCE)

"""Findings about taking code out of a module (SW5xx)."""

from __future__ import annotations

from core_compiler.diagnostics import Rule, Severity

NOT_FOUND = Rule(
    code="SW501",
    severity=Severity.ERROR,
    title="The callable is not in the file",
    message="no callable `{qualname}` in {file}: {reason}",
    why=(
        "A task's code is found by its qualified name and the line of its definition. Nothing there fits, so it may be "
        "made at run time (by `exec`, a factory in another module, a bound method of an object) or the file has "
        "changed since it was read. Define the callable with `def` in the file and pass it by its name."
    ),
    hint="Define it with `def` in this file and pass it by name.",
)
REFUSED_IMPORT = Rule(
    code="SW502",
    severity=Severity.ERROR,
    title="The code needs a package that does not ship",
    message="`{origin}` does not ship with the machine; the code uses it as `{name}`{through}",
    why=(
        "Only the task's own code runs in the machine; the scheduler it was written for is not there. Code that "
        "uses the scheduler at run time (its context, variables, connections or hooks) would fail or do something "
        "else. Pass what it needs as arguments, or read it from the environment."
    ),
    hint="Pass what the code needs as an argument, or read it from the environment.",
)
UNKNOWN_CLOSURE = Rule(
    code="SW503",
    severity=Severity.ERROR,
    title="A closure variable has no value that could ship",
    message="`{name}` of the enclosing function `{scope}` {reason}",
    why=(
        "A nested function may use variables of the function around it. These are taken along when their value is "
        "known and can be written as text, or when they are bound exactly once to an import, a function, a class or a "
        "literal. Anything else exists only while the enclosing function runs. Pass it as an argument."
    ),
    hint="Pass `{name}` as an argument, or bind it at module level.",
)
SHIPPED_WHOLE = Rule(
    code="SW504",
    severity=Severity.WARNING,
    title="The module ships as it is",
    message="{file} ships whole: {reason}",
    why=(
        "A part of a module can be taken out only where the rest does not change what it does. Here it could, so the "
        "whole file ships and runs at import, as it does in the source. Its imports must then be there at run time, "
        "those of its other functions too. Move the callable to a module of its own for a smaller bundle."
    ),
)
DYNAMIC = Rule(
    code="SW505",
    severity=Severity.ERROR,
    title="The code reaches its module in a way that cannot be followed",
    message="{reason}, and {file} cannot ship whole: {obstacle}",
    why=(
        "Code that uses `globals()`, `eval`, `exec`, its own source text or the place of its file may reach any name "
        "or file around it, so no part of the module is known to suffice. The module would have to ship as it is, but "
        "it needs what does not ship. Replace the dynamic access, or move the code to a module of its own."
    ),
    hint="Move the code to a module of its own, without imports of what does not ship.",
)
NAME_CLASH = Rule(
    code="SW506",
    severity=Severity.ERROR,
    title="A module's name is taken",
    message="the module `{module}` ({file}) would hide {other}",
    why=(
        "The machine's code runs beside the handler and the standard library. A file of the same name as one of "
        "theirs would be imported in its place, or never found. Rename the file."
    ),
    hint="Rename the file.",
)
UNREADABLE = Rule(
    code="SW507",
    severity=Severity.ERROR,
    title="A module of the code cannot be read",
    message="{file}: {reason}",
    why=(
        "The code imports a module of the same project that is missing, lies outside the project's folder, or is not "
        "valid Python. Without it the callable cannot run. Correct the import or the file."
    ),
    hint="Correct the file, or the import that leads to it.",
)
READ_AGAIN = Rule(
    code="SW508",
    severity=Severity.NOTE,
    title="A value is made anew at import",
    message="`{name}` is made by `{call}` each time the code is imported",
    why=(
        "A module-level value that depends on the clock, chance or the environment is made when the module is "
        "imported. In the machine that is when a handler process starts, which then may serve several tasks; a "
        "scheduler that reads the file again for each task makes it each time. Make the value inside the callable "
        "if it must be fresh."
    ),
    hint="Make the value inside the callable if each run must see a new one.",
)
CHANGED = Rule(
    code="SW509",
    severity=Severity.WARNING,
    title="A module-level name is bound or changed more than once",
    message="`{name}` is bound or changed at lines {lines}: all of them are taken along",
    why=(
        "The value of the name depends on several statements of the module and on their order. Each statement that "
        "binds or visibly changes it is taken along in its place. A change through another name, or inside a library, "
        "is not seen. Bind the name once, to its final value."
    ),
    hint="Bind `{name}` once, to its final value.",
)
CLOSURE_CONSTANT = Rule(
    code="SW510",
    severity=Severity.NOTE,
    title="A closure variable becomes a constant",
    message="`{name}` of `{scope}` becomes the constant {value}",
    why=(
        "The function uses a variable of the function around it. Its value when the file was loaded is written into "
        "the code that ships. Where that value depends on the clock or the environment, it no longer follows them."
    ),
)
LEFT_OUT = Rule(
    code="SW511",
    severity=Severity.WARNING,
    title="A statement that runs at import is left out",
    message="`{statement}` is left out: {reason}",
    why=(
        "The module does something to another module when it is imported. That is taken along where it can be; this "
        "statement needs what does not ship, or the place of the file. Do it inside the callable if the task needs it."
    ),
    hint="Do it inside the callable if the task needs it.",
)
ANNOTATION_DROPPED = Rule(
    code="SW512",
    severity=Severity.NOTE,
    title="An annotation is dropped",
    message="annotations that name `{name}` (from `{origin}`) are dropped",
    why=(
        "A type annotation names something of a package that does not ship. It has no effect on what the code does, "
        "so it is taken off and the code ships without it."
    ),
)
DYNAMIC_IMPORT = Rule(
    code="SW513",
    severity=Severity.WARNING,
    title="An import whose target is not followed",
    message="`{call}` imports a module that is not known before it runs",
    why=(
        "Modules of the project ship when an import names them. This import makes the name at run time, so the module "
        "may be missing in the machine. Import it with a plain `import` statement."
    ),
    hint="Use a plain `import` statement.",
)
BESIDE = Rule(
    code="SW514",
    severity=Severity.WARNING,
    title="A module uses the place of its file",
    message="{file} uses `{name}`: files beside it do not ship",
    why=(
        "The module asks where its file lies, often to read data beside it. Only Python files ship, those of DAGs "
        "with the code of their tasks alone. What it reads there is missing in the machine. Keep such data in a "
        "module, or in storage that the task can reach."
    ),
    hint="Keep the data in a Python module, or in storage that the task can reach.",
)
UNDEFINED = Rule(
    code="SW515",
    severity=Severity.ERROR,
    title="The code uses a name that nothing defines",
    message="`{name}` is not defined in {file}",
    why=(
        "The code looks a name up in its module, and no statement of the module binds it, nor is it a built-in. It "
        "would fail with NameError, or the name is put there at run time from elsewhere. Define or import it there."
    ),
    hint="Define or import `{name}` in the module.",
)

RULES = (
    NOT_FOUND,
    REFUSED_IMPORT,
    UNKNOWN_CLOSURE,
    SHIPPED_WHOLE,
    DYNAMIC,
    NAME_CLASH,
    UNREADABLE,
    READ_AGAIN,
    CHANGED,
    CLOSURE_CONSTANT,
    LEFT_OUT,
    ANNOTATION_DROPPED,
    DYNAMIC_IMPORT,
    BESIDE,
    UNDEFINED,
)

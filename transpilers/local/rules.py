"""What can go wrong around a local run: SW6xx."""

from __future__ import annotations

from core_compiler.diagnostics import Rule, Severity

ENGINE_MISSING = Rule(
    code="SW601",
    severity=Severity.ERROR,
    title="The local engine cannot start",
    message="the local engine needs {package} {version}; {found}",
    why=(
        "Machines run locally on moto's interpreter, corrected to behave as AWS does. The corrections reach into moto, "
        "so one version fits: with another, a run could pass here and fail on AWS. Install the extra that pins it."
    ),
    hint="install stepweave[local]",
)
NOT_A_BUNDLE = Rule(
    code="SW602",
    severity=Severity.ERROR,
    title="The folder is not a bundle",
    message="not a bundle: {reason}",
    why=(
        "A bundle is the folder that the compile commands write: machine.asl.json, manifest.json and lambda/. "
        "Something in it is missing or cannot be read, so there is nothing to run. Compile again, "
        "or name the bundle's folder."
    ),
    hint="compile again, or name the folder that holds machine.asl.json",
)
MACHINE_REFUSED = Rule(
    code="SW603",
    severity=Severity.ERROR,
    title="The machine's definition is refused",
    message="the machine is refused: {reason}",
    why=(
        "The engine did not accept the state machine, as AWS would not on deployment. A bundle that was written by the "
        "compiler and not changed since does not do this. If it was not edited by hand, report it with the bundle."
    ),
    hint="compile again; if that does not help, report it with the bundle",
)
STORE_FAILED = Rule(
    code="SW604",
    severity=Severity.ERROR,
    title="The run's store cannot be used",
    message="the store {store} cannot be used: {reason}",
    why=(
        "A run keeps its values and records in a store, and its results are read from there. The store is not one that "
        "is known, cannot be reached, or holds something else. Name another one, or look at its permissions."
    ),
    hint="Use file:///FOLDER, s3://BUCKET/PREFIX or redis://HOST:PORT/DATABASE.",
)
RUN_FAILED = Rule(
    code="SW610",
    severity=Severity.ERROR,
    title="The run failed",
    message="the run ended as {status}: {error}",
    why=(
        "The machine ended in another state than SUCCEEDED, as it would on AWS. RunFailed means that a leaf task "
        "failed or could not run: the tasks' own diagnostics say why. Any other error comes from the machine or "
        "its Lambda."
    ),
    hint="look at the tasks that failed; a machine's own error names the state",
)
TASK_FAILED = Rule(
    code="SW611",
    severity=Severity.ERROR,
    title="A task failed",
    message="failed at try {number}: {error}",
    why=(
        "The task's code raised, was stopped at its time-out, or its process died, and no retry was left. The message "
        "is the last error of the task. What each try printed is kept in the store beside the records."
    ),
    hint="its output is in the store under {log}",
)

TASK_BLOCKED = Rule(
    code="SW612",
    severity=Severity.WARNING,
    title="A task could not run",
    message="could not run: {error}",
    hint="bring what it needs, and run the machine again",
    why="What the task needs is not there and nothing in the machine makes it: an input from elsewhere, for example. "
    "The source engine leaves such a task for its next run; so does the machine.",
)

RULES = (ENGINE_MISSING, NOT_A_BUNDLE, MACHINE_REFUSED, STORE_FAILED, RUN_FAILED, TASK_FAILED, TASK_BLOCKED)

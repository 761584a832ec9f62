"""Findings of the Luigi importer (SW801-SW849)."""

from core_compiler.diagnostics import Rule, Severity

NO_LUIGI = Rule(
    code="SW801",
    severity=Severity.ERROR,
    title="Luigi cannot be imported",
    message="{python} cannot import luigi: {reason}",
    hint="pip install 'stepweave[luigi]', or name the interpreter that has Luigi with --python.",
    why="The tree is made by Luigi itself, in a subprocess of the interpreter that has it.",
)
INTERPRETER = Rule(
    code="SW802",
    severity=Severity.ERROR,
    title="The interpreter ended without an answer",
    message="{reason}",
    hint="Check --python, and what the module does when it is imported.",
    why="The subprocess that makes the tasks has ended before it could say what they are.",
)
TIME = Rule(
    code="SW803",
    severity=Severity.ERROR,
    title="Making the tasks takes too long",
    message="making the tasks took more than {reason} s",
    hint="requires() and the module itself must not do the work of tasks.",
    why="A tree is made by calling requires() from the root down, as Luigi does before it runs anything.",
)
IMPORT = Rule(
    code="SW804",
    severity=Severity.ERROR,
    title="The module cannot be imported",
    message="importing {what} raises {reason}",
    hint="Run the command in the folder where `luigi --module` works, or set PYTHONPATH as there.",
    why="The module is imported as `luigi --module` imports it: from the working folder and PYTHONPATH.",
)
TASK = Rule(
    code="SW805",
    severity=Severity.ERROR,
    title="Luigi does not take the task and its parameters",
    message="luigi refuses {what}: {reason}",
    hint="Give the task's family and its parameters as to `luigi --module MODULE TASK --param value`.",
    why="The command line is read by Luigi's own parser, with the configuration of the working folder.",
)
FACTORY = Rule(
    code="SW806",
    severity=Severity.ERROR,
    title="The factory gives no tasks",
    message="{what} gives no tasks: {reason}",
    hint="Name a function without arguments that returns a task, or a list of tasks.",
    why="MODULE:FACTORY stands for what you would pass to `luigi.build`.",
)
REQUIRES = Rule(
    code="SW807",
    severity=Severity.ERROR,
    title="requires() fails",
    message="requires() fails: {reason}",
    hint="requires() has to work before anything has run; what depends on data belongs into run(), by `yield`.",
    why="The machine is made from what requires() says now. Luigi would not run the task either.",
)
PARAMETER = Rule(
    code="SW808",
    severity=Severity.ERROR,
    title="A parameter cannot be frozen",
    message="{reason}",
    hint="Give the parameter class a serialize() and a parse() that are each other's inverse.",
    why=(
        "Each task runs in a process of its own and is made again from its parameters. Every value is written and read "
        "back while compiling; one that does not come back equal would give another task."
    ),
)
CLASS = Rule(
    code="SW809",
    severity=Severity.ERROR,
    title="A task's class cannot be found again",
    message="{reason}",
    hint="Define task classes at the top of a module.",
    why="A class made inside a function exists only in the process that called it.",
)
DATA_FILE = Rule(
    code="SW810",
    severity=Severity.WARNING,
    title="A file of a package does not ship",
    message="{reason} lies in a package of yours and does not ship: it is no text, or larger than 256 KiB",
    hint="Put it into the function's image if the code reads it.",
    why="Your modules ship whole, with the text files that lie in their packages.",
)
SECRET = Rule(
    code="SW811",
    severity=Severity.WARNING,
    title="A setting of the configuration does not ship",
    message="{what} of Luigi's configuration looks like a secret and does not ship",
    hint="Set it where the function runs: a configuration file in its image, or the client's environment variables.",
    why=(
        "Luigi's configuration ships with the machine, since tasks may read it. Secrets belong into no bundle: what is "
        "called password, token or the like stays here, and so does a URL with a password in it."
    ),
)
FROZEN = Rule(
    code="SW812",
    severity=Severity.WARNING,
    title="What a task requires is frozen as of now",
    message="requires() looks at the clock or at what exists, and is frozen as it is now: {count} tasks",
    hint="Compile again when what it looks at has changed, or ask for tasks in run(), by `yield`.",
    why=(
        "The machine's tasks are those that requires() gave when it was made. A Range task asks the clock and what "
        "exists already, so that another day would give others."
    ),
)
LIBRARIES = Rule(
    code="SW813",
    severity=Severity.NOTE,
    title="The code needs libraries",
    message="the code imports {modules}, which must be installed where the machine's function runs",
    why="Your modules ship with the machine. Installed packages do not: they belong into its image or a layer.",
)
PRIORITY = Rule(
    code="SW814",
    severity=Severity.NOTE,
    title="Priorities are lost",
    message="its priority of {priority:g} has no effect: every task starts as soon as it can",
    why="Luigi's priority chooses among ready tasks for few workers. A machine has a worker for each.",
)
RESOURCES = Rule(
    code="SW815",
    severity=Severity.NOTE,
    title="A limit on a resource becomes an order",
    message="{resource}: {capacity:g} at once; its {count} tasks run in {lanes} lanes, one after the other in each",
    why=(
        "Luigi starts a task when enough of its resources are free. The machine has no counter for that; tasks that "
        "share a resource are put one after the other, in as many lanes as the resource allows. A failure in a lane "
        "does not stop what comes after it."
    ),
)
RETRIES = Rule(
    code="SW816",
    severity=Severity.NOTE,
    title="retry_count becomes retries",
    message="retry_count {count}: up to {count} tries, {delay:g} s apart",
    why=(
        "Luigi's scheduler repeats a failed task after retry_delay as long as a worker stays, and disables it after "
        "retry_count failures within disable_window. The machine does so in every run; failures are counted in one "
        "run, without a window, and a task that was disabled is tried again in the next run."
    ),
)
BATCHED = Rule(
    code="SW817",
    severity=Severity.NOTE,
    title="Tasks that Luigi may run as a batch run one by one",
    message="the parameters {names} have a batch method; each task runs by itself",
    why="Luigi joins pending tasks of a family into one where it can. Each of them can also run alone.",
)
CLIENT = Rule(
    code="SW818",
    severity=Severity.WARNING,
    title="A target or task needs a client program or service",
    message="{name} {needs}",
    hint="Have it in the function's image and network, or keep these tasks where they are.",
    why=(
        "Tasks of luigi.contrib run as they are, and so do custom targets. What they call has to be there where the "
        "function runs."
    ),
)
IGNORED = Rule(
    code="SW819",
    severity=Severity.NOTE,
    title="A setting of Luigi's worker or scheduler has no effect",
    message="{name} has no effect on a machine",
    why="There is no central scheduler and no worker: Step Functions starts each task when it can run.",
)
CONFIG = Rule(
    code="SW820",
    severity=Severity.NOTE,
    title="Luigi's configuration ships",
    message="{path} ships with the machine, as it is now",
    why="Tasks read configuration while they run. What parameters took from it is frozen anyway.",
)
CHANGES = Rule(
    code="SW821",
    severity=Severity.ERROR,
    title="requires() gives other tasks each time",
    message="{reason}",
    hint="Let requires() depend on parameters alone; what is drawn or counted belongs into a task's output.",
    why=(
        "Luigi asks requires() several times in a run: to find the tasks, and again before a task runs. Where answers "
        "differ, Luigi itself fails by chance. The loader asks twice and refuses what differs."
    ),
)

NATIVE = Rule(
    code="SW822",
    severity=Severity.NOTE,
    title="The task waits inside its Lambda for an AWS service",
    message="{name} runs as it is, in a Lambda that waits for {service}; later it can become the state {state}",
    hint="A job of more than 15 minutes does not fit: have another state or schedule start it until then.",
    why=(
        "Tasks of luigi.contrib run with their own clients. Those of AWS services have integrations of Step Functions "
        "of their own, which wait without a Lambda; the compiler does not make them yet (docs/luigi-contrib.md)."
    ),
)
STAGED = Rule(
    code="SW823",
    severity=Severity.NOTE,
    title="Local files of external tasks have to be brought to the store",
    message="{count} external tasks stand for local files, such as {path}",
    hint="Copy them below durable/files/work/ (relative paths) or durable/files/root/ (absolute ones) of the store, or "
    "name their store with --map.",
    why="A machine has no access to this computer's disk: local paths live in its store.",
)
SECRETS = Rule(
    code="SW824",
    severity=Severity.WARNING,
    title="A private parameter ships as it is",
    message="private, or called as secrets are, and in the bundle as it is: {names}",
    hint="Read it where it is needed, in run(): from the function's environment or from AWS Secrets Manager.",
    why=(
        "A task is made again from its frozen parameters, which lie in a file of the bundle and, for tasks that are "
        "asked for at run time, in the machine's store."
    ),
)

RULES = (
    NO_LUIGI,
    INTERPRETER,
    TIME,
    IMPORT,
    TASK,
    FACTORY,
    REQUIRES,
    PARAMETER,
    CLASS,
    DATA_FILE,
    SECRET,
    FROZEN,
    LIBRARIES,
    PRIORITY,
    RESOURCES,
    RETRIES,
    BATCHED,
    CLIENT,
    IGNORED,
    CONFIG,
    CHANGES,
    NATIVE,
    STAGED,
    SECRETS,
)

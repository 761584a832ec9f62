"""Findings of the Airflow importer: loading (SW3xx), operators and semantics (SW4xx)."""

from core_compiler.diagnostics import Rule, Severity

NO_FILE = Rule(
    code="SW301",
    severity=Severity.ERROR,
    title="The DAG file is not there",
    message="{reason}",
    hint="Give the path of one Python file.",
    why="The path leads to no file. Relative paths start at the folder the command is run in.",
)
NOT_PYTHON = Rule(
    code="SW302",
    severity=Severity.ERROR,
    title="The file is not Python",
    message="the file is not Python: {reason}",
    hint="Correct the file; `python FILE` shows the same error.",
    why=(
        "The file could not be compiled, so no DAG can be read from it. The interpreter that reads it decides which "
        "syntax is valid: `--python` chooses another."
    ),
)
RAISES = Rule(
    code="SW303",
    severity=Severity.ERROR,
    title="The file raises while it is imported",
    message="importing the file raises {reason}",
    hint="Make the file importable on its own: it is run without your connections, variables and home folder.",
    why=(
        "A DAG file is a program: Airflow runs it to learn its DAGs, and so does the live loader. An exception there "
        "leaves no DAG. The file is run in a sandbox: an empty home folder, no database, no connections or variables, "
        "no cloud credentials. What it asks of those at import time should move into a task."
    ),
)
IMPORT_FAILS = Rule(
    code="SW304",
    severity=Severity.ERROR,
    title="The file imports what is not there",
    message="the file imports what is not there: {reason}",
    hint="Install the package beside Airflow, or name the interpreter that has it with --python.",
    why=(
        "The interpreter that reads the file lacks a module that it imports. Modules beside the file are found, and "
        "those on PYTHONPATH. Providers of Airflow are packages of their own, and names that Airflow 3 has removed "
        "fail here too."
    ),
)
BAD_ID = Rule(
    code="SW305",
    severity=Severity.ERROR,
    title="Airflow refuses an id",
    message="Airflow refuses an id: {reason}",
    hint="Use letters, digits, dashes, dots and underscores, at most 250 of them (200 for a group, no dots).",
    why="Ids of DAGs, tasks and groups are keys in Airflow's database, so it refuses odd characters and long ones.",
)
DUPLICATE_DAG = Rule(
    code="SW306",
    severity=Severity.ERROR,
    title="Two DAGs have one id",
    message="the DAG id {dag_id!r} is used twice in this file, first at {first}",
    hint="Give each DAG an id of its own.",
    why="Airflow keeps one DAG an id and refuses the file. Which of the two is meant cannot be told, so none is read.",
)
NO_DAG = Rule(
    code="SW307",
    severity=Severity.ERROR,
    title="The file holds no DAG",
    message="the file holds no DAG",
    hint="A DAG must be a module-level variable, made by `with DAG(...)`, or by calling a function under `@dag`.",
    why=(
        "Airflow takes the DAGs that are module-level variables, and those made by a `with` statement or a `@dag` "
        "function that is called. A DAG that is only made inside a function, or a `@dag` function that nobody calls, "
        "is not found."
    ),
)
TIME_LIMIT = Rule(
    code="SW308",
    severity=Severity.ERROR,
    title="The file takes too long to import",
    message="the file was not imported within {seconds} seconds",
    hint="Move loops, downloads and queries from the top level of the file into tasks.",
    why=(
        "A DAG file is run to learn its DAGs. This one did not end in time: it loops, waits for something outside or "
        "does the work of a task. Airflow gives up on such a file as well."
    ),
)
NO_AIRFLOW = Rule(
    code="SW309",
    severity=Severity.ERROR,
    title="The interpreter has no Airflow",
    message="{python} has no Airflow to read the file with",
    hint="Install stepweave[airflow], or name the interpreter of your Airflow with --python.",
    why=(
        "The live loader lets Airflow itself read the file. It need not be installed beside stepweave: `--python` "
        "takes any interpreter that has it."
    ),
)
AIRFLOW_VERSION = Rule(
    code="SW310",
    severity=Severity.ERROR,
    title="The version of Airflow is not supported",
    message="{python} has Airflow {version}, but 3 or 2.11 is needed",
    hint="Name an interpreter that has Airflow 3 or 2.11 with --python.",
    why="The live loader reads the objects of Airflow 3 and 2.11. Those of other versions differ in many places.",
)
INTERPRETER = Rule(
    code="SW311",
    severity=Severity.ERROR,
    title="The interpreter ended without an answer",
    message="the file could not be read: {reason}",
    hint="Look for os._exit, a crash of an extension module or a lack of memory; check --python.",
    why=(
        "The file is read by a process of its own. That process could not be started, was killed, or ended before it "
        "told what it saw."
    ),
)
UNKNOWN_DAG = Rule(
    code="SW312",
    severity=Severity.ERROR,
    title="The file holds no DAG of that id",
    message="no DAG {dag_id!r} in this file; there is {known}",
    hint="Choose one of these with --dag-id, or leave it out to take all.",
    why="`--dag-id` names a DAG by its exact id.",
)
BROKEN_AIRFLOW = Rule(
    code="SW313",
    severity=Severity.ERROR,
    title="Airflow cannot be imported",
    message="importing Airflow with {python} raises {reason}",
    hint="Repair that environment, or name another interpreter with --python.",
    why="Airflow is installed there, but importing it fails, often for a missing or mismatched package.",
)
FABRICATED_DECIDES = Rule(
    code="SW350",
    severity=Severity.ERROR,
    title="What is not installed decides about the graph",
    message="{reason}, which is not installed here",
    hint="Install the package, or pass --python with the interpreter that has it, and use --loader live.",
    why=(
        "With `--loader stub` missing modules are fabricated, so that the file can be read for its graph. Here a "
        "condition, a loop, a dependency or an id needs a real value from such a module: with it, the file may hold "
        "other tasks. What was read is therefore not compiled."
    ),
)
STUB_NETWORK = Rule(
    code="SW351",
    severity=Severity.ERROR,
    title="The stub loader cannot cut off the network on this system",
    message="this system gives no network namespace, so the file was not run",
    hint="Use --loader static, which runs nothing, or --loader live.",
    why=(
        "A file that is run with fabricated modules may go ways that it never goes where all is installed. It is run "
        "without a network, and not at all where that is not possible."
    ),
)
FABRICATED = Rule(
    code="SW352",
    severity=Severity.NOTE,
    title="Missing modules were fabricated",
    message="read with fabricated modules: {modules}",
    why=(
        "These modules are not installed where the file was read, and `--loader stub` put stand-ins in their place. "
        "The graph is that of the file; arguments that come from such a module are not known."
    ),
)
UNRESOLVED = Rule(
    code="SW314",
    severity=Severity.ERROR,
    title="The file alone does not tell the graph",
    message="the file alone does not tell the graph: {reason}",
    hint="Write the value into the file, or read the file with `--loader live`, which runs it.",
    why=(
        "The static loader reads a file without running it. A value that comes from elsewhere (a variable, the "
        "environment, a database, a library it does not know) is unknown to it. As an argument of a task it stays "
        "unknown; where ids, the number of tasks or edges depend on it there is no graph to compile, and a guess could "
        "be wrong in silence."
    ),
)
ARGUMENT_REFUSED = Rule(
    code="SW401",
    severity=Severity.ERROR,
    title="An argument has an effect that the machine would not have",
    message="{argument}: {reason}",
    hint="Leave the argument out if that is no loss.",
    why=(
        "Each argument of a DAG, group or task is kept, known to have no effect on a run, or refused. This one changes "
        "what a run does, in a way that the compiled machine does not have yet. Nothing is dropped silently, so the "
        "DAG is refused."
    ),
)
ARGUMENT_CHANGED = Rule(
    code="SW402",
    severity=Severity.WARNING,
    title="An argument works in another way",
    message="{argument}: {reason}",
    why=(
        "The tasks do the same, but something around them differs from Airflow. Read the sentence and decide whether "
        "it matters to you."
    ),
)
OPERATOR_REFUSED = Rule(
    code="SW403",
    severity=Severity.ERROR,
    title="The operator has no counterpart",
    message="{operator} is not supported: {reason}",
    hint=(
        "Supported are PythonOperator, BranchPythonOperator, ShortCircuitOperator and BashOperator with their "
        "decorators, EmptyOperator, LatestOnlyOperator, BranchDateTimeOperator, BranchDayOfWeekOperator and "
        "TimeDeltaSensor."
    ),
    why=(
        "Each operator is lowered by a rule of its own, which knows exactly what it does. For this one there is none "
        "yet, or what it does needs something that the machine does not have."
    ),
)
TEMPLATE = Rule(
    code="SW404",
    severity=Severity.ERROR,
    title="A template asks for what the machine does not have",
    message="{argument} holds the template {text}: {reason}",
    hint="Pass the value as a param, or as another task's output.",
    why=(
        "Templates are rendered when the task runs, as Airflow renders them, from what a run of the machine knows: "
        "dates, params and configuration, values of its tasks, variables and connections. Events of assets, earlier "
        "runs and Airflow's own configuration are in Airflow's database alone."
    ),
)
CONTEXT = Rule(
    code="SW405",
    severity=Severity.ERROR,
    title="A callable asks for what the context does not have",
    message="the parameter {parameter!r} of {callable!r} {reason}",
    hint="Pass the value as an argument of the task, or remove the parameter.",
    why=(
        "Airflow fills parameters named like its context variables (ti, ds, dag_run, params ...) and passes the "
        "whole context as **kwargs; so does the machine. Events and states of assets and earlier runs are in Airflow's "
        "database alone, and a parameter that is filled by position must not have a reserved name."
    ),
)
VALUE = Rule(
    code="SW406",
    severity=Severity.ERROR,
    title="A value cannot be carried to the machine",
    message="{argument} {reason}",
    hint="Use None, numbers, strings, bytes, dates, lists, tuples, sets, dicts, or outputs of tasks.",
    why=(
        "Arguments are written into the machine as data. Values of the types in the hint arrive as they are; other "
        "objects would not, so they are refused."
    ),
)
CALLABLE = Rule(
    code="SW408",
    severity=Severity.ERROR,
    title="The callable is of a kind that cannot ship",
    message="the callable {callable!r} {reason}",
    hint="Define it with `def` in the DAG file or in a module beside it.",
    why=(
        "A task's code is taken out of its source file. A callable that is not a plain function has no source of its "
        "own, or runs in a way that the handler does not know."
    ),
)
AIRFLOW_VARIABLE = Rule(
    code="SW409",
    severity=Severity.ERROR,
    title="The code reads Airflow's environment variables",
    message="{where} mentions {name}, which only Airflow sets",
    hint="Pass the value as an argument, or through `env`.",
    why=(
        "Airflow gives each task variables that name the DAG, the task, the run and its dates (AIRFLOW_CTX_...), and "
        "reads its own settings from others (AIRFLOW__...). Outside Airflow they are not set, and the task would do "
        "something else."
    ),
)
TEMPLATE_FILE = Rule(
    code="SW410",
    severity=Severity.ERROR,
    title="A file of templates cannot ship",
    message="{argument} names a file of templates, and {reason}",
    hint="Put the file beside the DAG or below template_searchpath; a space at the end makes it a plain string.",
    why=(
        "Airflow takes a string that ends in such a suffix (.sh, .sql ...) for the name of a file beside the DAG or in "
        "template_searchpath, and renders its content. The file ships with the machine, with those that it includes. "
        "So it has to be there when the machine is compiled."
    ),
)
UNKNOWN_ARGUMENT = Rule(
    code="SW411",
    severity=Severity.ERROR,
    title="An argument is not known",
    message="the argument {argument!r} of {operator} is not known",
    hint="Leave it out if it has no effect on a run, and report it.",
    why="An argument that no table knows may change what the task does, so the DAG is refused.",
)
LIBRARY = Rule(
    code="SW412",
    severity=Severity.WARNING,
    title="The code needs a library",
    message="the code imports {modules}, which must be installed where the machine's function runs",
    why=(
        "The task's own code ships with the machine. Libraries that it imports do not: they belong into the function's "
        "image or a layer. The Python standard library is there."
    ),
)
JITTER = Rule(
    code="SW413",
    severity=Severity.NOTE,
    title="Retry delays grow without jitter",
    message="the delays before retries grow as in Airflow, without the part that Airflow adds from a hash",
    why=(
        "With retry_exponential_backoff Airflow adds up to the same delay again, chosen by a hash of the task and its "
        "run. The machine waits for the lower bound of that range, in whole seconds; a delay below a second grows from "
        "one second."
    ),
)
DECIDED_LATE = Rule(
    code="SW414",
    severity=Severity.NOTE,
    title="all_success is decided when all upstream tasks are done",
    message="{task!r} may see both a skipped and a failed upstream task: it then becomes upstream_failed",
    why=(
        "Airflow looks at a task's upstream on every tick of its scheduler. A skip that is seen before a later failure "
        "makes the task skipped, both in one tick make it upstream_failed. The machine looks once, when all are done, "
        "so its answer does not depend on timing. Said once a DAG."
    ),
)
SCHEDULE = Rule(
    code="SW415",
    severity=Severity.NOTE,
    title="The schedule starts nothing yet",
    message="the schedule {schedule} is kept, but nothing starts the machine by it",
    why="A machine runs when it is started. Connect it to a scheduler of AWS to start it at the same times.",
)
SKIPPED_BEFORE = Rule(
    code="SW416",
    severity=Severity.WARNING,
    title="A task that may be skipped always waits for who decides it",
    message="{task!r} waits until {decider!r} has decided whether to skip it, which its trigger rule would not",
    hint="Give it a rule that waits, such as none_failed or all_done, where it has to be the same in Airflow.",
    why=(
        "The rules one_success, one_failed, one_done and always can start a task before a branch or a short circuit "
        "above it has ended: Airflow then runs the task, or skips it, by chance. The machine waits for the decision, "
        "and a skip wins. Said once a DAG."
    ),
)
LATEST_ONLY = Rule(
    code="SW417",
    severity=Severity.NOTE,
    title="Every run of the machine is the latest",
    message="LatestOnlyOperator skips nothing: every run of the machine counts as the latest",
    why=(
        "Airflow skips what follows a LatestOnlyOperator in a scheduled run whose interval is over, as in a backfill. "
        "A machine runs when it is started, as a manual run in Airflow does, and those skip nothing."
    ),
)

RULES = (
    NO_FILE,
    NOT_PYTHON,
    RAISES,
    IMPORT_FAILS,
    BAD_ID,
    DUPLICATE_DAG,
    NO_DAG,
    TIME_LIMIT,
    NO_AIRFLOW,
    AIRFLOW_VERSION,
    INTERPRETER,
    UNKNOWN_DAG,
    BROKEN_AIRFLOW,
    UNRESOLVED,
    FABRICATED_DECIDES,
    STUB_NETWORK,
    FABRICATED,
    ARGUMENT_REFUSED,
    ARGUMENT_CHANGED,
    OPERATOR_REFUSED,
    TEMPLATE,
    CONTEXT,
    VALUE,
    CALLABLE,
    AIRFLOW_VARIABLE,
    TEMPLATE_FILE,
    UNKNOWN_ARGUMENT,
    LIBRARY,
    JITTER,
    DECIDED_LATE,
    SCHEDULE,
    SKIPPED_BEFORE,
    LATEST_ONLY,
)

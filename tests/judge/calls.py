"""How a task of a description is called: shared by the file that is rendered and the wire that is made directly."""

from __future__ import annotations

from judge.spec import End, Item, Kind, Style, Task

#: More failures than any task has tries.
ALWAYS_FAILS = 99
#: Where a version of Airflow has its own operators and decorators.
HOMES = {2: "airflow", 3: "airflow.providers.standard"}
CLASSES = {
    Kind.PYTHON: ("python", "PythonOperator"),
    Kind.BASH: ("bash", "BashOperator"),
    Kind.EMPTY: ("empty", "EmptyOperator"),
    Kind.BRANCH: ("python", "BranchPythonOperator"),
    Kind.SHORT_CIRCUIT: ("python", "ShortCircuitOperator"),
}
STYLED = {
    Style.LATEST_ONLY: ("latest_only", "LatestOnlyOperator"),
    Style.BY_DATE: ("datetime", "BranchDateTimeOperator"),
    Style.BY_DAY: ("weekday", "BranchDayOfWeekOperator"),
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: Before any run, so that such a branch follows what it is told for when its condition does not hold.
LONG_AGO = "2000-01-01T00:00:00"
DECORATORS = {
    Kind.PYTHON: ("task", "python._PythonDecoratedOperator"),
    Kind.BRANCH: ("task.branch", "branch_python._BranchPythonDecoratedOperator"),
    Kind.SHORT_CIRCUIT: ("task.short_circuit", "short_circuit._ShortCircuitDecoratedOperator"),
}
FAIL_FAST = {2: "fail_stop", 3: "fail_fast"}
EXIT_CODES = {End.SUCCESS: 0, End.FAILED: 1, End.SKIPPED: 99}


def class_of(task: Task, major: int) -> str:
    """The full name of its operator's class."""
    home = HOMES[major]
    if task.decorated:
        return f"{home}.decorators.{DECORATORS[task.kind][1]}"
    return f"{home}.operators.{'.'.join(operator_of(task))}"


def operator_of(task: Task) -> tuple[str, str]:
    """Module and class of a task that is not decorated."""
    return STYLED.get(task.style, CLASSES[task.kind])


def function_of(task: Task) -> str:
    """Which function of `judge_work` a task calls."""
    if task.kind is Kind.BRANCH:
        return "choose"
    if task.kind is Kind.SHORT_CIRCUIT:
        return "check"
    works = "work" if task.gives is None else "give"
    return {End.SKIPPED: "skip", End.GIVEN_UP: "give_up"}.get(task.end, works)


def arguments_of(task: Task, dag: str) -> list[object]:
    """What it is called with, before the values it reads; many DAGs run in one process, so its name has theirs."""
    given: list[object] = [f"{dag}/{task.id}", ALWAYS_FAILS if task.end is End.FAILED else task.fails]
    if task.kind is Kind.BRANCH:
        # One name may be returned as it is.
        given.append(
            chosen[0] if (chosen := task.chosen) and len(chosen) == 1 else None if chosen is None else [*chosen]
        )
    elif task.kind is Kind.SHORT_CIRCUIT:
        given.append(task.holds)
    elif task.gives is not None:
        given.append([[*one] for one in told(f"{dag}/{task.id}", task.gives)])
    return given


def item_arguments(task: Task, dag: str) -> list[tuple[str, int, str]]:
    """What each item of a mapped task is called with."""
    return told(f"{dag}/{task.id}", task.items)


def told(name: str, items: tuple[Item, ...]) -> list[tuple[str, int, str]]:
    """How each item is to end."""
    return [
        (f"{name}[{index}]", ALWAYS_FAILS if item.end is End.FAILED else item.fails, item.end.value)
        for index, item in enumerate(items)
    ]


def command_of(task: Task) -> str:
    """What bash runs."""
    return f"exit {EXIT_CODES[task.end]}"
